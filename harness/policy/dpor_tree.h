/* dpor_tree.h - the wakeup tree: which executions are still to be explored, and which have been.
 *
 * One tree for all workers of a search, in memory that they share (and that may be a file). A node
 * is an event of a thread after those on the way from the root; its children are in the order in
 * which they were planned, and only ever appended to. Whoever comes to a node's child has the
 * earlier children asleep, whether they have been explored yet or not: so subtrees can be explored
 * in any order and by anybody (JACM 2017, section 7, has one explorer and one order).
 *
 * A *task* is a subtree that one worker explores by itself. Above the tasks are the *public* nodes.
 * A worker that has no task claims the leftmost one that nobody has; one that has a task gives
 * parts of it away by making nodes on its path public. A subtree that has been explored is kept for
 * as long as something may yet be planned in it, that is, until everything to the left of it has
 * been explored; then only its root remains, for the sake of those asleep.
 *
 * Locks: `tree->lock` guards the public nodes and the choice of tasks, a worker's own lock its
 * task, and its log. Who needs both takes the tree's first. What is below a claimed task changes
 * under the lock of its owner; what is below one that nobody has, under the tree's.
 *
 * Every change is written to a log first, and the log is emptied when the changes belong together.
 * So a worker may be killed at any instruction: its successor undoes what is in the log. The words
 * of a public node are only changed with the tree's lock held until the log is emptied.
 *
 * Pure: memory is handed in, and locks are taken by functions that are handed in.
 */
#ifndef HEDDLE_POLICY_DPOR_TREE_H
#define HEDDLE_POLICY_DPOR_TREE_H

#include "model/footprint.h"

#include <stdbool.h>
#include <stdint.h>

#define DPOR_WORKERS_MAX 64u
#define DPOR_NODES_MAX	 (1u << 23)
#define DPOR_LOG_MAX	 (1u << 16)
#define DPOR_NAMES_MAX	 64u
#define DPOR_LEFT_MAX	 (1u << 16)

#define DPOR_ROOT   1u
#define DPOR_PUBLIC UINT32_MAX

/* An event is known by its thread and, where that has a choice, the way that it takes. */
#define DPOR_THREAD_BITS 6u
#define DPOR_THREAD_MASK ((1u << DPOR_THREAD_BITS) - 1)

struct dpor_step {
	uint32_t label : 31; /* thread | way << DPOR_THREAD_BITS */
	/* Of a node: it stands for all that begins with this step, and nothing more is planned
	 * below it for their sake (dpor_plan.h). */
	uint32_t is_source : 1;
	struct footprint foot;
};

static inline bool dpor_is_first_way(uint32_t label)
{
	return label <= DPOR_THREAD_MASK;
}

/* As large as a cache line. */
struct dpor_node {
	struct dpor_step step;
	uint32_t parent, first, next; /* first child, next sibling; 0: none */
	uint32_t explored;	      /* 1: with all that is below it */
	/* Of a task: the number of the worker that has it, plus 1; DPOR_PUBLIC, or 0. */
	uint32_t owner;
	uint32_t leaves; /* of an explored one: how many executions went through it, at
			    most UINT32_MAX */
};

/* A node on the way of the first execution. Nothing is to the left of it, so nothing is planned in
 * it any more once it is explored. */
struct dpor_left {
	uint32_t node, thread, op, object;
	uint32_t leaves, first_leaves; /* of the node, and of its first child; 0: not explored */
};

/* A word of the tree before it was changed. */
struct dpor_undo {
	uint32_t at, old; /* at: in words from the start of the tree */
};

struct dpor_worker {
	uint32_t lock; /* the number of the worker that holds it, plus 1, or 0 */
	uint32_t log_count;
	uint32_t log_is_full; /* changes went on without it: they cannot be undone */
	uint32_t task;	      /* the root of what it explores, or 0 */
	uint32_t next;	      /* the next execution goes through this node; 0: the task is done */
	uint32_t unused, end; /* nodes that never were in use */
	uint32_t free, spare; /* nodes that are free again, a list; how many */
	uint32_t taken;	      /* nodes that it has put into the tree, since it claimed its task */
	uint32_t executions, executions_high, redundant;
	uint32_t cuts; /* odd while it takes nodes away that others may look at */
	struct dpor_undo log[DPOR_LOG_MAX];
};

/* Threads are named by whose how-manieth child they are, the same for all workers. */
struct dpor_name {
	uint32_t parent, child;
	uint32_t arena; /* of its heap: each has its own */
};

