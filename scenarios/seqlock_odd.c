/*
 * seqlock_odd.c [R [N]] - R readers (default 1, at most 8) take a pair of numbers that a writer
 * changes N times (default 1) under a sequence lock.
 *
 * Shows: that nothing has changed meanwhile does not mean that nothing was under way.
 * Bug: the reader compares the sequence number before and behind, but does not ask whether it is
 * odd. While the writer stands between the two halves of the pair the number is the same all the
 * time.
 * Fixed twin: seqlock.c.
 *
 * Verdict: assertion, under random, dfs and dpor.
 * Interleavings: 126 for R = N = 1, of which 5 fail (by enumeration).
 * Classes: 9 with the first look at 0 and 1 with it at 2, as in seqlock.c. At 1, each half is seen
 * old or new; the last look is at 1 or 2: 8. That makes 18, of which 2 fail: the first and the last
 * look at 1, one half old, the other one new. Readers do not disturb each other: 18^R for N = 1, of
 * which 18^R - 16^R fail. For R = 1 and N = 2: 67, of which 4 fail (by enumeration).
 * Fewest preemptions: 1 (the writer is stopped between the halves).
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
