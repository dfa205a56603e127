/*
 * dpor_search.c - what one worker does with the wakeup tree: sleep sets, planning after an
 * execution, the way to the next one, tasks.
 */
#include "policy/dpor.h"
#include "policy/dpor_choice.h"
#include "policy/dpor_plan.h"

/* A worker that has to keep what it has explored keeps so many nodes of a task, and then looks for
 * another one: what is further to the left is freed sooner. It waits where no more than this part
 * of its share of the nodes is left. */
#define KEPT_OF_TASK_MAX (1u << 14)
#define LEFT_LEAST	 4u

/* Places where so many executions have been carried out are given away rather than others. */
#define DONATION_LEAST 1024u

static struct dpor_node *node_at(const struct dpor *dpor, uint32_t node)
{
	return &dpor->hand.tree->nodes[node];
}

/* ---- sleep sets ---- */

uint32_t dpor_sleeping(const struct dpor *dpor, uint32_t depth, struct dpor_sleeper *out)
{
	uint32_t count = 0, on_path = dpor->path[depth + 1], node = dpor->path[depth];

	for (uint32_t i = dpor->sleep_at[depth]; i < dpor->sleep_at[depth + 1]; i++)
		out[count++] = dpor->sleepers[i];
	if (!node || !on_path)
		return count;
	/* To the end where it is not there: the search has begun anew meanwhile. What comes of this
	 * one is dropped then. */
	for (uint32_t n = node_at(dpor, node)->first; n && n != on_path; n = node_at(dpor, n)->next)
		if (count < DPOR_THREADS_MAX * 2)
			out[count++] = (struct dpor_sleeper){.label = node_at(dpor, n)->step.label,
							     .foot = node_at(dpor, n)->step.foot};
	return count;
}

/* True when some sleeper is a weak initial of the sequence: then what it would lead to has been
 * explored (JACM 2017, definition 6.7), and what may yet follow is planned from there. Behind a
 * source that is so only for an initial, as in Source-DPOR (section 5). */
static bool is_redundant(const struct dpor *dpor, uint32_t depth, const struct dpor_step *steps,
			 uint32_t count)
{
	struct dpor_sleeper asleep[DPOR_THREADS_MAX * 2];
	uint32_t sleepers = dpor_sleeping(dpor, depth, asleep);

	for (uint32_t i = 0; i < count && sleepers; i++) {
		uint32_t kept = 0;

		for (uint32_t s = 0; s < sleepers; s++) {
			if (asleep[s].label == steps[i].label)
				return true;
			if (!footprint_is_dependent(&asleep[s].foot, &steps[i].foot))
				asleep[kept++] = asleep[s];
		}
		sleepers = kept;
	}
	/* dpor_plan.c: a first way covers the others. */
	for (uint32_t s = 0; s < sleepers; s++)
		if (!asleep[s].is_before_source && dpor_is_first_way(asleep[s].label))
			return true;
	return false;
}

/* ---- after an execution ---- */

/* True when something is to be planned above the task, for which the tree's lock is needed. What
 * is not, since it has been explored or is planned already, is found out without a lock: earlier
 * siblings do not change, and later ones stay. In most programs nearly all of it is.
 */
static bool plans_in_public(struct dpor *dpor)
{
	bool any = false;

	for (uint32_t depth = 0; depth < dpor->task_depth; depth++)
		for (uint32_t r = dpor->race_of[dpor->base + depth]; r;
		     r = dpor->races[r - 1].next) {
			struct dpor_race *race = &dpor->races[r - 1];
			uint32_t count;

			if (dpor_is_stopped(dpor))
				return false;
			count = dpor_race_plan(dpor, race);
			race->is_covered =
				!count || is_redundant(dpor, depth, dpor->steps, count) ||
				dpor_plan_covers(&dpor->hand,
						 node_at(dpor, dpor->path[depth + 1])->next,
						 dpor->steps, count);
			any |= !race->is_covered;
		}
	return any;
}

