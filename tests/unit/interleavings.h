/* interleavings.h - every interleaving of a little program, and the classes of these. For the tests
 * of the reduction.
 *
 * Two interleavings are of one class when each of their events has the same outcome and comes after
 * the same others. Knows nothing of the search.
 */
#ifndef HEDDLE_TESTS_INTERLEAVINGS_H
#define HEDDLE_TESTS_INTERLEAVINGS_H

#include "model/footprint.h"
#include "unit/program.h"

#define EVENTS (THREADS * LENGTH)

struct done {
	const struct step *step;
	const void *on[2];	  /* object and mutex */
	const void *meant_object; /* were it not interrupted */
	int thread, ordinal;
	bool is_ending; /* nothing could interrupt it */
	struct outcome outcome;
	struct footprint foot;
	uint8_t clock[THREADS], clock_before[THREADS]; /* before: without its own dependencies */
};

/* `child` was created by `parent`, -1 for nobody; or joined by `parent`. */
struct edge {
	int parent, child;
	bool is_join;
};

/* Invariant: no thread stands at a step that is no event and could be carried out. So each choice
 * is one between events, as in the search. */
struct run {
	const struct program *program;
	struct state state;
	uint64_t class; /* of the events so far: a sum, for their order does not matter */
	uint8_t clock[THREADS][THREADS]; /* what the thread's next event comes after */
	struct edge edges[3 * THREADS];	 /* since the last event */
	int edge_count;
	int length;
	struct done events[EVENTS]; /* last, for a copy of a run is of those that there are */
};

void run_init(const struct program *program, struct run *run);
const struct done *run_step(struct run *run, int thread);

/* The thread's next step, or null; its object, and its mutex. */
const struct step *run_next_on(const struct run *run, int thread, const void *on[2]);
/* Its last event ended the process, and was that thread's. */
bool run_was_ended_by(const struct run *run, int thread);

/* A number for the class of a run: its events in the order of threads, with their outcomes and what
 * they come after. */
uint64_t class_of(const struct run *run);

/* The same, but where the process was ended only of what the last event comes after by itself: how
 * far others have got does not matter. */
uint64_t ending_of(const struct run *run);

/* A number for the state that a run has led to: of equal states only. */
uint64_t state_of(const struct run *run);

typedef uint64_t name_fn(const struct run *run);

#define SET_SIZE (1u << 15)

/* Names, and for each the state that goes with it. */
struct set {
	uint64_t names[SET_SIZE], states[SET_SIZE];
	uint32_t stamps[SET_SIZE], stamp; /* an entry of another stamp is none */
	long count;
};

void set_clear(struct set *set);

/* False where the name is there already. `*same`, unless null, says whether with this state. */
bool set_add(struct set *set, uint64_t name, uint64_t state, bool *same);
bool set_has(const struct set *set, uint64_t name);

#define PREFIXES_MAX 4000

/* What all interleavings of a program lead to. */
struct all {
	name_fn *name;
	struct set classes, finals; /* what `name` calls them, and the states at their ends */
	struct set prefixes;	    /* with each state that was met, those with the same class */
	struct set states;	    /* a state for each class of prefixes */
	long stuck;		    /* finals in which somebody waits for ever */
	bool is_plain;		    /* one interleaving after the other, whatever was met before */
	bool too_many;		    /* there are more than PREFIXES_MAX, the rest is left out */
	bool unsound;		    /* prefixes of one class that led to different states */
	bool misuse;
};

/* Finds them. Interleavings that share a class and a state so far have the same continuations,
 * which are tried once. */
void interleave(const struct program *program, name_fn *name, bool is_plain, struct all *all);

#endif
