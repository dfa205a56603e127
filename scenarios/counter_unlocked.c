/*
 * counter_unlocked.c [N] - two threads add one to a counter N times each (default 10000), without a
 * lock.
 *
 * Shows: `counter++` is a read and a write, and another thread can come between them.
 * Bug: when both read the same value, both write the same value: one increment is lost.
 * Fixed twin: counter_locked.c. Half fixed: counter_read_locked.c.
 *
 * Verdict: assertion, under random (N = 10000), dfs and dpor (N = 1 to 3).
 * Interleavings: each thread has 2N events, so C(4N, 2N): 6, 70, 924 for N = 1, 2, 3. The total is
 * right only where no event of one thread stands between the two of an increment, and there are
 * C(2N, N) orders of whole increments, so C(4N, 2N) - C(2N, N) fail: 6 - 2 = 4, 70 - 6 = 64, 924 -
 * 20 = 904. Classes: 4, 34, 328 (by enumeration); again all but 2, 6, 20 fail.
 * Fewest preemptions: 1 (the first thread is stopped after a read). Data races: 2.
 */
#include "must.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

static int increments;
/* volatile, so that no compiler makes one addition of the loop. It makes nothing atomic. */
static volatile int counter;

static void *work(void *unused)
{
	int n = increments;

	for (int i = 0; i < n; i++)
		counter++;
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
