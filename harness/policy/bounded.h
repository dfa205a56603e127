/* bounded.h - one execution for each class that has one with few preemptions, those with the fewest
 * first.
 *
 * A class belongs to a bound when some execution of it has no more preemptions (policy/minimum.h);
 * to refuse those of a partial-order search that have more would lose classes (Coons, Musuvathi,
 * McKinley, "Bounded partial-order reduction", OOPSLA 2013). So the search is one over states: a
 * prefix, up to the order of its independent events, and the thread of its last event (Musuvathi
 * and Qadeer, "Iterative context bounding", PLDI 2007, over what they call happens-before caching).
 *
 * What is ours: only what is not known is executed. All prefixes of a class that has been executed
 * are known, with their successors in that class. A successor that it does not have is another
 * class's; its name follows from what the thread had announced and from the prefix. Where no
 * executed class has it, any execution that begins so is one of a class that has not been executed;
 * going on without preemptions, it has as few as its beginning. So each class is executed exactly
 * once, and in the order of preemptions. The price is memory: a few words for each state.
 *
 * Where an event can go more than one way (policy/dpor_choice.h), a state has a successor for each.
 * The first one is looked for as any other; the others are planned when that is known, for only an
 * event that has been carried out tells how many there are.
 *
 * Events are recorded by policy/dpor.h; its tree is not used.
 */
#ifndef HEDDLE_POLICY_BOUNDED_H
#define HEDDLE_POLICY_BOUNDED_H

#include "policy/minimum.h"

#define BOUNDED_NONE	   UINT32_MAX /* as a bound: none */
#define BOUNDED_STATES_MAX (1u << 26)
#define BOUNDED_ITEMS_MAX  (1u << 26)

struct bounded_state {
	struct digest name;
	uint32_t from;	/* the state before the last event; state 1, before all, is from 0 */
	uint32_t other; /* what this state is where the event's outcome proves to be the other one,
			   or 0 */
	uint16_t cost;	/* preemptions, at least */
	uint16_t label; /* of the last event: dpor_label() */
	bool known;	/* part of a class that has been executed */
	bool listed;	/* to be executed, unless it is known by then */
};

/* Of a list of states to be executed: all with the same number of preemptions. */
struct bounded_item {
	uint32_t state, next;
};

struct bounded {
	struct dpor *dpor;
	struct ideals ideals;
	struct walk walk;
	struct bounded_state *states;
	uint32_t states_used;
	/* By name: numbers of states. */
	uint32_t *slots;
	uint32_t slot_count;
	void *(*take)(size_t bytes);
	/* By number of preemptions: the first item. */
	uint32_t *lists;
	struct bounded_item *items;
	uint32_t items_used, items_free;
	uint32_t bound;
	bool marked; /* the base is over */
	/* The events with which it begins: dpor_label(). */
	uint16_t path[DPOR_EVENTS_MAX];
	uint32_t path_length;
	uint32_t leaf;	   /* the state that it was made for */
	uint32_t cost;	   /* its preemptions: no class that needs fewer is left */
	uint32_t left;	   /* so many preemptions are left after that */
	uint32_t left_now; /* ... and at this point of the execution */
	bool visited;	   /* the last execution was one of a class */
	bool repeated;	   /* ... which had been executed before */
	bool cut;	   /* there may be classes that need more preemptions */
	bool exhausted;
	uint32_t minimum; /* of the last execution's class, or MINIMUM_UNKNOWN */
};

/* Sets up `bounded`, which is zeroed, over a recorder that has been. `take` gives out zeroed
 * memory, and cannot fail; what it gives is used by bounded_finish() only. */
void bounded_init(struct bounded *bounded, struct dpor *dpor, uint32_t bound,
		  void *(*take)(size_t bytes));

/* The prefix before the first choice is over. In place of dpor_mark_base(). */
void bounded_mark_base(struct bounded *bounded);

/* Starts an execution. */
void bounded_begin(struct bounded *bounded);

/* The next thread among `enabled`. Sets the recorder's `asleep` or `differs` where it is not the
 * one that was planned: that waited in a loop, or the program is not deterministic. */
uint32_t bounded_pick(struct bounded *bounded, uint64_t enabled);

/* The execution is over, as for dpor_finish(); one that was too long is left out. Moves to the next
 * one: false when there is none. */
bool bounded_finish(struct bounded *bounded);

#endif
