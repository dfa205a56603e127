/*
 * wait_while.c - two consumers take an item each; they look again each time they have been woken.
 *
 * Shows: a wait belongs into a `while`.
 * Fixed twin of: wait_if.c.
 *
 * Verdict: passed, under random, dfs and dpor.
 * Interleavings: 26, counted as in wait_if.c; where that one fails, the consumer that finds nothing
 * waits once more, the second item comes, and it takes that: still one way.
 * With a wakeup without a signal (--spurious 1) 110: as counted by enumeration.
 * Classes: the same, since no two sections under one lock can change places.
 */
#include "must.h"

#include <assert.h>
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t arrived = PTHREAD_COND_INITIALIZER;
static int items;

static void *consume(void *unused)
{
	MUST(pthread_mutex_lock(&lock));
	while (items == 0)
		MUST(pthread_cond_wait(&arrived, &lock));
	assert(items > 0);
	items--;
	MUST(pthread_mutex_unlock(&lock));
	return unused;
}

static void *produce(void *unused)
{
	for (int i = 0; i < 2; i++) {
		MUST(pthread_mutex_lock(&lock));
		items++;
		MUST(pthread_cond_signal(&arrived));
		MUST(pthread_mutex_unlock(&lock));
	}
	return unused;
}

int main(void)
{
	pthread_t consumers[2], producer;

	MUST(pthread_create(&consumers[0], NULL, consume, NULL));
	MUST(pthread_create(&consumers[1], NULL, consume, NULL));
	MUST(pthread_create(&producer, NULL, produce, NULL));
	MUST(pthread_join(consumers[0], NULL));
	MUST(pthread_join(consumers[1], NULL));
	MUST(pthread_join(producer, NULL));
	assert(items == 0);
	return 0;
}
