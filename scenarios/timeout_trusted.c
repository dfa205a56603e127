/*
 * timeout_trusted.c - a consumer waits for a flag, but not for ever; when its time is over it
 * believes that nobody has set it.
 *
 * Shows: a timeout tells that time has passed, and nothing of what has happened meanwhile. Who has
 * timed out still has to get the lock back, and until then others can come; a signal of theirs is
 * for nobody then.
 * Bug: the consumer's time is over. The producer has the lock, sets the flag and signals. Then the
 * consumer is told of the timeout, and takes that for its answer.
 * Fixed twin: timeout_checked.c.
 *
 * Verdict: assertion, under random, dfs and dpor.
 * Interleavings: everything happens under one lock, so only the order of whole sections counts. The
 * producer comes first: 1. The consumer waits first: it is signalled: 1; or its time is over, and
 * it has the lock again before the producer or after it (the failure): 2. Or it wakes by nothing,
 * after the producer: 1; or before it and waits again, which can end in the 3 ways that there were:
 * 3. So 8, of which 2 fail; with --spurious 0 they are 4, of which 1 fails.
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
	return error != ETIMEDOUT;
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
