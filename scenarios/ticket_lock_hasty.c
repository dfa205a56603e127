/*
 * ticket_lock_hasty.c [T [N]] - T threads (default 2, at most 8) add one to a counter N times each
 * (default 1) under a ticket lock with a way around the waiting.
 *
 * Shows: what was true when one looked need not be true when one acts on it.
 * Bug: a thread that sees that the next ticket is being served draws a ticket and goes in without
 * comparing. If another one has drawn that ticket in between, both are in.
 * Fixed twin: ticket_lock.c.
 *
 * Verdict: assertion, under random, dfs and dpor (N = 1; with more rounds, two who leave at once
 * may also pass by the ticket of one who waits, for ever: a livelock).
 * Interleavings: 610 for T = 2 and N = 1, of which 216 fail; classes: 22, of which 8 fail, for T =
 * N = 2 1174, of which 616 fail the assertion and 24 are livelocks (by enumeration; who waits looks
 * again only after a change).
 * Fewest preemptions: 2 (the first thread is stopped before it draws, the second one in the middle
 * of its increment).
 */
#include "must.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

#define THREADS_MAX 8

static int threads, rounds;
static atomic_int next, serving;
static int counter;

static void lock(void)
{
	bool is_free = atomic_load(&serving) == atomic_load(&next);
	int mine = atomic_fetch_add(&next, 1);

	if (is_free)
		return;
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
