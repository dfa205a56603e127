/* Threads at a barrier for two. With "many": three of them, once each, of which the third to be
 * made then ends the process with 3; whether it gets there depends on the order of arrival. With
 * "serial": four of them, once each, so that two generations are filled, and of each one thread
 * must be told that it is the serial one. Without: two of them, three times. */
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

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

/* By thread, so that no two write to the same place. */
static int serials[4];

static void *counted(void *arg)
{
	int *told = arg;

	*told = pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD;
	return NULL;
}

static int serial(void)
{
	pthread_t threads[4];

	for (int i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, counted, &serials[i]);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	assert(serials[0] + serials[1] + serials[2] + serials[3] == 2);
	return 0;
}

int main(int argc, char **argv)
{
	pthread_t threads[3];
	int count = argc > 1 ? 3 : 2;

	pthread_barrier_init(&barrier, NULL, 2);
	if (argc > 1 && !strcmp(argv[1], "serial"))
		return serial();
	for (int i = 0; i < count; i++)
		pthread_create(&threads[i], NULL, argc > 1 ? once : thrice,
			       i == 2 ? &barrier : NULL);
	for (int i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
