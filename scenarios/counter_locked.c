/*
 * counter_locked.c [N] - two threads add one to a counter N times each (default 10000), holding a
 * lock.
 *
 * Shows: a critical section makes the read and the write one step for everybody who takes the lock
 * too.
 * Fixed twin of: counter_unlocked.c, counter_read_locked.c.
 *
 * Verdict: passed, under random (N = 10000), dfs and dpor (N = 1 to 3).
 * Interleavings: while a section runs, the other thread waits for the lock, so only the order of
 * whole sections is free: C(2N, N): 2, 6, 20 for N = 1, 2, 3.
 * Classes: the same, since no two sections under one lock can change places.
 */
#include "must.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

static int increments;
/* volatile, so that no compiler makes one addition of the loop. It makes nothing atomic. */
static volatile int counter;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *work(void *unused)
{
	int n = increments;

	for (int i = 0; i < n; i++) {
		MUST(pthread_mutex_lock(&lock));
		counter++;
		MUST(pthread_mutex_unlock(&lock));
	}
	return unused;
}

int main(int argc, char **argv)
{
	pthread_t first, second;

	increments = argc > 1 ? atoi(argv[1]) : 10000;
	MUST(pthread_create(&first, NULL, work, NULL));
	MUST(pthread_create(&second, NULL, work, NULL));
	MUST(pthread_join(first, NULL));
	MUST(pthread_join(second, NULL));
	assert(counter == 2 * increments);
	return 0;
}
