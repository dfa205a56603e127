/* THREADS threads add 1 to a counter ROUNDS times each, by an atomic load and an atomic store. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#define THREADS_MAX 16

static atomic_int counter;
static int rounds;

static void *work(void *argument)
{
	for (int i = 0; i < rounds; i++) {
		int value = atomic_load(&counter);

		atomic_store(&counter, value + 1);
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
	return 0;
}
