/*
 * chase_lev.c [N [T]] - the owner of a work-stealing deque puts N items (default 1) into it and
 * takes them out again at the same end, while T thieves (default 1) steal one each at the other.
 *
 * Shows: the owner needs no atomic read-modify-write operation except for the last item, which both
 * ends can reach (Chase and Lev, "Dynamic circular work-stealing deque", 2005).
 * Fixed twin of: chase_lev_last.c.
 *
 * Verdict: passed, under random, dfs and dpor.
 * Interleavings: 263 for N = T = 1; classes: 8, for N and T of 2 and 1: 17, of 1 and 2: 62 (by
 * enumeration).
 */
#include "must.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#define ITEMS_MAX   8
#define THIEVES_MAX 8

static int count;
/* Items are at places from top up to before bottom. Only the owner writes bottom. */
static atomic_int top, bottom;
/* Atomic, because a thief may read a place that it will not get. */
static atomic_int items[ITEMS_MAX];
static atomic_int taken[ITEMS_MAX];

static void put(int item)
{
	int b = atomic_load_explicit(&bottom, memory_order_relaxed);

	atomic_store(&items[b], item);
	atomic_store(&bottom, b + 1);
}

/* The item, or -1 when there is none. */
static int take(void)
{
	int b = atomic_load_explicit(&bottom, memory_order_relaxed) - 1, t, item;

	atomic_store(&bottom, b);
	t = atomic_load(&top);
	if (t < b)
		return atomic_load(&items[b]);
	item = t == b ? atomic_load(&items[b]) : -1;
	if (t == b && !atomic_compare_exchange_strong(&top, &t, t + 1))
		item = -1;
	atomic_store(&bottom, b + 1);
	return item;
}

/* The item, or -1 when there is none or another one was faster. */
static int steal(void)
{
	int t = atomic_load(&top), item;

	if (t >= atomic_load(&bottom))
		return -1;
	item = atomic_load(&items[t]);
	return atomic_compare_exchange_strong(&top, &t, t + 1) ? item : -1;
}

static void *own(void *unused)
{
	for (int item = 0; item < count; item++)
		put(item);
	for (int i = 0; i < count; i++) {
		int item = take();

		if (item >= 0)
			taken[item]++;
	}
	return unused;
}

static void *rob(void *unused)
{
	int item = steal();

	if (item >= 0)
		taken[item]++;
	return unused;
}

int main(int argc, char **argv)
{
	int thieves = argc > 2 ? atoi(argv[2]) : 1;
	pthread_t threads[THIEVES_MAX + 1];

	count = argc > 1 ? atoi(argv[1]) : 1;
	assert(count <= ITEMS_MAX && thieves <= THIEVES_MAX);
	MUST(pthread_create(&threads[thieves], NULL, own, NULL));
	for (int i = 0; i < thieves; i++)
		MUST(pthread_create(&threads[i], NULL, rob, NULL));
	for (int i = 0; i <= thieves; i++)
		MUST(pthread_join(threads[i], NULL));
	for (int item = 0; item < count; item++)
		assert(taken[item] == 1);
	return 0;
}