/* False where that has been dropped. */
static bool plan(struct dpor *dpor)
{
	uint32_t depths = dpor->length - dpor->base;

	for (uint32_t depth = 0; depth < depths; depth++)
		for (uint32_t r = dpor->race_of[dpor->base + depth]; r;
		     r = dpor->races[r - 1].next) {
			const struct dpor_race *race = &dpor->races[r - 1];
			uint32_t count;

			if (race->is_covered)
				continue;
			/* More than that there is no room for. */
			if (dpor->hand.is_exhausted || dpor_is_stopped(dpor))
				return dpor->hand.is_exhausted;
			count = dpor_race_plan(dpor, race);
			if (!count || (depth >= dpor->task_depth &&
				       is_redundant(dpor, depth, dpor->steps, count)))
				continue;
			dpor_plan_insert(&dpor->hand, dpor->path[depth],
					 node_at(dpor, dpor->path[depth + 1])->next, dpor->steps,
					 count);
		}
	return true;
}

/* A planned event turned out to touch something else than was thought. */
static void foot_set(struct dpor *dpor, uint32_t node, const struct footprint *foot)
{
	uint32_t *to = (uint32_t *)&node_at(dpor, node)->step.foot;
	const uint32_t *from = (const uint32_t *)foot;

	for (uint32_t i = 0; i < sizeof(*foot) / sizeof(*to); i++)
		if (to[i] != from[i])
			dpor_tree_set(&dpor->hand, &to[i], from[i]);
}

/* The first execution is all of the tree. */
static void left_fill(struct dpor *dpor)
{
	struct dpor_tree *tree = dpor->hand.tree;
	uint32_t count = 0;

	for (uint32_t depth = 0; depth < DPOR_LEFT_MAX && dpor->path[depth + 1]; depth++) {
		const struct dpor_event *event = &dpor->events[dpor->base + depth];

		if (depth >= dpor->length - dpor->base)
			break;
		tree->left[count++] =
			(struct dpor_left){.node = dpor->path[depth],
					   .thread = event->thread,
					   .op = event->op,
					   .object = (uint32_t)(uintptr_t)event->object};
	}
	dpor_tree_left_begin(&dpor->hand, count);
}

/* The execution becomes part of the tree. */
static void graft(struct dpor *dpor)
{
	uint32_t depths = dpor->length - dpor->base, depth = dpor->valid - dpor->base, count = 0,
		 node;

	for (; depth < depths && dpor->path[depth + 1]; depth++)
		foot_set(dpor, dpor->path[depth + 1], &dpor->events[dpor->base + depth].foot);
	for (uint32_t k = depth; k < depths; k++)
		dpor->steps[count++] =
			(struct dpor_step){.label = dpor_label(&dpor->events[dpor->base + k]),
					   .foot = dpor->events[dpor->base + k].foot};
	if (!count)
		return;
	node = dpor_tree_append(&dpor->hand, dpor->path[depth], dpor->steps, count);
	for (; node; node = node_at(dpor, node)->first) {
		dpor->path[++depth] = node;
		dpor->entered[depth] = dpor->executions;
	}
	if (!dpor->hand.tree->left_count)
		left_fill(dpor);
	/* Where there was no room the search is incomplete. */
	if (dpor->hand.is_exhausted)
		dpor->exhausted = true;
}

/* The deepest node of the execution, or of its plan where it was given up. */
static uint32_t leaf_find(struct dpor *dpor)
{
	uint32_t depth = 0, node;

	while (depth < dpor->length - dpor->base && dpor->path[depth + 1])
		depth++;
	while (dpor->asleep && !dpor->blocked &&
	       (node = dpor_tree_open(dpor->hand.tree, dpor->path[depth])))
		dpor->path[++depth] = node;
	return depth;
}

static void known_set(struct dpor *dpor, uint32_t depth)
{
	dpor->known = depth;
	dpor->entered[depth] = dpor->executions;
	if (depth && dpor->valid > dpor->base + depth - 1)
		dpor->valid = dpor->base + depth - 1;
}

/* From the leaf at that depth, which is explored now, to the next of the task. */
static void move_on(struct dpor *dpor, uint32_t depth)
{
	struct dpor_hand *hand = &dpor->hand;
	uint32_t next = 0;

	dpor->valid = dpor->length;
	/* Others may have planned something after what was given up. */
	if (dpor->blocked && (next = dpor_tree_open(hand->tree, dpor->path[depth])))
		depth++;
	while (!next && dpor->path[depth] != hand->worker->task) {
		dpor_tree_explored(hand, dpor->path[depth]);
		next = dpor_tree_open(hand->tree, dpor->path[depth - 1]);
		if (next)
			break;
		depth--;
	}
	dpor_tree_set(hand, &hand->worker->next, next);
	if (next) {
		dpor->path[depth] = next;
		known_set(dpor, depth);
	}
}

