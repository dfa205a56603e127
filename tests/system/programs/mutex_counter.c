/* THREADS threads add 1 to a counter ROUNDS times each, under a mutex. (THREADS x ROUNDS)! /
 * (ROUNDS!)^THREADS interleavings, as many classes. */
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

#define THREADS_MAX 16

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int counter, rounds;

static void *work(void *argument)
{
	for (int i = 0; i < rounds; i++) {
		pthread_mutex_lock(&mutex);
		counter++;
		pthread_mutex_unlock(&mutex);
	}
	return argument;
}

int main(int argc, char **argv)
{
	int count = argc > 1 ? atoi(argv[1]) : 2;
	pthread_t threads[THREADS_MAX];

	rounds = argc > 2 ? atoi(argv[2]) : 1;
	for (int i = 0; i < count; i++)
		pthread_create(&threads[i], 0, work, 0);
	for (int i = 0; i < count; i++)
		pthread_join(threads[i], 0);
	assert(counter == count * rounds);
	return 0;
}
