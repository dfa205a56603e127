/* One of four threads ends the process, by the way that is given, where it reads a 1 that another
 * thread stores and a third takes back: it need not. Main waits for nobody, for ever: so whatever
 * does not end in that way is a deadlock. */
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t never = PTHREAD_MUTEX_INITIALIZER;
static _Atomic int shared;
static const char *way;

static void end(void)
{
	void (*volatile nothing)(void) = NULL;
	void *volatile no_block = &mutex;
	const char *volatile no_text = NULL;

	if (!strcmp(way, "exit"))
		exit(1);
	if (!strcmp(way, "abort"))
		abort();
	if (!strcmp(way, "assert"))
		assert(!"this");
	if (!strcmp(way, "crash"))
		*(volatile int *)NULL = 1;
	if (!strcmp(way, "call"))
		nothing();
	if (!strcmp(way, "free"))
		free(no_block);
	if (!strcmp(way, "library"))
		way += atoi(no_text);
}

static void *store(void *arg)
{
	shared = 1;
	return arg;
}

static void *hold(void *arg)
{
	pthread_mutex_lock(&mutex);
	return arg;
}

static void *check(void *arg)
{
	pthread_mutex_lock(&mutex);
	pthread_mutex_unlock(&mutex);
	if (shared)
		end();
	return arg;
}

static void *take_back(void *arg)
{
	shared = 0;
	pthread_mutex_trylock(&mutex);
	return arg;
}

int main(int argc, char **argv)
{
	static void *(*const works[])(void *) = {store, hold, check, take_back};
	pthread_t thread;

	(void)argc;
	way = argv[1];
	pthread_mutex_lock(&never);
	for (size_t i = 0; i < sizeof(works) / sizeof(*works); i++)
		pthread_create(&thread, NULL, works[i], NULL);
	pthread_mutex_lock(&never);
	return 0;
}
