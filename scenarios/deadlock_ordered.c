/*
 * deadlock_ordered.c - two threads take the same two locks in the same order.
 *
 * Shows: with one order for all there is no cycle, so there is no deadlock.
 * Fixed twin of: deadlock_abba.c.
 *
 * Verdict: passed, under random, dfs and dpor.
 * Interleavings: whoever locks a first goes through to its unlock of a before the other can do
 * anything: 2.
 * Classes: the same.
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

int main(void)
{
	pthread_t first, second;

	MUST(pthread_create(&first, NULL, forward, NULL));
	MUST(pthread_create(&second, NULL, forward, NULL));
	MUST(pthread_join(first, NULL));
	MUST(pthread_join(second, NULL));
	return 0;
}
