/* readers N: one thread writes an atomic variable, N threads (at most 16) read it, each once. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#define READERS_MAX 16

static atomic_int variable;

static void *write_it(void *unused)
{
	atomic_store(&variable, 1);
	return unused;
}

static void *read_it(void *unused)
{
	(void)atomic_load(&variable);
	return unused;
}

int main(int argc, char **argv)
{
	int readers = argc > 1 ? atoi(argv[1]) : 1;
	pthread_t threads[READERS_MAX + 1];

	if (readers > READERS_MAX)
		return 2;
	pthread_create(&threads[readers], NULL, write_it, NULL);
	for (int i = 0; i < readers; i++)
		pthread_create(&threads[i], NULL, read_it, NULL);
	for (int i = 0; i <= readers; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
