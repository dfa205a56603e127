/*
 * bakery.c [T [N]] - T threads (default 2, at most 8) add one to a counter N times each (default 1)
 * under Lamport's bakery lock ("A new solution of Dijkstra's concurrent programming problem",
 * 1974).
 *
 * Shows: each draws a number above all that it sees, and the lowest number goes first. Two may draw
 * the same one; what matters is that nobody compares with a number that is still being drawn.
 * Fixed twin of: bakery_not_choosing.c.
 *
 * Verdict: passed, under random, dfs and dpor.
 * Interleavings: 14730 for T = 2 and N = 1; classes: 28 for T = 2, 4354 for T = 3 and N = 1 (by
 * enumeration; who waits looks again only after a change).
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
static atomic_int choosing[THREADS_MAX], number[THREADS_MAX];
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
	int mine;

	atomic_store(&choosing[self], 1);
	mine = number_next();
	atomic_store(&number[self], mine);
	atomic_store(&choosing[self], 0);
	for (int other = 0; other < threads; other++) {
		if (other == self)
			continue;
		while (atomic_load(&choosing[other]))
			;
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
