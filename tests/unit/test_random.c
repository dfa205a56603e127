/* test_random.c - execution i of seed s is a function of (s, i) alone; the choices are uniform;
 * runs have the lengths that are promised. */
#include "policy/random.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static struct bitset enabled;

static struct choice choice_of(uint32_t threads)
{
	memset(&enabled, 0, sizeof(enabled));
	/* Numbers with gaps, so that a rank is not taken for a number. */
	for (uint32_t i = 0; i < threads; i++)
		bitset_add(&enabled, 3 + i * 50);
	return (struct choice){.enabled = &enabled, .current = 3, .current_enabled = true};
}

static uint32_t pick(struct policy *policy, const struct choice *choice, uint64_t *quantum)
{
	*quantum = UINT64_MAX;
	return policy->pick(policy->state, choice, quantum);
}

/* The first choices of an execution in one number (FNV-1a). */
static uint64_t digest(struct policy *policy, uint64_t index)
{
	struct choice choice = choice_of(4);
	uint64_t hash = 0xcbf29ce484222325u, quantum;

	policy->begin(policy->state, index);
	for (int i = 0; i < 40; i++) {
		hash = (hash ^ pick(policy, &choice, &quantum)) * 0x100000001b3u;
		hash = (hash ^ quantum) * 0x100000001b3u;
		hash = (hash ^ policy->choose(policy->state, 7)) * 0x100000001b3u;
	}
	return hash;
}

Test(random, execution_is_a_function_of_seed_and_index)
{
	uint64_t forwards[100];
	struct random_state state = {.seed = 5};
	struct policy policy = random_policy(&state);

	for (uint64_t i = 0; i < 100; i++)
		forwards[i] = digest(&policy, i);
	for (uint64_t i = 100; i-- > 0;) {
		struct random_state fresh = {.seed = 5};
		struct policy other = random_policy(&fresh);

		cr_expect(digest(&other, i) == forwards[i], "%lu alone", i);
		cr_expect(digest(&policy, i) == forwards[i], "%lu after another", i);
	}
}

Test(random, seeds_and_indexes_differ)
{
	uint64_t seen[30 * 30];

	for (uint32_t i = 0; i < 30 * 30; i++) {
		struct random_state state = {.seed = i / 30};
		struct policy policy = random_policy(&state);

		seen[i] = digest(&policy, i % 30);
		for (uint32_t j = 0; j < i; j++)
			cr_assert(seen[i] != seen[j]);
	}
}

/* 5,000 for each: 500 is seven standard deviations. */
Test(random, takes_each_thread_as_often)
{
	for (uint32_t threads = 1; threads <= 6; threads++) {
		struct random_state state = {.seed = threads};
		struct policy policy = random_policy(&state);
		struct choice choice = choice_of(threads);
		int taken[6] = {0};
		uint64_t quantum;

		policy.begin(policy.state, 1);
		for (uint32_t i = 0; i < 5000 * threads; i++) {
			uint32_t thread = pick(&policy, &choice, &quantum);

			cr_assert(bitset_has(&enabled, thread));
			taken[bitset_rank(&enabled, thread)]++;
		}
		for (uint32_t i = 0; i < threads; i++)
			cr_expect(abs(taken[i] - 5000) < 500, "%d", taken[i]);
	}
}

/* The others, each as often. */
Test(random, who_yields_lets_others_go)
{
	for (uint32_t current = 0; current < 4; current++) {
		struct random_state state = {.seed = 1};
		struct policy policy = random_policy(&state);
		struct choice choice = choice_of(4);
		int taken[4] = {0};
		uint64_t quantum;

		choice.current = 3 + current * 50;
		choice.yielding = true;
		policy.begin(policy.state, 1);
		for (int i = 0; i < 15000; i++)
			taken[bitset_rank(&enabled, pick(&policy, &choice, &quantum))]++;
		for (uint32_t i = 0; i < 4; i++)
			cr_expect(abs(taken[i] - (i == current ? 0 : 5000)) <
				  (i == current ? 1 : 500));
	}
}

/* One that has asked others to go first but is alone goes on; one that cannot go on is no member
 * anyway. */