static void count(struct dpor *dpor, bool counts)
{
	struct dpor_worker *worker = dpor->hand.worker;

	dpor->executions++;
	if (dpor->asleep) {
		dpor_tree_set(&dpor->hand, &worker->redundant, worker->redundant + 1);
	} else if (counts) {
		dpor_tree_set(&dpor->hand, &worker->executions, worker->executions + 1);
		if (!worker->executions)
			dpor_tree_set(&dpor->hand, &worker->executions_high,
				      worker->executions_high + 1);
	}
}

/* The task is done, unless more has been planned in it meanwhile. */
static void task_finish(struct dpor *dpor)
{
	struct dpor_hand *hand = &dpor->hand;

	dpor_tree_take(hand, &hand->tree->lock);
	if (hand->tree->generation == dpor->generation && hand->worker->task &&
	    !hand->worker->next) {
		dpor_tree_finish(hand);
		dpor_tree_commit(hand);
	}
	dpor_tree_give(hand, &hand->tree->lock);
}

static bool goes_on(struct dpor *dpor)
{
	if (!dpor->hand.worker->next)
		task_finish(dpor);
	return dpor->hand.worker->task && dpor->hand.tree->generation == dpor->generation;
}

/* False where that has been dropped half-way. */
static bool class_plan(struct dpor *dpor)
{
	bool is_planned;

	graft(dpor);
	is_planned = plan(dpor) && !dpor_is_stopped(dpor);
	if (!dpor->blocked)
		dpor_tree_cut(&dpor->hand, dpor->path[dpor->length - dpor->base]);
	return is_planned;
}

/* It has been executed, but will be once more where the search goes on later. */
static void drop(struct dpor *dpor, bool counts)
{
	struct dpor_hand *hand = &dpor->hand;

	dpor_tree_undo(hand);
	count(dpor, counts);
	if (!hand->worker->log_is_full)
		dpor_tree_commit(hand);
}

bool dpor_finish(struct dpor *dpor, bool counts)
{
	struct dpor_hand *hand = &dpor->hand;
	bool repeats, in_public = false;

	dpor_settle(dpor);
	if (dpor->exit_at < dpor->length)
		dpor_look_apart(dpor);
	/* What has been executed of a blocked one can be a reason to plan as ever: the sleepers'
	 * way may never come to where others could go first. */
	repeats = (dpor->asleep && !dpor->blocked) || dpor->length == dpor->base;
	dpor->terminal &= !dpor->blocked;
	if (!repeats) {
		dpor_races(dpor);
		in_public = plans_in_public(dpor);
	}
	in_public |= dpor_tree_is_short(hand);
	if (in_public)
		dpor_tree_take(hand, &hand->tree->lock);
	dpor_tree_take(hand, &hand->worker->lock);
	if (hand->tree->generation == dpor->generation) {
		dpor_tree_keep(hand);
		if (in_public)
			dpor_tree_supply(hand);
		if (repeats || class_plan(dpor)) {
			count(dpor, counts);
			move_on(dpor, leaf_find(dpor));
			dpor_tree_commit(hand);
		} else {
			drop(dpor, counts);
		}
	}
	dpor_tree_give(hand, &hand->worker->lock);
	if (in_public)
		dpor_tree_give(hand, &hand->tree->lock);
	return goes_on(dpor);
}

bool dpor_leave_out(struct dpor *dpor)
{
	struct dpor_hand *hand = &dpor->hand;

	dpor->length = dpor->base + dpor->known;
	dpor->asleep = true;
	dpor->blocked = false;
	dpor_tree_take(hand, &hand->worker->lock);
	if (hand->tree->generation == dpor->generation) {
		uint32_t leaf = leaf_find(dpor);

		dpor->asleep = false;
		count(dpor, true);
		move_on(dpor, leaf);
		dpor->valid = dpor->base;
		dpor_tree_commit(hand);
	}
	dpor_tree_give(hand, &hand->worker->lock);
	return goes_on(dpor);
}

