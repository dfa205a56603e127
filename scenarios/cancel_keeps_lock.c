/*
 * cancel_keeps_lock.c - a worker that waits for work is cancelled, and main then takes its lock.
 *
 * Shows: a wait on a condition variable is a cancellation point, and a thread that is cancelled
 * there gets the mutex back before it ends. Bug: nobody gives the mutex back. Fixed twin:
 * cancel_gives_back.c.
 *
 * Verdict: deadlock, under random, dfs and dpor: main waits for a lock that is held by a thread
 * that has ended. Interleavings: the worker's wait goes on only when it is cancelled, and main only
 * when the worker has ended: 1, and 1 class. Data races: none. Fewest preemptions: 0.
 */
#include "must.h"

#include <assert.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool has_work;

static void *work(void *unused)
{
	MUST(pthread_mutex_lock(&lock));
	while (!has_work)
		MUST(pthread_cond_wait(&changed, &lock));
	MUST(pthread_mutex_unlock(&lock));
	return unused;
}

int main(void)
{
	pthread_t worker;
	void *result;

	MUST(pthread_create(&worker, NULL, work, NULL));
	MUST(pthread_cancel(worker));
	MUST(pthread_join(worker, &result));
	assert(result == PTHREAD_CANCELED);
	MUST(pthread_mutex_lock(&lock));
	has_work = false;
	MUST(pthread_mutex_unlock(&lock));
	return 0;
}