Test(random, yield_that_helps_nobody)
{
	struct random_state state = {.seed = 1};
	struct policy policy = random_policy(&state);
	struct choice choice = choice_of(1);
	uint64_t quantum;
	int first = 0;

	policy.begin(policy.state, 1);
	choice.yielding = true;
	for (int i = 0; i < 100; i++)
		cr_expect(pick(&policy, &choice, &quantum) == 3);
	choice = choice_of(2);
	choice.yielding = true;
	choice.current = 1;
	choice.current_enabled = false;
	for (int i = 0; i < 2000; i++)
		first += pick(&policy, &choice, &quantum) == 3;
	cr_expect(first > 850 && first < 1150, "%d", first);
}

Test(random, choose_takes_each_alternative_as_often)
{
	struct random_state state = {.seed = 1};
	struct policy policy = random_policy(&state);

	policy.begin(policy.state, 1);
	for (uint32_t alternatives = 2; alternatives <= 5; alternatives++) {
		int taken[5] = {0};

		for (uint32_t i = 0; i < 5000 * alternatives; i++) {
			uint32_t chosen = policy.choose(policy.state, alternatives);

			cr_assert(chosen < alternatives);
			taken[chosen]++;
		}
		for (uint32_t i = 0; i < alternatives; i++)
			cr_expect(abs(taken[i] - 5000) < 500, "%d", taken[i]);
	}
}

/* ---- how long a thread runs */

/* The mean, over many choices at `step`, of how long the picked thread may go on, rounded to a
 * power of two; 0 where it may never. */
static uint32_t mean_run(struct policy *policy, uint64_t step)
{
	struct choice choice = choice_of(3);
	uint64_t sum = 0, quantum;
	uint32_t mean = 1;

	choice.step = step;
	for (int i = 0; i < 4000; i++) {
		pick(policy, &choice, &quantum);
		sum += quantum;
	}
	if (!sum)
		return 0;
	/* Uniform below twice the mean, so a half less than it; the standard deviation of the
	 * average is 1 percent. */
	while ((uint64_t)mean * 5000 < sum)
		mean *= 2;
	return mean;
}

Test(random, half_of_the_executions_are_uniform_and_the_others_stay)
{
	struct random_state state = {.seed = 1};
	struct policy policy = random_policy(&state);
	int of[65] = {0};

	for (uint64_t i = 0; i < 2000; i++) {
		struct choice choice = choice_of(3);
		uint32_t mean;

		policy.begin(policy.state, i);
		mean = mean_run(&policy, choice.step);
		cr_assert(mean == 0 || mean == 4 || mean == 16 || mean == 64, "%u", mean);
		of[mean]++;
	}
	cr_expect(abs(of[0] - 1000) < 120, "%d", of[0]);
	cr_expect(abs(of[4] - 500) < 100, "%d", of[4]);
	cr_expect(abs(of[16] - 250) < 80, "%d", of[16]);
	cr_expect(abs(of[64] - 250) < 80, "%d", of[64]);
}

/* An execution of which runs have `mean` at first. */
static void begin_with(struct policy *policy, uint32_t mean)
{
	uint64_t index = 0;

	do
		policy->begin(policy->state, index++);
	while (mean_run(policy, 0) != mean && index < 1000);
	cr_assert(index < 1000);
}

Test(random, runs_get_longer_in_long_executions)
{
	static const uint32_t means[] = {0, 4, 16, 64};

	for (size_t i = 0; i < sizeof(means) / sizeof(*means); i++) {
		struct random_state state = {.seed = 1};
		struct policy policy = random_policy(&state);
		uint32_t unit = means[i] ? means[i] : 1, last = 0;

		begin_with(&policy, means[i]);
		cr_expect(mean_run(&policy, (1u << 16) - 1) == means[i]);
		cr_expect(mean_run(&policy, 1u << 16) == 2 * unit);
		cr_expect(mean_run(&policy, 2u << 16) == 4 * unit);
		for (uint64_t step = 1; step < 1ul << 40; step *= 2) {
			uint32_t mean = mean_run(&policy, step);

			cr_expect(mean >= last && mean <= 1024);
			last = mean;
		}
		cr_expect(last == 1024);
	}
}