/* ---- tasks ---- */

static uint32_t depth_of(const struct dpor *dpor, uint32_t node)
{
	uint32_t depth = 0;

	for (; node != DPOR_ROOT; node = node_at(dpor, node)->parent)
		depth++;
	return depth;
}

/* The next execution goes through the worker's next node. Nothing that is known of the last one is
 * used: its nodes may have been freed, and be others now. */
static void path_take(struct dpor *dpor)
{
	const struct dpor_worker *worker = dpor->hand.worker;
	uint32_t depth = depth_of(dpor, worker->next), node = worker->next;

	for (uint32_t d = depth; d > 0; d--, node = node_at(dpor, node)->parent)
		dpor->path[d] = node;
	known_set(dpor, depth);
	dpor->valid = dpor->base;
	dpor->task_depth = depth_of(dpor, worker->task);
	dpor->hand.keeps = !dpor_tree_is_leftmost(&dpor->hand);
}

bool dpor_claim(struct dpor *dpor)
{
	struct dpor_hand *hand = &dpor->hand;
	bool claimed = false;

	dpor_tree_take(hand, &hand->tree->lock);
	if (hand->tree->generation == dpor->generation) {
		claimed = dpor_tree_claim(hand);
		dpor_tree_commit(hand);
	}
	dpor_tree_give(hand, &hand->tree->lock);
	if (claimed)
		path_take(dpor);
	return claimed;
}

bool dpor_is_over(const struct dpor *dpor)
{
	return dpor->hand.tree->nodes[DPOR_ROOT].explored;
}

void dpor_resume(struct dpor *dpor)
{
	if (dpor->hand.worker->next)
		path_take(dpor);
	else if (dpor->hand.worker->task)
		task_finish(dpor);
}

/* Another child of the node at that depth than the one on the path is to be explored. */
static bool has_more(const struct dpor *dpor, uint32_t depth)
{
	for (uint32_t n = node_at(dpor, dpor->path[depth])->first; n; n = node_at(dpor, n)->next)
		if (n != dpor->path[depth + 1] && !node_at(dpor, n)->explored)
			return true;
	return false;
}

/* The deepest place from which a subtree can be given away that is worth it, else the least deep.
 * UINT32_MAX: none. */
static uint32_t donation_find(const struct dpor *dpor)
{
	uint32_t least = UINT32_MAX;

	for (uint32_t depth = dpor->known; depth-- > dpor->task_depth;) {
		if (!has_more(dpor, depth))
			continue;
		least = depth;
		if (dpor->executions - dpor->entered[depth + 1] >= DONATION_LEAST)
			break;
	}
	return least;
}

void dpor_donate(struct dpor *dpor)
{
	struct dpor_hand *hand = &dpor->hand;

	dpor_tree_take(hand, &hand->tree->lock);
	dpor_tree_take(hand, &hand->worker->lock);
	if (hand->tree->generation == dpor->generation && hand->worker->next) {
		uint32_t depth = donation_find(dpor);

		if (depth != UINT32_MAX) {
			dpor_tree_publish(hand, dpor->path[depth + 1]);
			dpor->task_depth = depth + 1;
			dpor_tree_commit(hand);
		}
	}
	dpor_tree_give(hand, &hand->worker->lock);
	dpor_tree_give(hand, &hand->tree->lock);
}

bool dpor_must_wait(struct dpor *dpor)
{
	struct dpor_hand *hand = &dpor->hand;

	if (!hand->keeps || dpor_tree_left(hand) >= hand->tree->share / LEFT_LEAST)
		return false;
	hand->keeps = !dpor_tree_is_leftmost(hand);
	return hand->keeps;
}

bool dpor_release(struct dpor *dpor)
{
	struct dpor_hand *hand = &dpor->hand;
	bool releases = hand->keeps && hand->worker->taken > KEPT_OF_TASK_MAX;

	if (!releases)
		return false;
	dpor_tree_take(hand, &hand->tree->lock);
	dpor_tree_take(hand, &hand->worker->lock);
	if (hand->tree->generation == dpor->generation) {
		dpor_tree_leave(hand);
		dpor_tree_commit(hand);
	}
	dpor_tree_give(hand, &hand->worker->lock);
	dpor_tree_give(hand, &hand->tree->lock);
	return true;
}
