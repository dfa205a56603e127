/* minimum.h - the fewest preemptions with which the executions of a class can be carried out.
 *
 * A preemption is a switch away from a thread whose next operation could go next. It is one whether
 * the thread has just yielded or not, for a yield is no event in a search; to switch away from a
 * thread that waits, for an object or in a loop for a change, or that has ended, is none. Nor is
 * the first choice of an execution, whoever ran before it.
 *
 * Breadth-first search over pairs of a prefix (policy/ideal.h) and the thread of its last event, by
 * levels of equal numbers of preemptions, so that the first visit is by the fewest. Nothing is
 * executed. The number of pairs is the product of the threads' lengths at worst, so there is an end
 * to it: then the minimum is not known.
 */
#ifndef HEDDLE_POLICY_MINIMUM_H
#define HEDDLE_POLICY_MINIMUM_H

#include "policy/ideal.h"

#define WALK_IDEALS_MAX (1u << 20)
#define WALK_STATES_MAX (1u << 22)
#define WALK_SLOTS	(1u << 21) /* twice as many as prefixes */

#define MINIMUM_UNKNOWN UINT32_MAX

struct walk_slot {
	uint32_t stamp, ideal;
};

struct walk {
	const struct ideals *ideals;
	/* By prefix: `threads` numbers each; who may follow in the class, a bit for each; its name.
	 */
	uint16_t *at;
	uint64_t *follow;
	struct digest *names;
	/* By state, which is a prefix times (threads + 1) plus the last thread, or `threads` for
	 * none: preemptions + 1, or 0 where it has not been met; whether it has been visited; from
	 * which state it was reached; and what the caller likes to remember. */
	uint16_t *costs;
	bool *visited;
	uint32_t *from;
	uint32_t *tags;
	/* States to visit, of this level and of the next one. */
	uint32_t *now, *later;
	uint32_t now_count, later_count;
	struct walk_slot *slots;
	uint32_t slot_count; /* in use: twice as many as prefixes, for they are few most often */
	uint32_t stamp, ideal_count;
	bool exhausted; /* too many states: those that are missing were not visited */
	/* The state that is visited. */
	uint32_t state, ideal, last, cost; /* last: a thread, or `threads` for none */
	bool last_enabled;		   /* it could go on */
};

void walk_init(struct walk *walk, void *(*take)(size_t bytes));

/* Begins at the first choice of a class. */
void walk_begin(struct walk *walk, const struct ideals *ideals);

/* Visits the next state; false when there is none. */
bool walk_next(struct walk *walk);

/* The prefix that is visited, and which one a state is of. */
const uint16_t *walk_at(const struct walk *walk);
uint32_t walk_ideal_of(const struct walk *walk, uint32_t state);

/* The minimum, or MINIMUM_UNKNOWN. */
uint32_t minimum_of(struct walk *walk, const struct ideals *ideals);

#endif
