/*
 * ticket_lock.c [T [N]] - T threads (default 2, at most 8) add one to a counter N times each
 * (default 1) under a ticket lock.
 *
 * Shows: first come, first served, with one atomic addition: each draws a ticket and waits until it
 * is called (Reed and Kanodia, "Synchronization with eventcounts and sequencers", 1979).
 * Fixed twin of: ticket_lock_hasty.c.
 *
 * Verdict: passed, under random, dfs and dpor.
 * Interleavings: for T = 2 and N = 1, the first to draw then looks, reads, writes and calls. The
 * other one draws in any of the 5 places around these; or it both draws and looks too early, in the
 * C(5, 2) = 10 ways before the call, and looks again only after a change. All the rest follows: 2 *
 * (5 + 10) = 30. T = 3: 6600; T = N = 2: 7230 (by enumeration).
 * Classes: for N = 1, T! orders of drawing, and who draws number k (from 0) sees each of the k
 * lower ones being served or does not: T! * 2^(T(T - 1) / 2): 4, 48, 1536 for T = 2, 3, 4. For T =
 * N = 2: 28 (by enumeration).
 */
#include "must.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#define THREADS_MAX 8

static int threads, rounds;
static atomic_int next, serving;
static int counter;

static void lock(void)
{
	int mine = atomic_fetch_add(&next, 1);

	while (atomic_load(&serving) != mine)
		;
}

static void unlock(void)
{
	atomic_fetch_add(&serving, 1);
}

static void *work(void *unused)
{
	for (int i = 0; i < rounds; i++) {
		lock();
		counter++;
		unlock();
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
