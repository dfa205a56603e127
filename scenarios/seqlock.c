/*
 * seqlock.c [R [N]] - R readers (default 1, at most 8) take a pair of numbers that a writer
 * changes N times (default 1) under a sequence lock.
 *
 * Shows: readers that write nothing. The sequence number is odd while the pair is being changed;
 * what was read counts if the number was even before and is the same behind. A reader looks once
 * and goes without where it was unlucky, as an interrupt handler has to. The pair is atomic,
 * because it is read while it is written (Boehm, "Can seqlocks get along with programming
 * language memory models?", 2012).
 * Fixed twin of: seqlock_odd.c.
 *
 * Verdict: passed, under random, dfs and dpor.
 * Interleavings: 95 for R = N = 1 (by enumeration).
 * Classes: a reader's first look is at 1 (and it goes), at 2 (and all the rest follows), or at 0.
 * Then it sees the low half old or new, the high half old or new, and the number at 0, 1 or 2,
 * with 0 only where both were old: 2 + 3 * 2 + 3 = 11. Readers do not disturb each other: 11^R
 * for N = 1. For R = 1 and N = 2: 37 (by enumeration).
 */
#include "must.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#define READERS_MAX 8

static int rounds;
static atomic_uint sequence;
static atomic_int low, high;

static void write_pair(int value)
{
	unsigned before = atomic_load_explicit(&sequence, memory_order_relaxed);

	atomic_store(&sequence, before + 1);
	atomic_store(&low, value);
	atomic_store(&high, value);
	atomic_store(&sequence, before + 2);
}

/* False when a writer was at it. */
static bool read_pair(int *seen_low, int *seen_high)
{
	unsigned before = atomic_load(&sequence);

	if (before % 2)
		return false;
	*seen_low = atomic_load(&low);
	*seen_high = atomic_load(&high);
	return atomic_load(&sequence) == before;
}

static void *write_all(void *unused)
{
	for (int i = 1; i <= rounds; i++)
		write_pair(i);
	return unused;
}

static void *read_once(void *unused)
{
	int seen_low = 0, seen_high = 0;
	bool is_whole = !read_pair(&seen_low, &seen_high) || seen_low == seen_high;

	(void)unused;
	return (void *)(intptr_t)is_whole;
}

int main(int argc, char **argv)
{
	int readers = argc > 1 ? atoi(argv[1]) : 1;
	pthread_t threads[READERS_MAX + 1];
	void *is_whole[READERS_MAX];

	rounds = argc > 2 ? atoi(argv[2]) : 1;
	assert(readers <= READERS_MAX);
	MUST(pthread_create(&threads[readers], NULL, write_all, NULL));
	for (int i = 0; i < readers; i++)
		MUST(pthread_create(&threads[i], NULL, read_once, NULL));
	MUST(pthread_join(threads[readers], NULL));
	for (int i = 0; i < readers; i++)
		MUST(pthread_join(threads[i], &is_whole[i]));
	for (int i = 0; i < readers; i++)
		assert(is_whole[i]);
	return 0;
}
