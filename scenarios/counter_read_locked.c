/*
 * counter_read_locked.c [N] - two threads add one to a counter N times each (default 10000),
 * holding a lock for the read only.
 *
 * Shows: a lock that does not cover the whole of an operation protects nothing.
 * Bug: the value was read under the lock, but is out of date when it is written.
 * Fixed twin: counter_locked.c.
 *
 * Verdict: assertion, under random (N = 10000), dfs and dpor (N = 1 to 3).
 * Interleavings: an increment is lock, read, unlock, write. For N = 1 one thread is first to lock
 * (2 ways); its write then stands in one of 5 places around the other's four events: 2 * 5 = 10.
 * The write is too late in the 3 places behind the other's read: 2 * 3 = 6 fail. N = 2: 278, of
 * which 250 fail; N = 3: 8388, of which 8176 fail (by enumeration).
 * Classes: neither the section nor the write can change places with one of the other thread, and
 * each thread has 2N of them: C(4N, 2N): 6, 70, 924, of which all fail but the C(2N, N) orders of
 * whole increments: 4, 64, 904.
 * Data races: the write, which no lock protects, with the other's read and with its write.
 * Fewest preemptions: 1 (the first thread is stopped between unlock and write).
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
		int seen;

		MUST(pthread_mutex_lock(&lock));
		seen = counter;
		MUST(pthread_mutex_unlock(&lock));
		counter = seen + 1;
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
