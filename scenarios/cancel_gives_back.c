/*
 * cancel_gives_back.c - a worker that waits for work is cancelled, and main then takes its lock.
 *
 * Shows: what a thread that may be cancelled holds is given back by a cleanup handler.
 * Broken twin: cancel_keeps_lock.c.
 *
 * Verdict: passed, under random, dfs and dpor.
 * Interleavings: the worker's wait goes on only when it is cancelled, and main only when the worker
 * has ended: 1, and 1 class.
 * Data races: none.
 */
#include "must.h"

#include <assert.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool has_work;

static void give_back(void *unused)
{
	(void)unused;
	MUST(pthread_mutex_unlock(&lock));
}

static void *work(void *unused)
{
	MUST(pthread_mutex_lock(&lock));
	pthread_cleanup_push(give_back, NULL);
	while (!has_work)
		MUST(pthread_cond_wait(&changed, &lock));
	pthread_cleanup_pop(1);
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
