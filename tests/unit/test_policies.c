/* test_policies.c - the strategies, on trees and schedules whose size is known. */
#include "policy/dfs.h"
#include "policy/random.h"
#include "policy/replay.h"

#include <criterion/criterion.h>
#include <string.h>

#define FRAMES 64

static struct bitset enabled;

static struct choice choice_of(uint32_t threads, uint32_t current)
{
	memset(&enabled, 0, sizeof(enabled));
	for (uint32_t i = 0; i < threads; i++)
		bitset_add(&enabled, i);
	return (struct choice){.enabled = &enabled, .current = current, .current_enabled = true};
}

static uint32_t pick(struct policy *policy, const struct choice *choice)
{
	uint64_t quantum;

	return policy->pick(policy->state, choice, &quantum);
}

Test(policies, random_is_a_function_of_seed_and_index)
{
	struct random_state one = {.seed = 5}, two = {.seed = 5};
	struct policy a = random_policy(&one), b = random_policy(&two);
	struct choice choice = choice_of(4, 0);
	int different = 0;

	a.begin(a.state, 7);
	for (int i = 0; i < 100; i++)
		pick(&a, &choice);
	a.begin(a.state, 12);
	b.begin(b.state, 12);
	for (int i = 0; i < 1000; i++)
		cr_assert(pick(&a, &choice) == pick(&b, &choice));
	b.begin(b.state, 13);
	for (int i = 0; i < 1000; i++)
		different += pick(&a, &choice) != pick(&b, &choice);
	cr_expect(different > 500);
}

Test(policies, random_takes_every_thread)
{
	struct random_state state = {.seed = 1};
	struct policy policy = random_policy(&state);
	struct choice choice = choice_of(5, 0);
	int taken[5] = {0};

	policy.begin(policy.state, 1);
	for (int i = 0; i < 5000; i++)
		taken[pick(&policy, &choice)]++;
	for (int i = 0; i < 5; i++)
		cr_expect(taken[i] > 850 && taken[i] < 1150);
}

Test(policies, who_yields_does_not_go_on)
{
	struct random_state state = {.seed = 1};
	struct policy policy = random_policy(&state);
	struct choice choice = choice_of(3, 1);

	choice.yielding = true;
	policy.begin(policy.state, 1);
	for (int i = 0; i < 1000; i++)
		cr_assert(pick(&policy, &choice) != 1);
}

/* A tree in which the number of alternatives depends on the path: 3 below the first child of the
 * root, else 2, to a depth of
 * 4. Returns the leaf's number. */
static uint32_t walk(struct policy *policy)
{
	uint32_t leaf = policy->choose(policy->state, 2), three = !leaf;

	for (int depth = 0; depth < 3; depth++)
		leaf = leaf * 3 + policy->choose(policy->state, three ? 3 : 2);
	return leaf;
}

#define LEAVES (27 + 8)

Test(policies, dfs_takes_every_leaf_once)
{
	struct dfs_frame frames[FRAMES] = {{0}};
	struct dfs_state state = {.frames = frames, .room = FRAMES};
	struct policy policy = dfs_policy(&state);
	int seen[64] = {0}, leaves = 0;
	double sum = 0;

	do {
		policy.begin(policy.state, 0);
		seen[walk(&policy)]++;
		sum += state.weight;
		leaves++;
	} while (dfs_advance(&state));
	cr_expect(leaves == LEAVES);
	for (int i = 0; i < 64; i++)
		cr_expect(seen[i] <= 1);
	cr_expect(sum > 0.999999 && sum < 1.000001);
	cr_expect(!state.cut && !state.differs);
}

/* One search gives the rest of its root away, another takes it. */
Test(policies, dfs_gives_a_subtree_away)
{
	struct dfs_frame frames[FRAMES] = {{0}}, given[FRAMES] = {{0}};
	struct dfs_state one = {.frames = frames, .room = FRAMES};
	struct dfs_state two = {.frames = given, .room = FRAMES, .depth = 1};
	struct policy a = dfs_policy(&one), b = dfs_policy(&two);
	int leaves = 0;

	a.begin(a.state, 0);
	walk(&a);
	leaves++;
	given[0] = frames[0];
	given[0].chosen = 1;
	frames[0].limit = 1;
	for (; dfs_advance(&one); leaves++) {
		a.begin(a.state, 0);
		walk(&a);
	}
	cr_expect(leaves == 27);
	do {
		b.begin(b.state, 0);
		walk(&b);
		leaves++;
	} while (dfs_advance(&two));
	cr_expect(leaves == LEAVES);
}

Test(policies, dfs_says_when_it_is_cut)
{
	struct dfs_frame frames[2] = {{0}};
	struct dfs_state state = {.frames = frames, .room = 2};
	struct policy policy = dfs_policy(&state);

	policy.begin(policy.state, 0);
	walk(&policy);
	cr_expect(state.cut);
}

Test(policies, dfs_notices_a_program_that_is_not_deterministic)
{
	struct dfs_frame frames[FRAMES] = {{0}};
	struct dfs_state state = {.frames = frames, .room = FRAMES};
	struct policy policy = dfs_policy(&state);

	policy.begin(policy.state, 0);
	policy.choose(policy.state, 2);
	policy.choose(policy.state, 2);
	cr_assert(dfs_advance(&state));
	policy.begin(policy.state, 0);
	policy.choose(policy.state, 3);
	cr_expect(state.differs);
}

static enum op announced_by(uint32_t thread)
{
	return thread == 2 ? OP_UNLOCK : OP_LOCK;
}

Test(policies, replay_follows_and_notices)
{
	const struct replay_step steps[] = {
		{.thread = 1, .op = OP_LOCK},
		{.thread = 2, .op = OP_UNLOCK},
		{.op = OP_CHOOSE, .chosen = 3},
		{.thread = 2, .op = OP_LOCK},
	};
	struct replay_state state = {.steps = steps, .count = 4, .announced = announced_by};
	struct policy policy = replay_policy(&state);
	struct choice choice = choice_of(3, 0);

	policy.begin(policy.state, 0);
	cr_expect(pick(&policy, &choice) == 1);
	cr_expect(pick(&policy, &choice) == 2);
	cr_expect(policy.choose(policy.state, 5) == 3);
	cr_expect(!state.diverged);
	pick(&policy, &choice);
	cr_expect(state.diverged && state.at == 3);
}

Test(policies, replay_notices_who_is_not_enabled)
{
	const struct replay_step steps[] = {{.thread = 9, .op = OP_LOCK}};
	struct replay_state state = {.steps = steps, .count = 1, .announced = announced_by};
	struct policy policy = replay_policy(&state);
	struct choice choice = choice_of(3, 0);

	policy.begin(policy.state, 0);
	pick(&policy, &choice);
	cr_expect(state.diverged);
}
