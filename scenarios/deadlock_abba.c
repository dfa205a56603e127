/*
 * deadlock_abba.c - two threads take the same two locks in opposite orders.
 *
 * Shows: a deadlock, the cycle in who waits for whom.
 * Bug: when each has its first lock, each waits for ever for the other's.
 * Fixed twin: deadlock_ordered.c.
 *
 * Verdict: deadlock, under random, dfs and dpor.
 * Interleavings: say `forward` has the first event, lock a. Then `backward` locks b, and both are
 * stuck (1 way); or `forward` locks b and unlocks it, and its unlock of a comes before or after
 * `backward` locks b (2 ways). The same with the threads exchanged: 2 * (1 + 2) = 6, of which 2
 * deadlock.
 * Classes: each lock is first taken by the one or the other; that each has its second lock first is
 * impossible: 2 * 2 - 1 = 3, of which 1 deadlocks.
 * Fewest preemptions: 1 (the first thread is stopped between its locks).
 */
#include "must.h"

#include <pthread.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t b = PTHREAD_MUTEX_INITIALIZER;

static void *forward(void *unused)
{
	MUST(pthread_mutex_lock(&a));
	MUST(pthread_mutex_lock(&b));
	MUST(pthread_mutex_unlock(&b));
	MUST(pthread_mutex_unlock(&a));
	return unused;
}

static void *backward(void *unused)
{
	MUST(pthread_mutex_lock(&b));
	MUST(pthread_mutex_lock(&a));
	MUST(pthread_mutex_unlock(&a));
	MUST(pthread_mutex_unlock(&b));
	return unused;
}

int main(void)
{
	pthread_t first, second;

	MUST(pthread_create(&first, NULL, forward, NULL));
	MUST(pthread_create(&second, NULL, backward, NULL));
	MUST(pthread_join(first, NULL));
	MUST(pthread_join(second, NULL));
	return 0;
}
