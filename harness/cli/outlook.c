/*
 * outlook.c - goes through what is open of a wakeup tree.
 *
 * Nothing that is read is trusted: numbers of nodes are checked, and the way is limited, because a
 * list may be another one by the time that its end is come to. Whether it was is found out at the
 * end from the workers' counts, which grow with each change, and their logs, which are empty
 * between changes.
 */
#include "cli/outlook.h"

#define STEPS_MAX    (1u << 20)
#define CHILDREN_MAX 4096u

/* What is below a node. */
struct part {
	double done, share;
	uint64_t planned;
};

struct walk {
	const struct dpor_tree *tree;
	uint32_t steps;
	bool is_lost; /* too long, or out of the tree */
};

/* A node to read; the null node where there is no such. */
static const struct dpor_node *node_at(struct walk *walk, uint32_t node)
{
	if (++walk->steps > STEPS_MAX || node >= DPOR_NODES_MAX)
		walk->is_lost = true;
	return &walk->tree->nodes[walk->is_lost ? 0 : node];
}

static uint32_t children_of(struct walk *walk, uint32_t node)
{
	uint32_t count = 0;

	for (uint32_t n = node_at(walk, node)->first; n && !walk->is_lost;
	     n = node_at(walk, n)->next)
		count++;
	return count;
}

/* By links to the parent, since a path may be long. */
static struct part part_below(struct walk *walk, uint32_t top)
{
	struct part part = {.done = 0};
	uint32_t node = top;
	double weight = 1;

	while (!walk->is_lost) {
		const struct dpor_node *at = node_at(walk, node);

		if (!at->explored && at->first) {
			weight /= children_of(walk, node);
			node = at->first;
			continue;
		}
		if (at->explored) {
			part.done += at->leaves;
			part.share += weight;
		} else {
			part.planned++;
		}
		while (node != top && !node_at(walk, node)->next && !walk->is_lost) {
			node = node_at(walk, node)->parent;
			weight *= children_of(walk, node);
		}
		if (node == top)
			break;
		node = node_at(walk, node)->next;
	}
	return part;
}

static struct estimate_kind kind_of(const struct dpor_left *left)
{
	return (struct estimate_kind){
		.thread = left->thread, .op = left->op, .object = left->object};
}

/* What has been explored to its end on the way of the first execution. */
static void learn(const struct dpor_tree *tree, uint32_t open, struct estimate *memory)
{
	for (uint32_t i = tree->left_count; i > open; i--) {
		const struct dpor_left *left = &tree->left[i - 1];
		struct estimate_kind kind = kind_of(left);

		if (left->first_leaves)
			estimate_learn(memory, &kind,
				       (double)left->leaves / (double)left->first_leaves);
	}
}

/* The deepest open node of that way. Its first child has been explored. */
static double size_of(struct walk *walk, const struct dpor_left *left, double ratio)
{
	struct estimate_child children[CHILDREN_MAX];
	uint32_t count = 0;

	for (uint32_t n = node_at(walk, left->node)->first;
	     n && !walk->is_lost && count < CHILDREN_MAX; n = node_at(walk, n)->next) {
		struct part part = part_below(walk, n);

		children[count++] = (struct estimate_child){part.done, part.share};
	}
	if (!count || children[0].share < 1)
		return 0;
	return estimate_size(children, count, ratio);
}

static double total_of(struct walk *walk, struct estimate *memory)
{
	const struct dpor_tree *tree = walk->tree;
	uint32_t open = tree->left_open;
	double size = 0;

	if (!open || open > tree->left_count || tree->left_count > DPOR_LEFT_MAX)
		return 0;
	*memory = (struct estimate){.used = 0};
	learn(tree, open, memory);
	for (uint32_t i = open; i > 0 && !walk->is_lost; i--) {
		const struct dpor_left *left = &tree->left[i - 1];
		struct estimate_kind kind = kind_of(left);
		double ratio = estimate_ratio(memory, &kind), before = size;

		if (i == open) {
			size = size_of(walk, left, ratio);
			before = node_at(walk, node_at(walk, left->node)->first)->leaves;
		} else {
			ratio = estimate_open_ratio(ratio, children_of(walk, left->node) - 1);
			size *= ratio;
		}
		if (size <= 0)
			return 0;
		estimate_learn(memory, &kind, size / before);
	}
	return memory->is_full ? 0 : size;
}

/* A number that is another one after each change; false while there is one. */
static bool stamp(const struct dpor_tree *tree, uint64_t *sum)
{
	*sum = (uint64_t)tree->generation << 40;
	for (uint32_t i = 0; i < tree->workers; i++) {
		const struct dpor_worker *worker = &tree->worker[i];

		if (__atomic_load_n(&worker->log_count, __ATOMIC_ACQUIRE))
			return false;
		*sum += worker->executions + worker->redundant + worker->task;
	}
	return true;
}

bool outlook_read(const struct dpor_tree *tree, struct estimate *memory, struct outlook *outlook)
{
	struct walk walk = {.tree = tree};
	uint64_t before, after;
	struct part all;

	if (!tree->generation || !stamp(tree, &before))
		return false;
	all = part_below(&walk, DPOR_ROOT);
	/* The nodes do not count further. */
	if (all.done >= UINT32_MAX)
		return false;
	*outlook = (struct outlook){.done = (uint64_t)all.done, .planned = all.planned};
	if (all.planned)
		outlook->total = total_of(&walk, memory);
	outlook->has_total = outlook->total > 0;
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	return !walk.is_lost && stamp(tree, &after) && before == after;
}
