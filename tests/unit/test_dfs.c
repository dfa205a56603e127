/* test_dfs.c - every leaf of a tree of choices once and none twice, also where searches give parts
 * of it to others. */
#include "policy/dfs.h"

#include "base/rng.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH  12
#define LEAVES 100000u

/* A tree that is a function of its seed: `shape` of a node says how many children it has. */
static uint64_t shape_of(uint64_t shape, uint32_t child)
{
	struct rng rng = rng_stream(shape, child + 1);

	return rng_next(&rng);
}

/* 0 at a leaf, else 2 to 5; at most `depth` choices. */
static uint32_t alternatives_at(uint64_t shape, int depth)
{
	struct rng rng = rng_stream(shape, 0);

	if (depth == DEPTH || !rng_below(&rng, 4))
		return 0;
	return 2 + rng_below(&rng, 10) / 4 + !rng_below(&rng, 8);
}

/* Leaves are known by their shape, which no other node has. */
static uint64_t expected[LEAVES], got[LEAVES];
static uint32_t expected_count, got_count;

static void leaves_list(uint64_t shape, int depth)
{
	uint32_t alternatives = alternatives_at(shape, depth);

	if (!alternatives && expected_count < LEAVES)
		expected[expected_count++] = shape;
	for (uint32_t i = 0; i < alternatives && expected_count < LEAVES; i++)
		leaves_list(shape_of(shape, i), depth + 1);
}

/* A search over a tree, in a place of its own. */
struct search {
	struct dfs_frame frames[DEPTH];
	struct dfs_state state;
};

static void search_init(struct search *search, uint32_t room)
{
	memset(search, 0, sizeof(*search));
	search->state = (struct dfs_state){.frames = search->frames, .room = room};
}

/* One execution. The choices alternate between threads, with gaps between their numbers, and
 * values. */
static uint64_t walk(struct search *search, uint64_t shape)
{
	struct policy policy = dfs_policy(&search->state);
	static struct bitset enabled;
	uint32_t alternatives, taken;

	policy.begin(policy.state, 0);
	for (int depth = 0; (alternatives = alternatives_at(shape, depth)) != 0; depth++) {
		struct choice choice = {.enabled = &enabled};
		uint64_t quantum = 1;

		memset(&enabled, 0, sizeof(enabled));
		for (uint32_t i = 0; i < alternatives; i++)
			bitset_add(&enabled, 1 + 30 * i);
		if (depth % 2)
			taken = policy.choose(policy.state, alternatives);
		else
			taken = bitset_rank(&enabled, policy.pick(policy.state, &choice, &quantum));
		cr_assert(taken < alternatives && quantum == (uint64_t)depth % 2);
		shape = shape_of(shape, taken);
	}
	return shape;
}

static int compare(const void *a, const void *b)
{
	uint64_t one = *(const uint64_t *)a, other = *(const uint64_t *)b;

	return (one > other) - (one < other);
}

static void expect_every_leaf_once(void)
{
	cr_assert(got_count == expected_count, "%u leaves of %u", got_count, expected_count);
	qsort(expected, expected_count, sizeof(*expected), compare);
	qsort(got, got_count, sizeof(*got), compare);
	cr_expect(!memcmp(expected, got, got_count * sizeof(*got)));
}

static void expect_near(double value, double target)
{
	cr_expect(value > target - 1e-9 && value < target + 1e-9, "%.12f", value);
}

/* Prepares the tree of `seed`: false where it is too large to be worth the time. */
static bool tree_begin(uint64_t seed)
{
	expected_count = got_count = 0;
	leaves_list(seed, 0);
	return expected_count < 20000;
}

Test(dfs, takes_every_leaf_once)
{
	int trees = 0;

	for (uint64_t seed = 0; trees < 60; seed++) {
		struct search search;
		double sum = 0;

		if (!tree_begin(seed))
			continue;
		search_init(&search, DEPTH);
		do {
			cr_assert(got_count < expected_count);
			got[got_count++] = walk(&search, seed);
			sum += search.state.weight;
		} while (dfs_advance(&search.state));
		expect_every_leaf_once();
		expect_near(sum, 1);
		cr_expect(!search.state.cut && !search.state.differs && !search.state.depth);
		trees++;
	}
}

/* The order is that of the tree, so that an estimate of what is left makes sense. */
Test(dfs, goes_from_left_to_right)
{
	struct search search;

	cr_assert(tree_begin(7) && expected_count > 10);
	search_init(&search, DEPTH);
	for (uint32_t i = 0; i < expected_count; i++) {
		cr_expect(walk(&search, 7) == expected[i], "%u", i);
		cr_expect(dfs_advance(&search.state) == (i + 1 < expected_count));
	}
}

