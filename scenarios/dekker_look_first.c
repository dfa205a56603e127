/*
 * dekker_look_first.c [N] - two threads add one to a counter N times each (default 1) under
 * Dekker's lock, in which a thread looks first and then raises its flag.
 *
 * Shows: say what you are going to do before you look whether you may.
 * Bug: both threads see no flag, raise theirs and go in.
 * Fixed twin: dekker.c.
 *
 * Verdict: assertion, under random, dfs and dpor (N = 1; with more rounds, one who was in together
 * with the other may also take back the turn that it has been given, and wait for ever: a
 * livelock).
 * Interleavings: 689 for N = 1, of which 240 fail; classes: 17 for N = 1, of which 4 fail, 3546 for
 * N = 2, of which 1100 fail the assertion and 40 are livelocks (by enumeration; who waits looks
 * again only after a change).
 * Fewest preemptions: 2 (the first thread is stopped before it raises its flag, the second one in
 * the middle of its increment).
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

	while (atomic_load(&wants[other])) {
		if (atomic_load(&turn) == self)
			continue;
		atomic_store(&wants[self], 0);
		while (atomic_load(&turn) != self)
			;
		atomic_store(&wants[self], 1);
	}
	atomic_store(&wants[self], 1);
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
