/*
 * lost_wakeup_fixed.c - a producer sets the flag that a consumer waits for, under the consumer's
 * lock.
 *
 * Shows: what a waiting thread looks at has to be changed under the lock that it gives up by
 * waiting. The signal itself may come after the unlock.
 * Fixed twin of: lost_wakeup.c.
 *
 * Verdict: passed, under random, dfs and dpor.
 * Interleavings: the consumer locks first: it waits, and all the rest follows from that: 1. The
 * producer locks first: its signal stands in one of 5 places around the consumer's lock, read
 * ready, read item, unlock: 5. 1 + 5 = 6.
 * Classes: who locks first: 2.
 * With a wakeup without a signal (--spurious 1) the consumer that has locked first can wake by
 * itself, and lock before the producer or after it: two classes more, of 1 and of 5 interleavings.
 */
#include "must.h"

#include <assert.h>
#include <pthread.h>
#include <stdbool.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int item;
static bool ready;
static int taken;

static void *consume(void *unused)
{
	MUST(pthread_mutex_lock(&lock));
	while (!ready)
		MUST(pthread_cond_wait(&changed, &lock));
	taken = item;
	MUST(pthread_mutex_unlock(&lock));
	return unused;
}

static void *produce(void *unused)
{
	MUST(pthread_mutex_lock(&lock));
	item = 42;
	ready = true;
	MUST(pthread_mutex_unlock(&lock));
	MUST(pthread_cond_signal(&changed));
	return unused;
}

int main(void)
{
	pthread_t consumer, producer;

	MUST(pthread_create(&consumer, NULL, consume, NULL));
	MUST(pthread_create(&producer, NULL, produce, NULL));
	MUST(pthread_join(consumer, NULL));
	MUST(pthread_join(producer, NULL));
	assert(taken == 42);
	return 0;
}
