/* Ends in the way that its argument says. */
#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t never = PTHREAD_COND_INITIALIZER;
static int cleaned, destroyed;

static int recurse(int depth, int most)
{
	volatile char room[1000];

	room[depth % 1000] = 1;
	return depth == most ? 0 : recurse(depth + 1, most) + room[depth % 1000];
}

static void clean(void *argument)
{
	(void)argument;
	cleaned++;
}

static void destroy(void *value)
{
	(void)value;
	destroyed++;
}

static void *leave(void *argument)
{
	pthread_key_t *key = argument;

	pthread_setspecific(*key, key);
	pthread_cleanup_push(clean, 0);
	pthread_exit((void *)42);
	pthread_cleanup_pop(0);
	return 0;
}

static void *end(void *how)
{
	if (!strcmp(how, "assert"))
		assert(how == 0);
	if (!strcmp(how, "abort"))
		abort();
	if (!strcmp(how, "crash"))
		*(volatile int *)0 = 1;
	if (!strcmp(how, "overflow"))
		return (void *)(long)recurse(0, 1 << 30);
	if (!strcmp(how, "deep"))
		recurse(0, 5000);
	if (!strcmp(how, "status"))
		exit(7);
	if (!strcmp(how, "at-once"))
		_exit(8);
	if (!strcmp(how, "loop"))
		for (;;)
			;
	if (!strcmp(how, "wait")) {
		pthread_mutex_lock(&mutex);
		pthread_cond_wait(&never, &mutex);
	}
	return 0;
}

static void exit_of_thread(void)
{
	pthread_key_t key;
	pthread_t thread;
	void *result;

	pthread_key_create(&key, destroy);
	pthread_create(&thread, 0, leave, &key);
	pthread_join(thread, &result);
	assert(result == (void *)42 && cleaned == 1 && destroyed == 1);
}

int main(int argc, char **argv)
{
	pthread_t thread;

	assert(argc == 2);
	printf("about to end\n");
	exit_of_thread();
	pthread_create(&thread, 0, end, argv[1]);
	pthread_join(thread, 0);
	return 0;
}
