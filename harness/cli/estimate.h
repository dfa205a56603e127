/* estimate.h - how many executions will an exhaustive search have made, when part of it is done?
 *
 * Counting classes is #P-hard, so this is arithmetic on what is known of the search tree, and what
 * comes out is a range. What the tree shows is too little: children of the nodes near the root are
 * planned late. But the nodes below have been explored whole, and they tell how many times as large
 * as its first child a node becomes. On the way of the first execution that *ratio* changes slowly
 * from one event to the next of the same kind, so it is carried on towards the root. (The equal
 * split of Simsa, Bryant and Gibson, "Runtime estimation and resource allocation for concurrency
 * testing", 2012, which takes what is planned for all that there will be, comes in where a node is
 * nearly done.)
 *
 * Pure: knows nothing of trees in memory.
 */
#ifndef HEDDLE_CLI_ESTIMATE_H
#define HEDDLE_CLI_ESTIMATE_H

#include <stdbool.h>
#include <stdint.h>

#define ESTIMATE_SLOTS (1u << 15)

/* Of what kind the first event after a node is. */
struct estimate_kind {
	uint32_t thread, op, object;
};

/* The last two ratios of a kind; all zero: none. */
struct estimate_slot {
	uint64_t key;
	double last, before;
};

/* Ratios by kind. Zeroed at first. */
struct estimate {
	uint32_t used;
	bool is_full; /* there were too many kinds for any prediction */
	struct estimate_slot slots[ESTIMATE_SLOTS];
};

/* A node becomes, or will have become, so many times as large as its first child. Told from the
 * end of the first execution to its beginning. */
void estimate_learn(struct estimate *estimate, const struct estimate_kind *kind, double ratio);

/* What the ratio of the next node towards the root will be; at least 1. 0: there is nothing to
 * tell it from. */
double estimate_ratio(const struct estimate *estimate, const struct estimate_kind *kind);

/* A child of the node that is being explored: executions so far, and the share of its subtree that
 * they are when what is planned is all (1: explored, 0: not begun). */
struct estimate_child {
	double done, share;
};

/* The size that the node will have: of its children the first has been explored, and the node is
 * predicted to become `ratio` times as large, or 0. */
double estimate_size(const struct estimate_child *children, uint32_t count, double ratio);

/* The ratio of a node of which only the first child is being explored and `pending` more are
 * planned. */
double estimate_open_ratio(double ratio, uint32_t pending);

struct estimate_range {
	double low, high;
	bool is_early; /* too little is done to tell more than `low` */
};

/* The range around an estimated total: at least `least`, which is certain. */
struct estimate_range estimate_range(double total, double done, double least);

#endif
