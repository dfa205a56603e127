/*
 * seqlock.c - the reader of a sequence lock waits until nobody writes, and does not look again.
 *
 * Kind: a wrong reader of a sequence lock. Assertion in the reader.
 * Least preemptions: 1. With none the reader reads both numbers before or after they are written.
 * With one: it is left between them.
 * Decisive pair: the write of the second number comes before its read, while that of the first one
 * comes after its own.
 * Classes: 9, of which 5 fail: both numbers old; both new, after a look at 0, at 1 or at 2; the
 * first one old and the second one new, where the assertion, the end of everything, comes before
 * or after the last write (2); the other way round, where it comes before the second number, after
 * it or after the last write (3).
 */
#include "run.h"

#include <assert.h>
#include <stdatomic.h>

static atomic_uint sequence;
static atomic_int low, high;

static void *write_pair(void *unused)
{
	atomic_fetch_add(&sequence, 1);
	atomic_store(&low, 1);
	atomic_store(&high, 1);
	atomic_fetch_add(&sequence, 1);
	return unused;
}

static void *read_pair(void *unused)
{
	int seen_low, seen_high;
	unsigned before;

	do {
		while ((before = atomic_load(&sequence)) % 2)
			;
		seen_low = atomic_load(&low);
		seen_high = atomic_load(&high);
#ifdef FIXED
	} while (atomic_load(&sequence) != before);
#else
	} while (0);
#endif
	assert(seen_low == seen_high);
	return unused;
}

int main(void)
{
	RUN(write_pair, read_pair);
	return 0;
}
