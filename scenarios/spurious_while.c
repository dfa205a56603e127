/*
 * spurious_while.c - a consumer waits for a flag, and looks again each time that it wakes.
 *
 * Shows: in a loop, a wakeup without a signal does no harm.
 * Fixed twin of: spurious_if.c.
 *
 * Verdict: passed, under random, dfs and dpor.
 * Interleavings: 4, counted as in spurious_if.c; where that one fails, the consumer waits once more
 * for the signal: still one way.
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
	while (!ready)
		MUST(pthread_cond_wait(&changed, &lock));
	assert(ready);
	MUST(pthread_mutex_unlock(&lock));
	MUST(pthread_join(producer, NULL));
	return 0;
}
