/* test_replay.c - a list of steps is followed to its end; the first one that the program does not
 * go along with is told. */
#include "policy/replay.h"

#include <criterion/criterion.h>
#include <string.h>

#define THREADS 5

static struct bitset enabled;

/* Thread t announces operation OP_LOCK + t. */
static enum op announced_by(uint32_t thread)
{
	return (enum op)(OP_LOCK + thread);
}

static const struct replay_step steps[] = {
	{.thread = 2, .op = OP_LOCK + 2}, {.thread = 4, .op = OP_LOCK + 4},
	{.op = OP_CHOOSE, .chosen = 3},	  {.thread = 1, .op = OP_LOCK + 1},
	{.thread = 1, .op = OP_LOCK + 1},
};

#define STEPS (sizeof(steps) / sizeof(*steps))

static struct replay_state state_of(const struct replay_step *list, uint64_t count)
{
	memset(&enabled, 0, sizeof(enabled));
	for (uint32_t i = 1; i < THREADS; i++)
		bitset_add(&enabled, i);
	return (struct replay_state){.steps = list, .count = count, .announced = announced_by};
}

static uint32_t pick(struct replay_state *state)
{
	struct policy policy = replay_policy(state);
	struct choice choice = {.enabled = &enabled, .current = 1, .current_enabled = true};
	uint64_t quantum = 1;
	uint32_t thread = policy.pick(policy.state, &choice, &quantum);

	/* Each step is asked for. */
	cr_expect(quantum == 0);
	cr_expect(bitset_has(&enabled, thread));
	return thread;
}

static uint32_t choose(struct replay_state *state, uint32_t alternatives)
{
	struct policy policy = replay_policy(state);

	return policy.choose(policy.state, alternatives);
}

static void begin(struct replay_state *state)
{
	struct policy policy = replay_policy(state);

	policy.begin(policy.state, 0);
}

static void follow(struct replay_state *state)
{
	cr_expect(pick(state) == 2);
	cr_expect(pick(state) == 4);
	cr_expect(choose(state, 4) == 3);
	cr_expect(pick(state) == 1);
	cr_expect(pick(state) == 1);
	cr_expect(state->at == STEPS && !state->diverged);
}

Test(replay, follows_the_list)
{
	struct replay_state state = state_of(steps, STEPS);

	begin(&state);
	follow(&state);
}

Test(replay, follows_it_again)
{
	struct replay_state state = state_of(steps, STEPS);

	begin(&state);
	follow(&state);
	state.diverged = true;
	begin(&state);
	follow(&state);
}

/* That is no divergence: a plan may end where it is interesting. */
Test(replay, lowest_goes_on_after_the_end)
{
	struct replay_state state = state_of(steps, STEPS);

	begin(&state);
	follow(&state);
	for (int i = 0; i < 3; i++) {
		cr_expect(pick(&state) == 1);
		cr_expect(choose(&state, 4) == 0);
	}
	cr_expect(!state.diverged && state.at == STEPS);
}

Test(replay, empty_list)
{
	struct replay_state state = state_of(NULL, 0);

	begin(&state);
	cr_expect(pick(&state) == 1 && choose(&state, 2) == 0 && !state.diverged);
}

/* After a divergence nothing of the list is taken, and its place stays. */
static void expect_divergence(struct replay_state *state, uint64_t at)
{
	cr_expect(state->diverged && state->at == at);
	for (int i = 0; i < 3; i++) {
		cr_expect(pick(state) == 1);
		cr_expect(choose(state, 4) == 0);
	}
	cr_expect(state->diverged && state->at == at);
}

Test(replay, thread_that_is_not_enabled)
{
	struct replay_state state = state_of(steps, STEPS);

	begin(&state);
	cr_expect(pick(&state) == 2);
	bitset_remove(&enabled, 4);
	cr_expect(pick(&state) == 1);
	bitset_add(&enabled, 4);
	expect_divergence(&state, 1);
}

Test(replay, thread_that_announced_another_operation)
{
	static const struct replay_step other[] = {{.thread = 2, .op = OP_LOCK + 2},
						   {.thread = 4, .op = OP_LOCK + 3},
						   {.thread = 2, .op = OP_LOCK + 2}};
	struct replay_state state = state_of(other, 3);

	begin(&state);
	cr_expect(pick(&state) == 2);
	cr_expect(pick(&state) == 1);
	expect_divergence(&state, 1);
}

/* No thread has such a number: the trace is of another program, or was edited. */
Test(replay, thread_that_cannot_be)
{
	static const uint32_t numbers[] = {THREADS, BITSET_MAX - 1, BITSET_MAX, UINT32_MAX};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		const struct replay_step list[] = {{.thread = numbers[i], .op = OP_LOCK}};
		struct replay_state state = state_of(list, 1);

		begin(&state);
		cr_expect(pick(&state) == 1);
		expect_divergence(&state, 0);
	}
}

Test(replay, choice_where_a_step_was_expected)
{
	struct replay_state state = state_of(steps, STEPS);

	begin(&state);
	cr_expect(choose(&state, 4) == 0);
	expect_divergence(&state, 0);
}

Test(replay, step_where_a_choice_was_expected)
{
	struct replay_state state = state_of(steps, STEPS);

	begin(&state);
	pick(&state);
	pick(&state);
	cr_expect(pick(&state) == 1);
	expect_divergence(&state, 2);
}

/* One alternative less than the list needs. */
Test(replay, choice_with_fewer_alternatives)
{
	struct replay_state state = state_of(steps, STEPS);

	begin(&state);
	pick(&state);
	pick(&state);
	cr_expect(choose(&state, 3) == 0);
	expect_divergence(&state, 2);
}

/* What was done without a choice is in the list, too. */
Test(replay, passes_what_was_not_chosen)
{
	struct replay_state state = state_of(steps, STEPS);

	begin(&state);
	replay_pass(&state, 2, OP_LOCK + 2);
	cr_expect(pick(&state) == 4 && !state.diverged);
	replay_pass(&state, 1, OP_LOCK + 1);
	cr_expect(state.diverged && state.at == 2);
}
