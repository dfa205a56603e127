/* How much of a search is still to come: trees of known size, explored as a search explores them,
 * and looked at on the way. */
#include "base/rng.h"
#include "cli/estimate.h"
#include "cli/outlook.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

#define DEPTH_MAX 64

/* A tree whose node at depth D with X on top has children(D, X) children; X of the child with
 * number I is child(X, I). Only the first child of a node is there when the node is come to; the
 * others are planned when it has been explored. */
struct shape {
	uint32_t depth;
	uint32_t (*children)(const struct shape *shape, uint32_t depth, uint32_t x);
	uint32_t (*child)(uint32_t x, uint32_t i);
};

static struct dpor_tree *tree;
static struct dpor_hand hand;
static struct estimate memory;
static uint32_t executed, looks, inside, early;
static double total, widest;

static double size_of(const struct shape *shape, uint32_t depth, uint32_t x)
{
	double size = 0;

	if (depth == shape->depth)
		return 1;
	for (uint32_t i = 0; i < shape->children(shape, depth, x); i++)
		size += size_of(shape, depth + 1, shape->child(x, i));
	return size;
}

/* Planned nodes that nobody has come to. */
static uint32_t planned_below(uint32_t node)
{
	uint32_t count = 0;

	if (tree->nodes[node].explored)
		return 0;
	if (!tree->nodes[node].first)
		return 1;
	for (uint32_t n = tree->nodes[node].first; n; n = tree->nodes[n].next)
		count += planned_below(n);
	return count;
}

static void look(void)
{
	struct outlook outlook;
	struct estimate_range range;

	cr_assert(outlook_read(tree, &memory, &outlook));
	cr_assert_eq(outlook.done, executed);
	cr_assert_eq(outlook.planned, planned_below(DPOR_ROOT));
	if (executed < total / 10 || executed == total)
		return;
	cr_assert(outlook.has_total);
	range = estimate_range(outlook.total, executed, executed + outlook.planned);
	looks++;
	early += range.is_early;
	inside += range.low <= total && total <= range.high;
	if (!range.is_early)
		widest = fmax(widest, range.high / range.low);
}

static void explore(const struct shape *shape, uint32_t node, uint32_t depth, uint32_t x)
{
	uint32_t count = depth < shape->depth ? shape->children(shape, depth, x) : 0, child = 0;

	for (uint32_t i = 0; i < count; i++) {
		struct dpor_step step = {.label = i};

		if (i || !tree->nodes[node].first)
			child = dpor_tree_append(&hand, node, &step, 1);
		else
			child = tree->nodes[node].first;
		dpor_tree_commit(&hand);
		if (i && executed % 5 == 0)
			look();
		explore(shape, child, depth + 1, shape->child(x, i));
	}
	if (!count) {
		executed++;
		hand.worker->executions++;
	}
	if (node == DPOR_ROOT)
		return;
	dpor_tree_explored(&hand, node);
	dpor_tree_commit(&hand);
}

static void first_execution(const struct shape *shape)
{
	struct dpor_step step = {.label = 0};
	uint32_t node = DPOR_ROOT;

	for (uint32_t depth = 0; depth < shape->depth; depth++) {
		tree->left[depth] = (struct dpor_left){.node = node, .thread = 1, .op = 1};
		node = dpor_tree_append(&hand, node, &step, 1);
	}
	dpor_tree_left_begin(&hand, shape->depth);
	dpor_tree_commit(&hand);
}

static void search(const struct shape *shape, uint32_t x)
{
	tree = calloc(1, sizeof(*tree));
	cr_assert(tree);
	hand = (struct dpor_hand){.tree = tree, .worker = &tree->worker[0], .number = 1};
	dpor_tree_reset(tree, 1, 1, DPOR_NODES_MAX);
	executed = looks = inside = early = 0;
	widest = 0;
	total = size_of(shape, 0, x);
	first_execution(shape);
	explore(shape, DPOR_ROOT, 0, x);
	cr_assert_eq(executed, total);
	cr_assert_gt(looks, 50);
	free(tree);
}

static uint32_t two(const struct shape *shape, uint32_t depth, uint32_t x)
{
	(void)shape, (void)depth, (void)x;
	return 2;
}

static uint32_t same(uint32_t x, uint32_t i)
{
	(void)i;
	return x;
}

Test(estimate, all_nodes_have_two_children)
{
	search(&(struct shape){10, two, same}, 0);
	cr_expect_eq(inside, looks, "%u of %u", inside, looks);
	cr_expect_eq(early, 0);
	cr_expect_lt(widest, 4);
}

/* Orders of two sequences: X steps of the first one are left, and the others of the second one. */
static uint32_t orders(const struct shape *shape, uint32_t depth, uint32_t x)
{
	return x && x < shape->depth - depth ? 2 : 1;
}

static uint32_t order(uint32_t x, uint32_t i)
{
	return x ? x - !i : x;
}

