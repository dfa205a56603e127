/* test_rng.c - the numbers are SplitMix64's, every pair (seed, index) has its own, and they spread
 * evenly. */
#include "base/rng.h"

#include <criterion/criterion.h>
#include <stdlib.h>

Test(rng, next_is_splitmix64)
{
	/* The reference program's first numbers for this seed. */
	static const uint64_t known[] = {6457827717110365317u, 3203168211198807973u,
					 9817491932198370423u, 4593380528125082431u,
					 16408922859458223821u};
	struct rng rng = {.state = 1234567};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		cr_expect(rng_next(&rng) == known[i], "number %zu", i);
}

static int compare(const void *a, const void *b)
{
	uint64_t one = *(const uint64_t *)a, other = *(const uint64_t *)b;

	return (one > other) - (one < other);
}

#define SEEDS	200u
#define INDEXES 500u

Test(rng, every_seed_and_index_has_its_own_stream)
{
	static uint64_t first[SEEDS * INDEXES];

	for (uint64_t seed = 0; seed < SEEDS; seed++)
		for (uint64_t index = 0; index < INDEXES; index++) {
			struct rng rng = rng_stream(seed, index), again = rng_stream(seed, index);

			first[seed * INDEXES + index] = rng_next(&rng);
			cr_assert(rng_next(&again) == first[seed * INDEXES + index]);
		}
	qsort(first, SEEDS * INDEXES, sizeof(*first), compare);
	for (uint32_t i = 1; i < SEEDS * INDEXES; i++)
		cr_assert(first[i] != first[i - 1]);
}

Test(rng, half_of_the_bits_differ_between_neighbours)
{
	int bits = 0;

	for (uint64_t i = 0; i < 1000; i++) {
		struct rng one = rng_stream(1, i), next = rng_stream(1, i + 1);
		struct rng other = rng_stream(2, i);
		uint64_t number = rng_next(&one);

		bits += __builtin_popcountl(number ^ rng_next(&next));
		bits += __builtin_popcountl(number ^ rng_next(&other));
	}
	/* 128,000 coins: a deviation of 1,000 is more than five times the standard one. */
	cr_expect(bits > 63000 && bits < 65000, "%d", bits);
}

Test(rng, below_stays_below)
{
	static const uint32_t bounds[] = {1, 2, 3, 7, 64, 1000, 0x80000000u, UINT32_MAX};
	struct rng rng = {.state = 9};

	for (size_t b = 0; b < sizeof(bounds) / sizeof(*bounds); b++)
		for (int i = 0; i < 10000; i++)
			cr_assert(rng_below(&rng, bounds[b]) < bounds[b]);
}

/* 10,000 for each number: 600 is six standard deviations. */
Test(rng, below_takes_each_number_as_often)
{
	for (uint32_t bound = 2; bound <= 9; bound++) {
		struct rng rng = rng_stream(3, bound);
		int taken[9] = {0};

		for (uint32_t i = 0; i < 10000 * bound; i++)
			taken[rng_below(&rng, bound)]++;
		for (uint32_t i = 0; i < bound; i++)
			cr_expect(abs(taken[i] - 10000) < 600, "%u of %u: %d", i, bound, taken[i]);
	}
}
