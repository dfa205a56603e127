/*
 * spurious_if.c - a consumer waits for a flag, and does not look again after it has been woken.
 *
 * Shows: a wait may end without a signal (POSIX calls that a spurious wakeup), and then nothing of
 * what it was for has happened. Nobody else takes what was brought, so that is the only way in
 * which this one fails.
 * Bug: the consumer waits, wakes by itself, and goes on before the producer has come.
 * Fixed twin: spurious_while.c.
 *
 * Verdict: assertion, under random, dfs and dpor; none with --spurious 0.
 * Interleavings: everything happens under one lock, so only the order of whole sections counts. The
 * producer comes first: 1. The consumer waits first: it is woken by the signal: 1; or by nothing,
 * and has the lock again before the producer (the failure) or after it: 2. So 4, of which 1 fails;
 * with --spurious 0 they are 2.
 * Classes: the same, since no two sections under one lock can change places.
 */
#include "must.h"

#include <assert.h>
#include <pthread.h>
#include <stdbool.h>

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

int main(void)
{
	pthread_t producer;

	MUST(pthread_create(&producer, NULL, produce, NULL));
	MUST(pthread_mutex_lock(&lock));
	if (!ready)
		MUST(pthread_cond_wait(&changed, &lock));
	assert(ready);
	MUST(pthread_mutex_unlock(&lock));
	MUST(pthread_join(producer, NULL));
	return 0;
}
