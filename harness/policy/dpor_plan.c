#include "policy/dpor_plan.h"

enum match {
	MATCH_CONFLICT, /* the sequence goes another way */
	MATCH_COVERED,	/* the child commutes with all of it */
	MATCH_FOUND,	/* the child is the step at `*at` */
};

static enum match match(const struct dpor_step *child, const struct dpor_step *steps,
			uint32_t count, uint32_t *at)
{
	for (uint32_t i = 0; i < count; i++) {
		if (steps[i].label == child->label) {
			*at = i;
			return MATCH_FOUND;
		}
		if (footprint_is_dependent(&steps[i].foot, &child->foot))
			return MATCH_CONFLICT;
	}
	/* After the sequence the thread can go another way, too. Where it is the first way, the
	 * others are planned from there. */
	return dpor_is_first_way(child->label) ? MATCH_COVERED : MATCH_CONFLICT;
}

/* Returns where the others begin. Nearly always it is one of the first. */
static struct dpor_step *step_remove(struct dpor_step *steps, uint32_t at)
{
	for (uint32_t i = at; i > 0; i--)
		steps[i] = steps[i - 1];
	return steps + 1;
}

static uint32_t first_of(const struct dpor_tree *tree, uint32_t node)
{
	return __atomic_load_n(&tree->nodes[node].first, __ATOMIC_ACQUIRE);
}

static uint32_t next_of(const struct dpor_tree *tree, uint32_t node)
{
	return __atomic_load_n(&tree->nodes[node].next, __ATOMIC_ACQUIRE);
}

static bool covers(const struct dpor_tree *tree, uint32_t child, struct dpor_step *steps,
		   uint32_t count)
{
	while (child) {
		uint32_t at = 0;
		enum match how = match(&tree->nodes[child].step, steps, count, &at);

		if (how == MATCH_CONFLICT) {
			child = next_of(tree, child);
			continue;
		}
		if (how == MATCH_COVERED || count == 1 || tree->nodes[child].step.is_source)
			return true;
		steps = step_remove(steps, at);
		count--;
		child = first_of(tree, child);
		if (!child)
			return true;
	}
	return false;
}

/* How many cuts there have been; false while there is one. */
static bool cuts_are_over(const struct dpor_tree *tree, uint32_t *cuts)
{
	*cuts = 0;
	for (uint32_t i = 0; i < tree->workers; i++) {
		uint32_t of_one = __atomic_load_n(&tree->worker[i].cuts, __ATOMIC_ACQUIRE);

		if (of_one & 1)
			return false;
		*cuts += of_one;
	}
	return true;
}

bool dpor_plan_covers(const struct dpor_hand *hand, uint32_t child, struct dpor_step *steps,
		      uint32_t count)
{
	uint32_t before, after;

	return cuts_are_over(hand->tree, &before) && covers(hand->tree, child, steps, count) &&
	       cuts_are_over(hand->tree, &after) && before == after;
}

/* Returns the lock of another worker that `node` is the task of, taken, or null. */
static uint32_t *foreign_lock(struct dpor_hand *hand, uint32_t node)
{
	uint32_t owner = hand->tree->nodes[node].owner;

	if (!owner || owner == hand->number || owner == DPOR_PUBLIC)
		return 0;
	dpor_tree_take(hand, &hand->tree->worker[owner - 1].lock);
	return &hand->tree->worker[owner - 1].lock;
}

/* As much of the sequence as there is room for. */
static void append(struct dpor_hand *hand, uint32_t node, struct dpor_step *steps, uint32_t count)
{
	struct dpor_tree *tree = hand->tree;

	if (count > 1 && dpor_tree_left(hand) < tree->reserve) {
		steps[0].is_source = 1;
		count = 1;
		if (!tree->sources)
			dpor_tree_set(hand, &tree->sources, 1);
	}
	dpor_tree_append(hand, node, steps, count);
}

void dpor_plan_insert(struct dpor_hand *hand, uint32_t node, uint32_t child,
		      struct dpor_step *steps, uint32_t count)
{
	struct dpor_tree *tree = hand->tree;
	uint32_t *held = 0;

	for (;;) {
		enum match how = MATCH_CONFLICT;
		uint32_t at = 0;

		for (; child && how == MATCH_CONFLICT; child = tree->nodes[child].next) {
			how = match(&tree->nodes[child].step, steps, count, &at);
			if (how != MATCH_CONFLICT)
				break;
		}
		if (how == MATCH_CONFLICT)
			append(hand, node, steps, count);
		if (how != MATCH_FOUND || count == 1 || tree->nodes[child].step.is_source)
			break;
		steps = step_remove(steps, at);
		count--;
		node = child;
		if (!held)
			held = foreign_lock(hand, node);
		child = tree->nodes[node].first;
		/* A leaf: its execution covers this one. */
		if (!child)
			break;
	}
	if (held)
		dpor_tree_give(hand, held);
}
