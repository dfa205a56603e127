/*
 * bounded_buffer_one_cond.c [N] - a producer and two consumers around a buffer with one place. Each
 * consumer takes N items (default 1), the producer brings 2N.
 *
 * Shows: a signal wakes one thread, and where threads wait for different things it can be the wrong
 * one.
 * Bug: one condition variable for "there is an item" and "there is a place", and signal instead of
 * broadcast. Both consumers wait. The producer brings an item, signals, and waits for the place.
 * One consumer takes the item and signals: the other consumer gets that signal, finds nothing and
 * waits again. Nobody is left to wake anyone.
 * Fixed twin: bounded_buffer.c.
 *
 * Verdict: deadlock, under random, dfs and dpor (N = 1).
 * Interleavings: counted as in bounded_buffer.c, with the same 8 that start with 1 and 8 that start
 * with a. 1. After a. b. 1 there are more, because a consumer that takes wakes the other one too:
 * - .a takes, then .b waits once more or 2 comes before it: 2; the same with .b: 2.
 * - 2. first: .a takes and wakes the producer or b. The producer: all ends well. b: the deadlock.
 *   So 2; the same with .b: 2.
 * 8 + 2 * (8 + 8) = 40, of which 2 * 2 = 4 deadlock.
 * With a wakeup without a signal (--spurious 1) 228, of which 24 deadlock: as counted by
 * enumeration.
 * Classes: the same, since no two sections under one lock can change places.
 * Fewest preemptions: 0. All that happens is that threads wait, and that the wrong one goes on.
 */
#include "must.h"

#include <assert.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#define CONSUMERS 2

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool full;
static int slot;
static int items; /* that each consumer takes */

static void put(int item)
{
	MUST(pthread_mutex_lock(&lock));
	while (full)
		MUST(pthread_cond_wait(&changed, &lock));
	slot = item;
	full = true;
	MUST(pthread_cond_signal(&changed));
	MUST(pthread_mutex_unlock(&lock));
}

static int get(void)
{
	int item;

	MUST(pthread_mutex_lock(&lock));
	while (!full)
		MUST(pthread_cond_wait(&changed, &lock));
	item = slot;
	full = false;
	MUST(pthread_cond_signal(&changed));
	MUST(pthread_mutex_unlock(&lock));
	return item;
}

static void *produce(void *unused)
{
	int last = CONSUMERS * items;

	for (int i = 1; i <= last; i++)
		put(i);
	return unused;
}

static void *consume(void *unused)
{
	intptr_t sum = 0;

	(void)unused;
	for (int i = items; i > 0; i--)
		sum += get();
	return (void *)sum;
}

int main(int argc, char **argv)
{
	pthread_t producer, consumers[CONSUMERS];
	intptr_t total = 0;

	items = argc > 1 ? atoi(argv[1]) : 1;
	MUST(pthread_create(&producer, NULL, produce, NULL));
	for (int i = 0; i < CONSUMERS; i++)
		MUST(pthread_create(&consumers[i], NULL, consume, NULL));
	MUST(pthread_join(producer, NULL));
	for (int i = 0; i < CONSUMERS; i++) {
		void *sum;

		MUST(pthread_join(consumers[i], &sum));
		total += (intptr_t)sum;
	}
	/* 1 + 2 + ... + all */
	assert(total == CONSUMERS * items * (CONSUMERS * items + 1) / 2);
	return 0;
}
