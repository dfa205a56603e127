/*
 * peterson_turn_first.c [N] - two threads add one to a counter N times each (default 1) under
 * Peterson's lock with its two stores exchanged.
 *
 * Shows: in such algorithms the order of two stores to different variables is all there is.
 * Bug: the turn is given away before the flag is raised. One thread gives it away and is stopped;
 * the other one gives it back, raises its flag, sees no other flag and goes in. The first one
 * raises its flag, finds the turn with itself and goes in, too.
 * Fixed twin: peterson.c.
 *
 * Verdict: assertion, under random, dfs and dpor.
 * Interleavings: 444 for N = 1, of which 60 fail; classes: 18 for N = 1, of which 4 fail, 904 for N
 * = 2, of which 240 fail (by enumeration; who waits looks again only after a change).
 * Fewest preemptions: 2 (the first thread is stopped between its stores, the other one in the
 * middle of its increment).
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

	atomic_store(&turn, other);
	atomic_store(&wants[self], 1);
	while (atomic_load(&wants[other]) && atomic_load(&turn) == other)
		;
}

static void unlock(int self)
{
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
	/* Not left to the definition: of a variable that one function alone uses, clang may make a
	 * local one of each call (clang 14 does, from -O1 on), and no turn would be shared. */
	atomic_init(&turn, 0);
	for (int i = 0; i < 2; i++)
		MUST(pthread_create(&threads[i], NULL, work, (void *)(intptr_t)i));
	for (int i = 0; i < 2; i++)
		MUST(pthread_join(threads[i], NULL));
	assert(counter == 2 * rounds);
	return 0;
}