Test(estimate, orders_of_two_sequences)
{
	search(&(struct shape){14, orders, order}, 7);
	cr_expect_eq(total, 3432);
	cr_expect_eq(inside, looks, "%u of %u", inside, looks);
	cr_expect_eq(early, 0);
	cr_expect_lt(widest, 4);
}

/* The first child has a single one again, the last one many. */
static uint32_t skewed(const struct shape *shape, uint32_t depth, uint32_t x)
{
	(void)shape, (void)depth;
	return 1 + (x > 2);
}

static uint32_t less(uint32_t x, uint32_t i)
{
	return i ? x - 2 : x;
}

Test(estimate, later_children_are_smaller)
{
	search(&(struct shape){16, skewed, less}, 12);
	cr_expect_geq(inside * 10, looks * 9, "%u of %u", inside, looks);
	cr_expect_lt(widest, 4);
}

/* One to three children, by chance: nothing that has been explored tells much of the rest, and the
 * range holds the total most of the time only. */
static uint32_t chance(const struct shape *shape, uint32_t depth, uint32_t x)
{
	struct rng rng = rng_stream(x, 0);

	(void)shape, (void)depth;
	return 1 + (uint32_t)rng_below(&rng, 3);
}

static uint32_t mixed(uint32_t x, uint32_t i)
{
	return x * 2654435761u + i * 40503u + 1;
}

Test(estimate, random_trees)
{
	uint32_t all_inside = 0, all = 0;

	for (uint32_t seed = 1; seed <= 20; seed++) {
		search(&(struct shape){13, chance, mixed}, seed);
		all_inside += inside;
		all += looks;
		cr_expect_lt(widest, 4);
	}
	cr_expect_geq(all_inside * 3, all * 2, "%u of %u", all_inside, all);
}

Test(estimate, what_is_certain_is_the_low_end)
{
	struct estimate_range range = estimate_range(50, 90, 120);

	cr_expect_eq(range.low, 120);
	cr_expect_eq(range.high, 120);
	cr_expect_not(range.is_early);
	range = estimate_range(1e6, 1000, 1010);
	cr_expect(range.is_early);
	cr_expect_eq(range.low, 1010);
}

Test(estimate, ratios_of_a_kind_are_carried_on)
{
	const struct estimate_kind lock = {.thread = 1, .op = 2, .object = 3};
	const struct estimate_kind of_other = {.thread = 0, .op = 2, .object = 3};
	const struct estimate_kind elsewhere = {.thread = 0, .op = 2, .object = 5};
	const struct estimate_kind unlock = {.thread = 1, .op = 4, .object = 3};

	memory = (struct estimate){.used = 0};
	cr_expect_eq(estimate_ratio(&memory, &lock), 0);
	estimate_learn(&memory, &lock, 9);
	estimate_learn(&memory, &unlock, 1);
	estimate_learn(&memory, &lock, 5);
	cr_expect_eq(estimate_ratio(&memory, &unlock), 1);
	cr_expect_float_eq(estimate_ratio(&memory, &lock), 5 * sqrt(5.0 / 9), 1e-9);
	/* Other objects tell less. */
	cr_expect_float_eq(estimate_ratio(&memory, &elsewhere), 3, 1e-9);
	/* As the first one of another thread, counted from its end. */
	cr_expect_float_eq(estimate_ratio(&memory, &of_other), pow(9, 0.7), 1e-9);
}

Test(estimate, a_predicted_only_child_that_is_not_one)
{
	const struct estimate_child children[] = {{100, 1}, {20, 0.5}, {0, 0}};

	/* Two more are worth 1 in all, and what is done counts little yet. */
	cr_expect_float_eq(estimate_size(children, 3, 1), estimate_size(children, 3, 0), 1e-9);
	cr_expect_geq(estimate_size(children, 3, 1), 180);
	cr_expect_geq(estimate_size(children, 1, 1), 100);
}

Test(estimate, counts_that_are_too_large_are_not_told)
{
	const struct dpor_step step = {.label = 0};
	struct outlook outlook;

	tree = calloc(1, sizeof(*tree));
	cr_assert(tree);
	hand = (struct dpor_hand){.tree = tree, .worker = &tree->worker[0], .number = 1};
	dpor_tree_reset(tree, 1, 1, DPOR_NODES_MAX);
	for (int i = 0; i < 2; i++) {
		uint32_t node = dpor_tree_append(&hand, DPOR_ROOT, &step, 1);
		uint32_t below = dpor_tree_append(&hand, node, &step, 1);

		dpor_tree_append(&hand, node, &step, 1);
		tree->nodes[below].leaves = tree->nodes[tree->nodes[below].next].leaves = 3u << 30;
		dpor_tree_explored(&hand, node);
		cr_expect_eq(tree->nodes[node].leaves, UINT32_MAX);
	}
	dpor_tree_append(&hand, DPOR_ROOT, &step, 1);
	dpor_tree_commit(&hand);
	cr_expect_not(outlook_read(tree, &memory, &outlook));
	free(tree);
}
