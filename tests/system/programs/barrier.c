/* Threads at a barrier for two. With "many": three of them, once each, of which the third to be
 * made then ends the process with 3; whether it gets there depends on the order of arrival.
 * Without: two of them, three times. */
#include <pthread.h>
#include <stdlib.h>

static pthread_barrier_t barrier;

static void *once(void *arg)
{
	pthread_barrier_wait(&barrier);
	if (arg)
		exit(3);
	return NULL;
}

static void *thrice(void *arg)
{
	for (int i = 0; i < 3; i++)
		pthread_barrier_wait(&barrier);
	return arg;
}

int main(int argc, char **argv)
{
	pthread_t threads[3];
	int count = argc > 1 ? 3 : 2;

	(void)argv;
	pthread_barrier_init(&barrier, NULL, 2);
	for (int i = 0; i < count; i++)
		pthread_create(&threads[i], NULL, argc > 1 ? once : thrice,
			       i == 2 ? &barrier : NULL);
	for (int i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
