/*
 * counter_fetch_add.c [T [N]] - T threads (default 2, at most 8) add one to an atomic counter N
 * times each (default 1).
 *
 * Shows: one atomic addition cannot be torn.
 * Fixed twin of: counter_load_store.c.
 *
 * Verdict: passed, under random, dfs and dpor.
 * Interleavings: as many as there are orders of the additions: (T N)! / (N!)^T. For T and N of 2
 * and 1: 2; 2 and 2: 6; 2 and 3: 20; 3 and 1: 6; 3 and 2: 90.
 * Classes: the same, since no two additions can change places.
 */
#include "must.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#define THREADS_MAX 8

static int threads, rounds;
static atomic_int counter;

static void *work(void *unused)
{
	for (int i = 0; i < rounds; i++)
		atomic_fetch_add(&counter, 1);
	return unused;
}

int main(int argc, char **argv)
{
	pthread_t workers[THREADS_MAX];

	threads = argc > 1 ? atoi(argv[1]) : 2;
	rounds = argc > 2 ? atoi(argv[2]) : 1;
	assert(threads <= THREADS_MAX);
	for (int i = 0; i < threads; i++)
		MUST(pthread_create(&workers[i], NULL, work, NULL));
	for (int i = 0; i < threads; i++)
		MUST(pthread_join(workers[i], NULL));
	assert(counter == threads * rounds);
	return 0;
}
