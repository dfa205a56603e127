/* Threads that end with a robust mutex, one after the other; `robust THREADS left` leaves what it
 * protects as it is. */
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

static pthread_mutex_t mutex;
static bool leaves;
static int died;

static void *end_with_it(void *argument)
{
	int error = pthread_mutex_lock(&mutex);

	assert(!error || error == EOWNERDEAD);
	died += error == EOWNERDEAD;
	if (error && leaves)
		pthread_mutex_unlock(&mutex);
	else if (error)
		pthread_mutex_consistent(&mutex);
	return argument;
}

int main(int argc, char **argv)
{
	int count = argc > 1 ? atoi(argv[1]) : 2;
	pthread_mutexattr_t attr;
	pthread_t threads[8];

	leaves = argc > 2;
	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(&mutex, &attr);
	for (int i = 0; i < count; i++)
		pthread_create(&threads[i], 0, end_with_it, 0);
	for (int i = 0; i < count; i++)
		pthread_join(threads[i], 0);
	assert(died == count - 1);
	return 0;
}
