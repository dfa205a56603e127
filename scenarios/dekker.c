/*
 * dekker.c [N] - two threads add one to a counter N times each (default 1) under Dekker's lock
 * (Dijkstra, "Cooperating sequential processes", 1965), the first with loads and stores only.
 *
 * Shows: each raises a flag and looks at the other's; where both are up, the one whose turn it is
 * not takes its flag down until it gets the turn, and raises it again.
 * Fixed twin of: dekker_look_first.c.
 *
 * Verdict: passed, under random, dfs and dpor.
 * Interleavings: 830 for N = 1; classes: 17 for N = 1, 3183 for N = 2 (by enumeration; who waits
 * looks again only after a change).
 */
#include "must.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>

static int rounds;
static atomic_int wants[2], turn;
static int counter;

static void lock(int self)
{
	int other = 1 - self;

	atomic_store(&wants[self], 1);
	while (atomic_load(&wants[other])) {
		if (atomic_load(&turn) == self)
			continue;
		atomic_store(&wants[self], 0);
		while (atomic_load(&turn) != self)
			;
		atomic_store(&wants[self], 1);
	}
}

static void unlock(int self)
{
	atomic_store(&turn, 1 - self);
	atomic_store(&wants[self], 0);
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
	pthread_t threads[2];

	rounds = argc > 1 ? atoi(argv[1]) : 1;
	for (int i = 0; i < 2; i++)
		MUST(pthread_create(&threads[i], NULL, work, (void *)(intptr_t)i));
	for (int i = 0; i < 2; i++)
		MUST(pthread_join(threads[i], NULL));
	assert(counter == 2 * rounds);
	return 0;
}
