/* Of N threads one gets a mutex, which nobody gives back, and makes another thread: N + 2 threads
 * in each execution, and 2 N + 1 in all of them together. */
#include <pthread.h>
#include <stdlib.h>

#define THREADS_MAX 60

static pthread_mutex_t won = PTHREAD_MUTEX_INITIALIZER, lock = PTHREAD_MUTEX_INITIALIZER;

static void *pass(void *arg)
{
	pthread_mutex_lock(&lock);
	pthread_mutex_unlock(&lock);
	return arg;
}

static void *race(void *arg)
{
	pthread_t other;

	if (pthread_mutex_trylock(&won))
		return arg;
	pthread_create(&other, NULL, pass, NULL);
	pass(NULL);
	pthread_join(other, NULL);
	return arg;
}

int main(int argc, char **argv)
{
	pthread_t threads[THREADS_MAX];
	int count = argc > 1 ? atoi(argv[1]) : 2;

	for (int i = 0; i < count && i < THREADS_MAX; i++)
		pthread_create(&threads[i], NULL, race, NULL);
	for (int i = 0; i < count && i < THREADS_MAX; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
