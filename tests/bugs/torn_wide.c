/*
 * torn_wide.c - a counter of 128 bits is kept in two atomic halves.
 *
 * Kind: torn 128-bit value. Assertion in the reader, for which time goes backwards.
 * Least preemptions: 1. With none the counter is read before or after the carry. With one: the
 * writer is left when the low half has wrapped and the high one has not been changed.
 * Decisive pair: the reader's read of the high half comes before the write of it.
 * Classes: 5, of which 2 fail: each half is read before or after it is written (4); where the low
 * one is new and the high one old, the assertion, the end of everything, comes before or after its
 * write.
 */
#include "run.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdint.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static _Atomic uint64_t low = UINT64_MAX, high;

static void *tick(void *unused)
{
#ifdef FIXED
	pthread_mutex_lock(&lock);
#endif
	if (atomic_fetch_add(&low, 1) == UINT64_MAX)
		atomic_fetch_add(&high, 1);
#ifdef FIXED
	pthread_mutex_unlock(&lock);
#endif
	return unused;
}

static void *read_clock(void *unused)
{
	uint64_t seen_low, seen_high;

	pthread_mutex_lock(&lock);
	seen_low = atomic_load(&low);
	seen_high = atomic_load(&high);
	pthread_mutex_unlock(&lock);
	assert(((unsigned __int128)seen_high << 64 | seen_low) >= UINT64_MAX);
	return unused;
}

int main(void)
{
	RUN(tick, read_clock);
	return 0;
}
