/*
 * lost_wakeup.c - a producer sets the flag that a consumer waits for, but not under the consumer's
 * lock.
 *
 * Shows: a signal wakes only those who wait already; it is not remembered.
 * Bug: the consumer has seen that `ready` is false and is about to wait. The producer sets `ready`
 * and signals: nobody waits yet. Then the consumer waits, for a signal that has been. Under the
 * lock the producer could not have come between.
 * Fixed twin: lost_wakeup_fixed.c.
 *
 * Verdict: deadlock, under random, dfs and dpor.
 * Interleavings: the consumer's events are lock, read ready, [wait, wake, read ready,] read item,
 * unlock; the producer's are lock, write item, unlock, write ready, signal.
 * - The consumer locks first: it waits, and all the rest follows from that: 1.
 * - The producer locks first; write ready comes before the consumer's lock and signal in any of 5
 *   places around the four events lock, read, read, unlock; or write ready comes between lock and
 *   read and signal in any of 4 places: 9.
 * - The producer locks first, but write ready comes after the consumer's read. Of wait, write ready
 *   and signal, wait is first or second (the signal wakes: 2) or last (it is lost: 1).
 * 1 + 9 + 2 + 1 = 13, of which 1 deadlocks.
 * Classes: the consumer locks first; or the producer does, and `ready` is written before the
 * consumer reads it, or after it and the signal comes after the wait, or before: 4.
 * With a wakeup without a signal (--spurious 1) there are 44 interleavings and 11 classes, as
 * counted by enumeration. 3 of either deadlock: the signal is lost before the first wait; or after
 * the wakeup, before the flag is set or after, and the consumer waits once more.
 * Data races: the producer's write of `ready` with the consumer's read.
 * Fewest preemptions: 2 (the producer is stopped before it writes `ready`, the consumer before it
 * waits).
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
	MUST(pthread_mutex_unlock(&lock));
	ready = true;
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