Test(dfs, no_choice_is_one_path)
{
	struct search search;
	struct policy policy;

	search_init(&search, DEPTH);
	policy = dfs_policy(&search.state);
	policy.begin(policy.state, 0);
	expect_near(search.state.weight, 1);
	cr_expect(!dfs_advance(&search.state));
}

/* ---- giving away */

#define SEARCHES 400

static struct search searches[SEARCHES];

/* Gives the right half of what is left of frame `at` to `to`, with the path to it. */
static bool give(struct search *from, struct search *to, uint32_t at)
{
	struct dfs_frame *frame = &from->frames[at];
	uint16_t left = (uint16_t)(frame->limit - frame->chosen - 1);
	uint16_t middle = (uint16_t)(frame->limit - (left + 1) / 2);

	if (!left)
		return false;
	search_init(to, DEPTH);
	for (uint32_t i = 0; i < at; i++) {
		to->frames[i] = from->frames[i];
		to->frames[i].limit = (uint16_t)(to->frames[i].chosen + 1);
	}
	to->frames[at] = *frame;
	to->frames[at].chosen = middle;
	frame->limit = middle;
	to->state.depth = at + 1;
	return true;
}

/* Any frame of any search may be shortened at any time. */
static double searches_run(uint64_t seed, uint32_t count_max, struct rng *rng)
{
	uint32_t count = 1;
	double sum = 0;

	search_init(&searches[0], DEPTH);
	for (uint32_t s = 0; s < count; s++) {
		struct search *search = &searches[s];

		do {
			cr_assert(got_count < expected_count);
			got[got_count++] = walk(search, seed);
			sum += search->state.weight;
			if (count < count_max && search->state.depth && !rng_below(rng, 3) &&
			    give(search, &searches[count], rng_below(rng, search->state.depth)))
				count++;
		} while (dfs_advance(&search->state));
		cr_expect(!search->state.differs && !search->state.cut);
	}
	cr_expect(count > 1 || expected_count < 10);
	return sum;
}

Test(dfs, what_is_given_away_is_covered_once)
{
	struct rng rng = rng_stream(1, 1);
	int trees = 0;

	for (uint64_t seed = 0; trees < 60; seed++) {
		uint32_t most = 2 + rng_below(&rng, SEARCHES - 2);

		if (!tree_begin(seed))
			continue;
		expect_near(searches_run(seed, most, &rng), 1);
		expect_every_leaf_once();
		trees++;
	}
}

/* ---- trouble */

/* Beyond the room the first alternative is taken, and it is said that this is not all. */
Test(dfs, says_where_it_is_cut)
{
	for (uint32_t room = 1; room <= DEPTH; room++) {
		struct search search;
		uint32_t paths = 0;

		search_init(&search, room);
		do {
			struct policy policy = dfs_policy(&search.state);

			policy.begin(policy.state, 0);
			for (int i = 0; i < 6; i++)
				cr_assert(policy.choose(policy.state, 2) == 0 || i < (int)room);
			paths++;
			expect_near(search.state.weight, 1.0 / 64);
		} while (dfs_advance(&search.state));
		cr_expect(paths == 1u << (room < 6 ? room : 6), "%u", paths);
		cr_expect(search.state.cut == (room < 6));
	}
}

static bool differs_with(uint32_t first, uint32_t second)
{
	struct search search;
	struct policy policy;

	search_init(&search, DEPTH);
	policy = dfs_policy(&search.state);
	policy.begin(policy.state, 0);
	policy.choose(policy.state, first);
	policy.choose(policy.state, 2);
	cr_assert(!search.state.differs && dfs_advance(&search.state));
	policy.begin(policy.state, 0);
	cr_expect(policy.choose(policy.state, second) < second);
	return search.state.differs;
}

Test(dfs, notices_another_number_of_alternatives)
{
	cr_expect(!differs_with(3, 3));
	cr_expect(differs_with(3, 2));
	cr_expect(differs_with(3, 4));
}

/* It is said of an execution, not of all that follow. */
Test(dfs, begins_anew_after_a_difference)
{
	struct search search;
	struct policy policy;

	search_init(&search, DEPTH);
	policy = dfs_policy(&search.state);
	policy.begin(policy.state, 0);
	policy.choose(policy.state, 2);
	policy.begin(policy.state, 0);
	policy.choose(policy.state, 3);
	cr_expect(search.state.differs);
	policy.begin(policy.state, 0);
	policy.choose(policy.state, 2);
	cr_expect(!search.state.differs);
}
