/*
 * bakery_not_choosing.c [T [N]] - T threads (default 2, at most 8) add one to a counter N times
 * each (default 1) under Lamport's bakery lock without its `choosing` flags.
 *
 * Shows: why drawing a number has to be announced.
 * Bug: the first thread has found its number, 1, but not stored it. The second one draws 1 as well,
 * sees no other number and goes in. The first one stores its 1: equal numbers, the lower thread is
 * first, it goes in, too.
 * Fixed twin: bakery.c.
 *
 * Verdict: assertion, under random, dfs and dpor.
 * Interleavings: 806 for T = 2 and N = 1, of which 144 fail; classes: 19, of which 2 fail (by
 * enumeration; who waits looks again only after a change).
 * Fewest preemptions: 2 (the first thread is stopped before it stores its number, the second one in
 * the middle of its increment).
 */
#include "must.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#define THREADS_MAX 8

static int threads, rounds;
static atomic_int number[THREADS_MAX];
static int counter;

/* One more than the highest number of all. */
static int number_next(void)
{
	int highest = 0;

	for (int i = 0; i < threads; i++) {
		int seen = atomic_load(&number[i]);

		highest = seen > highest ? seen : highest;
	}
	return highest + 1;
}

/* Equal numbers happen; then the lower thread is first. */
static bool is_before(int other, int self, int mine)
{
	int theirs = atomic_load(&number[other]);

	return theirs && (theirs < mine || (theirs == mine && other < self));
}

static void lock(int self)
{
	int mine = number_next();

	atomic_store(&number[self], mine);
	for (int other = 0; other < threads; other++) {
		if (other == self)
			continue;
		while (is_before(other, self, mine))
			;
	}
}

static void unlock(int self)
{
	atomic_store(&number[self], 0);
}

static void *work(void *argument)
{
	int self = (int)(intptr_t)argument;

	for (int i = 0; i < rounds; i++) {
		lock(self);
		counter++;
		unlock(self);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t workers[THREADS_MAX];

	threads = argc > 1 ? atoi(argv[1]) : 2;
	rounds = argc > 2 ? atoi(argv[2]) : 1;
	assert(threads <= THREADS_MAX);
	for (int i = 0; i < threads; i++)
		MUST(pthread_create(&workers[i], NULL, work, (void *)(intptr_t)i));
	for (int i = 0; i < threads; i++)
		MUST(pthread_join(workers[i], NULL));
	assert(counter == threads * rounds);
	return 0;
}
