/* rng.h - the random numbers of a search.
 *
 * SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014):
 * eight bytes of state, and a stream for each pair (seed, index), so that execution i of seed s
 * depends on nothing else.
 */
#ifndef HEDDLE_BASE_RNG_H
#define HEDDLE_BASE_RNG_H

#include <stdint.h>

struct rng {
	uint64_t state;
};

static inline uint64_t rng_next(struct rng *rng)
{
	uint64_t z = (rng->state += 0x9e3779b97f4a7c15u);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

/* The stream of execution `index` under `seed`. */
static inline struct rng rng_stream(uint64_t seed, uint64_t index)
{
	struct rng rng = {.state = seed};

	rng.state = rng_next(&rng) ^ (index * 0xd1342543de82ef95u);
	rng.state = rng_next(&rng);
	return rng;
}

/* Uniform in [0, bound), bound > 0, by multiplication (Lemire, "Fast random integer generation in
 * an interval", 2019) without the rejection step: the bias is below bound / 2^32. */
static inline uint32_t rng_below(struct rng *rng, uint32_t bound)
{
	return (uint32_t)(((rng_next(rng) >> 32) * bound) >> 32);
}

#endif
