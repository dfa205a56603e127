/*
 * counter_load_store.c [T [N]] - T threads (default 2, at most 8) add one to an atomic counter N
 * times each (default 1), with a load and a store.
 *
 * Shows: that each access is atomic does not make the two of them one; there is no data race, and
 * still an update is lost.
 * Bug: the counter may be increased by others between load and store.
 * Fixed twin: counter_fetch_add.c.
 *
 * Verdict: assertion, under random, dfs and dpor.
 * Interleavings: as many as there are orders of the 2N events of each thread. For T and N of 2
 * and 1: C(4, 2) = 6, of 2 and 2: 70, of 3 and 1: 6! / 2^3 = 90. All fail but those in which no
 * thread comes between load and store: 2, 6, 6.
 * Classes: one store is first (2 ways), and the other thread has loaded before that or not: 4.
 * For T and N of 2 and 2: 34, of 2 and 3: 328, of 3 and 1: 36 (by enumeration). 2, 6, 20, 6 do
 * not fail.
 * Fewest preemptions: 1 (one thread is stopped between load and store).
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
	for (int i = 0; i < rounds; i++) {
		int seen = atomic_load(&counter);

		atomic_store(&counter, seen + 1);
	}
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
