/*
 * wait_if.c - two consumers take an item each; they look before they wait, but not after.
 *
 * Shows: being woken is no promise. Between the signal and the moment at which the woken thread has
 * the lock again, anybody may come and change what it waited for. No spurious wakeup is needed.
 * Bug: one consumer waits. The producer brings one item and signals. The other consumer, who never
 * waited, takes the item. The first one wakes and takes an item that is not there.
 * Fixed twin: wait_while.c.
 *
 * Verdict: assertion, under random, dfs and dpor.
 * Interleavings: everything happens under one lock, so only the order of whole sections counts.
 * Call the consumers a and b, waiting a. and going on after it .a; the producer's sections 1 and 2.
 * - 1 first: 1 2 and both consumers in any order: 2; 1 a, then 2 b or b. 2 .b: 2; the same with a
 *   and b exchanged: 2. (6)
 * - a. 1 first: .a, then b and 2 in either order (b 2 being b. 2 .b): 2; 2, then .a and b in any
 *   order: 2; b, then .a (who finds nothing: the failure) or 2 .a: 2. (6)
 * - a. b. 1 first: .a 2 .b and .b 2 .a: 2; 2, then .a and .b in any order: 2. (4)
 * The last two with a and b exchanged: 6 + 2 * (6 + 4) = 26, of which 2 fail.
 * With a wakeup without a signal (--spurious 1) 76, of which 22 fail: as counted by enumeration.
 * Classes: the same, since no two sections under one lock can change places.
 * Fewest preemptions: 1 (the producer is stopped after its first section and the consumer that has
 * not waited goes first).
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
	if (items == 0)
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
