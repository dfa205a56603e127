/*
 * bounded_buffer.c [N] - a producer and two consumers around a buffer with one place. Each consumer
 * takes N items (default 1), the producer brings 2N.
 *
 * Shows: two conditions, two condition variables. Who frees the place wakes somebody who waits for
 * a place; who fills it wakes somebody who waits for an item.
 * Fixed twin of: bounded_buffer_one_cond.c.
 *
 * Verdict: passed, under random, dfs and dpor (N = 1).
 * Interleavings: everything happens under one lock, so only the order of whole sections counts.
 * Call the consumers a and b, the producer's sections 1 and 2; waiting is a., going on after it .a;
 * the last consumer may always come early and wait, or late.
 * - 1 first: a takes it and 2 and b follow: 2; or the producer waits first (2.), a takes, and .2
 *   and b follow: 2. With a and b exchanged: 2 * 4. (8)
 * - a. 1 first: .a takes, 2 and b follow: 2; b takes, then .a waits once more or 2 comes before it:
 *   2; 2. first, and then .a or b takes, 2 ways each: 4. (8)
 * - a. b. 1 first: .a or .b takes, before or after 2. (or 2): 2 * 2. (4)
 * The last two with a and b exchanged: 8 + 2 * (8 + 4) = 32.
 * With a wakeup without a signal (--spurious 1) 176: as counted by enumeration.
 * Classes: the same, since no two sections under one lock can change places.
 */
#include "must.h"

#include <assert.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#define CONSUMERS 2

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t not_empty = PTHREAD_COND_INITIALIZER;
static pthread_cond_t not_full = PTHREAD_COND_INITIALIZER;
static bool full;
static int slot;
static int items; /* that each consumer takes */

static void put(int item)
{
	MUST(pthread_mutex_lock(&lock));
	while (full)
		MUST(pthread_cond_wait(&not_full, &lock));
	slot = item;
	full = true;
	MUST(pthread_cond_signal(&not_empty));
	MUST(pthread_mutex_unlock(&lock));
}

static int get(void)
{
	int item;

	MUST(pthread_mutex_lock(&lock));
	while (!full)
		MUST(pthread_cond_wait(&not_empty, &lock));
	item = slot;
	full = false;
	MUST(pthread_cond_signal(&not_full));
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
