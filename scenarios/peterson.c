/*
 * peterson.c [N] - two threads add one to a counter N times each (default 1) under Peterson's lock
 * (Peterson, "Myths about the mutual exclusion problem", 1981).
 *
 * Shows: two flags and a turn are a lock, if memory is sequentially consistent. Raise the flag,
 * then give the turn away: of two who both see a flag, the one who gave the turn away last waits.
 * Fixed twin of: peterson_turn_first.c.
 *
 * Verdict: passed, under random, dfs and dpor.
 * Interleavings: 412 for N = 1; classes: 12 for N = 1, 516 for N = 2 (by enumeration; who waits
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
	atomic_store(&turn, other);
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