struct dpor_tree {
	uint32_t lock;
	uint32_t generation;	 /* of the search that it is of; 0: not set up */
	uint32_t workers, share; /* share: nodes of each worker at first */
	uint32_t reserve;	 /* a worker that has fewer left plans no more sequences */
	uint32_t sources;	 /* 1: somebody had so few */
	/* What somebody freed that others had put there: a list, its last node; how many. */
	uint32_t free, free_last, spare;
	uint32_t name_count; /* grows under the caller's lock */
	struct dpor_name names[DPOR_NAMES_MAX];
	/* The way of the first execution, and up to where on it is not explored; for estimates. */
	uint32_t left_count, left_open;
	struct dpor_left left[DPOR_LEFT_MAX];
	struct dpor_worker worker[DPOR_WORKERS_MAX];
	_Alignas(64) struct dpor_node nodes[DPOR_NODES_MAX];
};

/* A worker's way of changing the tree. */
struct dpor_hand {
	struct dpor_tree *tree;
	struct dpor_worker *worker;
	uint32_t number;   /* of the worker, plus 1 */
	bool keeps;	   /* what it explores may yet be planned in */
	uint32_t left;	   /* for which reason: this node was not explored, to the left; or 0 */
	bool is_exhausted; /* there were no more nodes */
	/* Null where there is one worker only. */
	void (*lock)(uint32_t *word, uint32_t number);
	void (*unlock)(uint32_t *word);
};

/* Begins the search of that generation anew, with `nodes` of them, at most DPOR_NODES_MAX: one
 * task, which nobody has. */
void dpor_tree_reset(struct dpor_tree *tree, uint32_t workers, uint32_t generation, uint32_t nodes);

/* Undoes what has been changed since the last commit, as far as it is in the log: the rest is found
 * out by dpor_tree_mend(). */
void dpor_tree_undo(struct dpor_hand *hand);

/* Undoes what a predecessor that was killed left half done, and gives its locks back. False where
 * that cannot be undone: the search has to begin anew. */
bool dpor_tree_mend(struct dpor_hand *hand);

void dpor_tree_take(struct dpor_hand *hand, uint32_t *lock);
void dpor_tree_give(struct dpor_hand *hand, uint32_t *lock);

/* Changes a word of the tree. dpor_tree_commit(): what was changed belongs together, and is done.
 */
void dpor_tree_set(struct dpor_hand *hand, uint32_t *word, uint32_t value);
void dpor_tree_commit(struct dpor_hand *hand);

/* A new last child of `parent`. 0 when there are no more nodes. */
uint32_t dpor_tree_append(struct dpor_hand *hand, uint32_t parent, const struct dpor_step *steps,
			  uint32_t count);

/* `left` is filled in for so many nodes. */
void dpor_tree_left_begin(struct dpor_hand *hand, uint32_t count);

/* The first child that is not explored, or 0. */
uint32_t dpor_tree_open(const struct dpor_tree *tree, uint32_t node);

/* What was planned after `node` cannot be: the process ends there. */
void dpor_tree_cut(struct dpor_hand *hand, uint32_t node);

/* All below `node` has been explored. */
void dpor_tree_explored(struct dpor_hand *hand, uint32_t node);

/* True when all to the left of the worker's next execution has been explored: by others, and in its
 * own task, where others may have planned. */
bool dpor_tree_is_leftmost(struct dpor_hand *hand);

/* Sets `keeps` when the worker goes on in its task: in most cases from what it was set for before.
 */
void dpor_tree_keep(struct dpor_hand *hand);

/* How many nodes the worker has left. */
uint32_t dpor_tree_left(const struct dpor_hand *hand);

/* True where the worker may soon have no nodes. With the tree's lock: gives it those that are free.
 */
bool dpor_tree_is_short(const struct dpor_hand *hand);
void dpor_tree_supply(struct dpor_hand *hand);

/* With the tree's lock: claims a task; false where nobody has one to give. The worker's task is
 * explored; or given back. Makes the nodes from the task down to the parent of `child` public, so
 * that the worker's task is `child`. */
bool dpor_tree_claim(struct dpor_hand *hand);
void dpor_tree_finish(struct dpor_hand *hand);
void dpor_tree_leave(struct dpor_hand *hand);
void dpor_tree_publish(struct dpor_hand *hand, uint32_t child);

#endif
