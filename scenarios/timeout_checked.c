/*
 * timeout_checked.c - a consumer waits for a flag, but not for ever, and looks at the flag when its
 * time is over.
 *
 * Shows: what counts is what was waited for, not how the wait has ended.
 * Fixed twin of: timeout_trusted.c.
 *
 * Verdict: passed, under random, dfs and dpor.
 * Interleavings: 8, counted as in timeout_trusted.c; with --spurious 0 they are 4.
 * Classes: the same, since no two sections under one lock can change places.
 */
#include "must.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool ready;

static void *produce(void *unused)
{
	MUST(pthread_mutex_lock(&lock));
	ready = true;
	MUST(pthread_cond_signal(&changed));
	MUST(pthread_mutex_unlock(&lock));
	return unused;
}

/* True where the flag has been set within a second. */
static bool wait_for_flag(void)
{
	struct timespec until;
	int error = 0;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec++;
	while (!ready && error != ETIMEDOUT)
		error = pthread_cond_timedwait(&changed, &lock, &until);
	return ready;
}

int main(void)
{
	pthread_t producer;

	MUST(pthread_create(&producer, NULL, produce, NULL));
	MUST(pthread_mutex_lock(&lock));
	assert(wait_for_flag() == ready);
	MUST(pthread_mutex_unlock(&lock));
	MUST(pthread_join(producer, NULL));
	return 0;
}
