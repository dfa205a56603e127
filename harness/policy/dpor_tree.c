/*
 * dpor_tree.c - the wakeup tree: what is still to be explored.
 *
 * Only the part along the current path exists: the path's nodes, the planned sequences that hang
 * off it, and for each node the children that are done (for the sleep sets). A child on the path is
 * always its parent's first.
 */
#include "policy/dpor.h"

uint32_t dpor_node_new(struct dpor *dpor, uint32_t thread, const struct footprint *foot)
{
	uint32_t at = dpor->nodes_free;

	if (at) {
		dpor->nodes_free = dpor->nodes[at].next;
	} else if (dpor->nodes_used == DPOR_NODES_MAX) {
		dpor->exhausted = true;
		return 0;
	} else {
		at = dpor->nodes_used++;
	}
	dpor->nodes[at] = (struct dpor_node){.thread = thread, .foot = *foot};
	return at;
}

static void list_free(struct dpor *dpor, uint32_t head);

/* What is below a node; the node itself stays. */
static void below_free(struct dpor *dpor, uint32_t node)
{
	list_free(dpor, dpor->nodes[node].first);
	list_free(dpor, dpor->nodes[node].done);
	dpor->nodes[node].first = dpor->nodes[node].done = 0;
}

static void list_free(struct dpor *dpor, uint32_t head)
{
	while (head) {
		uint32_t next = dpor->nodes[head].next;

		below_free(dpor, head);
		dpor->nodes[head].next = dpor->nodes_free;
		dpor->nodes_free = head;
		head = next;
	}
}

uint32_t dpor_sleeping(const struct dpor *dpor, uint32_t depth, struct dpor_sleeper *out)
{
	uint32_t count = 0;

	for (uint32_t i = dpor->sleep_at[depth]; i < dpor->sleep_at[depth + 1]; i++)
		out[count++] = dpor->sleepers[i];
	for (uint32_t n = dpor->nodes[dpor->path[depth]].done; n; n = dpor->nodes[n].next)
		out[count++] = (struct dpor_sleeper){.thread = dpor->nodes[n].thread,
						     .foot = dpor->nodes[n].foot};
	return count;
}

/* True when some sleeper is a weak initial of the sequence: then what it would lead to has been
 * explored (JACM 2017, definition 6.7). */
static bool is_redundant(const struct dpor *dpor, uint32_t depth, const struct dpor_step *steps,
			 uint32_t count)
{
	struct dpor_sleeper asleep[DPOR_THREADS_MAX * 2];
	uint32_t sleepers = dpor_sleeping(dpor, depth, asleep);

	for (uint32_t i = 0; i < count && sleepers; i++) {
		uint32_t kept = 0;

		for (uint32_t s = 0; s < sleepers; s++) {
			if (asleep[s].thread == steps[i].thread)
				return true;
			if (!footprint_is_dependent(&asleep[s].foot, &steps[i].foot))
				asleep[kept++] = asleep[s];
		}
		sleepers = kept;
	}
	return sleepers > 0;
}

enum match {
	MATCH_CONFLICT, /* the sequence goes another way */
	MATCH_COVERED,	/* the child commutes with all of it */
	MATCH_FOUND,	/* the child is the step at `*at` */
};

static enum match match(const struct dpor_node *child, const struct dpor_step *steps,
			uint32_t count, uint32_t *at)
{
	for (uint32_t i = 0; i < count; i++) {
		if (steps[i].thread == child->thread) {
			*at = i;
			return MATCH_FOUND;
		}
		if (footprint_is_dependent(&steps[i].foot, &child->foot))
			return MATCH_CONFLICT;
	}
	return MATCH_COVERED;
}

static void append(struct dpor *dpor, uint32_t node, const struct dpor_step *steps, uint32_t count)
{
	uint32_t *link = &dpor->nodes[node].first;

	while (*link)
		link = &dpor->nodes[*link].next;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t fresh = dpor_node_new(dpor, steps[i].thread, &steps[i].foot);

		if (!fresh)
			return;
		*link = fresh;
		link = &dpor->nodes[fresh].first;
	}
}

void dpor_insert(struct dpor *dpor, uint32_t depth, struct dpor_step *steps, uint32_t count)
{
	uint32_t node = dpor->path[depth];

	if (is_redundant(dpor, depth, steps, count))
		return;
	while (dpor->nodes[node].first) {
		uint32_t child = dpor->nodes[node].first, at = 0;
		enum match how = MATCH_CONFLICT;

		for (; child; child = dpor->nodes[child].next) {
			how = match(&dpor->nodes[child], steps, count, &at);
			if (how != MATCH_CONFLICT)
				break;
		}
		if (how == MATCH_CONFLICT) {
			append(dpor, node, steps, count);
			return;
		}
		if (how == MATCH_COVERED || count == 1)
			return;
		for (uint32_t i = at; i + 1 < count; i++)
			steps[i] = steps[i + 1];
		count--;
		node = child;
	}
	/* A leaf that is still to be explored: its execution covers this one. */
}

bool dpor_backtrack(struct dpor *dpor)
{
	for (uint32_t depth = dpor->length - dpor->base; depth-- > 0;) {
		struct dpor_node *node = &dpor->nodes[dpor->path[depth]];
		uint32_t child = node->first;

		below_free(dpor, child);
		node->first = dpor->nodes[child].next;
		dpor->nodes[child].next = node->done;
		node->done = child;
		if (node->first)
			return true;
	}
	return false;
}
