#include "policy/dfs.h"

static void dfs_begin(void *argument, uint64_t index)
{
	struct dfs_state *state = argument;

	(void)index;
	state->at = 0;
	state->weight = 1;
	state->differs = state->cut = false;
}

static uint32_t choose(struct dfs_state *state, uint32_t alternatives, uint16_t fingerprint)
{
	uint32_t at = state->at++;

	state->weight /= alternatives;
	if (at >= state->room) {
		state->cut = true;
		return 0;
	}
	if (at >= state->depth) {
		state->frames[at] = (struct dfs_frame){.limit = (uint16_t)alternatives,
						       .count = (uint16_t)alternatives,
						       .fingerprint = fingerprint};
		state->depth = at + 1;
	}
	if (state->frames[at].count != alternatives ||
	    state->frames[at].fingerprint != fingerprint) {
		state->differs = true;
		return 0;
	}
	return state->frames[at].chosen;
}

static uint32_t dfs_choose(void *state, uint32_t alternatives)
{
	return choose(state, alternatives, 0);
}

/* In the order of numbers, but who has asked that others go first comes last: a loop that never
 * ends would else be the first execution. */
static uint32_t dfs_pick(void *state, const struct choice *choice, uint64_t *quantum)
{
	uint32_t count = choice->enabled->count, at = choose(state, count, choice->fingerprint);

	*quantum = 0;
	if (!choice->yielding || !choice->current_enabled)
		return bitset_at(choice->enabled, at);
	if (at == count - 1)
		return choice->current;
	return bitset_at(choice->enabled, at + (bitset_at(choice->enabled, at) >= choice->current));
}

bool dfs_advance(struct dfs_state *state)
{
	while (state->depth) {
		struct dfs_frame *frame = &state->frames[state->depth - 1];

		if (frame->chosen + 1 < frame->limit) {
			frame->chosen++;
			return true;
		}
		state->depth--;
	}
	return false;
}

struct policy dfs_policy(struct dfs_state *state)
{
	return (struct policy){
		.state = state, .begin = dfs_begin, .pick = dfs_pick, .choose = dfs_choose};
}
