#include "policy/replay.h"

static void replay_begin(void *argument, uint64_t index)
{
	struct replay_state *state = argument;

	(void)index;
	state->at = 0;
	state->diverged = false;
}

static uint32_t replay_pick(void *argument, const struct choice *choice, uint64_t *quantum)
{
	struct replay_state *state = argument;
	const struct replay_step *step = &state->steps[state->at];

	*quantum = 0;
	if (state->diverged || state->at >= state->count)
		return bitset_at(choice->enabled, 0);
	if (step->thread >= BITSET_MAX || !bitset_has(choice->enabled, step->thread) ||
	    state->announced(step->thread) != (enum op)step->op) {
		state->diverged = true;
		return bitset_at(choice->enabled, 0);
	}
	state->at++;
	return step->thread;
}

static uint32_t replay_choose(void *argument, uint32_t alternatives)
{
	struct replay_state *state = argument;
	const struct replay_step *step = &state->steps[state->at];

	if (state->diverged || state->at >= state->count)
		return 0;
	if (step->op != OP_CHOOSE || step->chosen >= alternatives) {
		state->diverged = true;
		return 0;
	}
	state->at++;
	return step->chosen;
}

void replay_pass(struct replay_state *state, uint32_t thread, enum op op)
{
	const struct replay_step *step = &state->steps[state->at];

	if (state->diverged || state->at >= state->count)
		return;
	if (step->thread != thread || step->op != op)
		state->diverged = true;
	else
		state->at++;
}

struct policy replay_policy(struct replay_state *state)
{
	return (struct policy){.state = state,
			       .begin = replay_begin,
			       .pick = replay_pick,
			       .choose = replay_choose};
}
