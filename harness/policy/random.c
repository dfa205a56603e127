#include "policy/random.h"

#define STAY_LOG_MAX 10u
#define GROW_EVERY   16u /* log2 of the operations after which runs get twice as long */

static void random_begin(void *argument, uint64_t index)
{
	static const uint8_t stay_logs[8] = {0, 0, 0, 0, 2, 2, 4, 6};
	struct random_state *state = argument;

	state->rng = rng_stream(state->seed, index);
	state->stay_log = stay_logs[rng_next(&state->rng) >> 61];
}

static uint32_t stay_log_at(const struct random_state *state, uint64_t step)
{
	uint64_t grown = step >> GROW_EVERY;
	uint32_t log = state->stay_log;

	while (grown && log < STAY_LOG_MAX) {
		grown >>= 1;
		log++;
	}
	return log;
}

static uint32_t pick_any(struct random_state *state, const struct choice *choice)
{
	uint32_t count = choice->enabled->count, rank;

	if (!choice->yielding || !choice->current_enabled || count == 1)
		return bitset_at(choice->enabled, count == 1 ? 0 : rng_below(&state->rng, count));
	rank = rng_below(&state->rng, count - 1);
	rank += rank >= bitset_rank(choice->enabled, choice->current);
	return bitset_at(choice->enabled, rank);
}

static uint32_t random_pick(void *argument, const struct choice *choice, uint64_t *quantum)
{
	struct random_state *state = argument;
	uint32_t log = stay_log_at(state, choice->step);

	/* Uniform in [0, 2^(log+1)): as good as geometric here, and it needs no logarithm. */
	*quantum = log ? rng_next(&state->rng) & ((2ul << log) - 1) : 0;
	return pick_any(state, choice);
}

static uint32_t random_choose(void *argument, uint32_t alternatives)
{
	struct random_state *state = argument;

	return rng_below(&state->rng, alternatives);
}

struct policy random_policy(struct random_state *state)
{
	return (struct policy){.state = state,
			       .begin = random_begin,
			       .pick = random_pick,
			       .choose = random_choose};
}
