#include "policy/replay.h"

/* How far ahead in the list, and in how many of its own steps there, a thread is looked for that
 * wants to do something else than is its turn. */
#define AHEAD_STEPS  64u
#define AHEAD_OF_OWN 4u
/* So many picks beside the list, then the step that they wait for is given up. */
#define BESIDE_MAX 64u
/* Behind the list's end each thread goes on for so long: any of them may be waited for. */
#define TURN 64u

static void replay_begin(void *argument, uint64_t index)
{
	struct replay_state *state = argument;

	(void)index;
	state->at = 0;
	state->beside = 0;
	state->diverged = false;
}

static bool may_go(const struct choice *choice, uint32_t thread)
{
	return thread < BITSET_MAX && bitset_has(choice->enabled, thread);
}

/* Whether one of the thread's next steps in the list is to do `op`. */
static bool comes_later(const struct replay_state *state, uint32_t thread, enum op op)
{
	uint64_t end = state->at + AHEAD_STEPS;
	unsigned own = 0;

	for (uint64_t i = state->at + 1; i < end && i < state->count && own < AHEAD_OF_OWN; i++) {
		if (state->steps[i].thread != thread)
			continue;
		if (state->steps[i].op == op)
			return true;
		own++;
	}
	return false;
}

/* Somebody whose turn comes soon: who has it now may wait for that. */
static uint32_t next_that_can(const struct replay_state *state, const struct choice *choice)
{
	uint64_t end = state->at + AHEAD_STEPS;

	for (uint64_t i = state->at + 1; i < end && i < state->count; i++)
		if (may_go(choice, state->steps[i].thread))
			return state->steps[i].thread;
	return bitset_at(choice->enabled, 0);
}

static uint32_t pick_in_turn(struct replay_state *state, const struct choice *choice)
{
	uint64_t turn = state->beside++ / TURN;

	return bitset_at(choice->enabled, (uint32_t)(turn % choice->enabled->count));
}

static uint32_t pick_loosely(struct replay_state *state, const struct choice *choice)
{
	while (state->at < state->count) {
		const struct replay_step *step = &state->steps[state->at];
		bool can_go = may_go(choice, step->thread);
		enum op op = can_go ? state->announced(step->thread) : OP_NONE;

		if (can_go && op == (enum op)step->op) {
			state->at++;
			state->beside = 0;
			return step->thread;
		}
		if (state->beside < BESIDE_MAX &&
		    !(can_go && comes_later(state, step->thread, op))) {
			state->beside++;
			return can_go ? step->thread : next_that_can(state, choice);
		}
		state->at++;
	}
	return pick_in_turn(state, choice);
}

static uint32_t replay_pick(void *argument, const struct choice *choice, uint64_t *quantum)
{
	struct replay_state *state = argument;
	const struct replay_step *step = &state->steps[state->at];

	*quantum = 0;
	if (state->is_loose)
		return pick_loosely(state, choice);
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
	if (state->is_loose && (step->op != OP_CHOOSE || step->chosen >= alternatives))
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
	if (step->thread == thread && step->op == op)
		state->at++;
	else
		state->diverged = !state->is_loose;
}

struct policy replay_policy(struct replay_state *state)
{
	return (struct policy){.state = state,
			       .begin = replay_begin,
			       .pick = replay_pick,
			       .choose = replay_choose};
}
