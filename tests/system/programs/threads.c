/* THREADS threads at once, each with something on its stack, in its own variable and on the heap;
 * all meet before any ends. */
#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t all_there = PTHREAD_COND_INITIALIZER;
static int there, count;
static __thread int own;

static void *work(void *argument)
{
	char *block = malloc(100);

	own++;
	memset(block, (int)(long)argument, 100);
	pthread_mutex_lock(&mutex);
	if (++there == count)
		pthread_cond_broadcast(&all_there);
	while (there < count)
		pthread_cond_wait(&all_there, &mutex);
	pthread_mutex_unlock(&mutex);
	assert(own == 1 && block[50] == (char)(long)argument);
	free(block);
	return argument;
}

int main(int argc, char **argv)
{
	pthread_t *threads;
	void *result;

	assert(argc == 2);
	count = atoi(argv[1]);
	threads = calloc((size_t)count, sizeof(*threads));
	for (long i = 0; i < count; i++)
		assert(!pthread_create(&threads[i], 0, work, (void *)i));
	for (long i = 0; i < count; i++) {
		assert(!pthread_join(threads[i], &result));
		assert(result == (void *)i);
	}
	free(threads);
	printf("%d threads\n", count);
	return 0;
}
