/* wide.h - 128-bit compare-and-exchange without libatomic. */
#ifndef HEDDLE_CC_WIDE_H
#define HEDDLE_CC_WIDE_H

#include <stdbool.h>
#include <stdint.h>

typedef unsigned __int128 wide_t;

/* If `*address` is `*expected`, stores `desired` there and returns true; else stores what is there
 * in `*expected` and returns false. Sequentially consistent. Requires: `address` is a multiple of
 * 16 and can be written to. */
static inline bool wide_compare_exchange(volatile wide_t *address, wide_t *expected, wide_t desired)
{
	uint64_t low = (uint64_t)*expected, high = (uint64_t)(*expected >> 64);
	bool done;

	__asm__ volatile("lock cmpxchg16b %[at]"
			 : "=@ccz"(done), [at] "+m"(*address), "+a"(low), "+d"(high)
			 : "b"((uint64_t)desired), "c"((uint64_t)(desired >> 64))
			 : "memory");
	*expected = (wide_t)high << 64 | low;
	return done;
}

/* The cheapest read of which each half is right, to be confirmed by wide_compare_exchange(). */
static inline wide_t wide_guess(const volatile wide_t *address)
{
	const volatile uint64_t *half = (const volatile uint64_t *)address;

	return (wide_t)half[1] << 64 | half[0];
}

static inline wide_t wide_load(const volatile wide_t *address)
{
	wide_t value = 0;

	wide_compare_exchange((volatile wide_t *)address, &value, 0);
	return value;
}

#endif
