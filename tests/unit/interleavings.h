/*
 * interleavings.h - little programs of every kind of operation, carried out step by step, in every
 * interleaving, and the classes of these. For the tests of the reduction.
 *
 * Two interleavings are of one class when each of their events has the same outcome and comes after
 * the same others. Knows nothing of the search.
 */
#ifndef HEDDLE_TESTS_INTERLEAVINGS_H
#define HEDDLE_TESTS_INTERLEAVINGS_H

#include "model/footprint.h"

#include <stdbool.h>
#include <stdint.h>

#define THREADS	 4
#define LENGTH	 24
#define OBJECTS	 4
#define EVENTS	 (THREADS * LENGTH)
#define PATHS	 6000 /* interleavings of a program that is worth the time */
#define SET_SIZE (1u << 17)

/* When a step ends the process, and with it all other threads. */
enum step_end { STEP_GOES_ON, STEP_ENDS, STEP_ENDS_WHERE_IT_FAILS };

/* `skip` steps are left out where the step does not succeed. For compare-exchanges and stores
 * `value` is what is stored, for compare-exchanges in place of `expected`. For OP_CREATE and
 * OP_JOIN, which are no events and happen at once, `object` is the thread. */
struct step {
	enum op op;
	int object, mutex, skip;
	uint64_t expected, value;
	enum step_end end;
};

/* Threads that no step creates are there at first. */
struct program {
	int threads, length[THREADS];
	struct step steps[THREADS][LENGTH];
	uint32_t posts;	   /* value of all semaphores at first */
	uint32_t arrivals; /* for how many each barrier is */
	bool contended;	   /* others come to it than those of its first generation */
};

/* A signal that somebody may take. */
struct token {
	unsigned for_whom;
	int from;
};

struct done {
	int thread, ordinal;
	const struct step *step;
	uint64_t before, after;
	uint32_t number;
	bool succeeded;
	int from; /* the signal whose token it took, or -1 */
	struct footprint foot;
	uint8_t clock[THREADS], clock_before[THREADS]; /* before: without its own dependencies */
};

/* `child` was created by `parent`, -1 for nobody; or joined by `parent`. */
struct edge {
	int parent, child;
	bool is_join;
};

struct run {
	int at[THREADS], held[OBJECTS], readers[OBJECTS], writer[OBJECTS];
	uint32_t semaphore[OBJECTS];
	uint32_t generation[OBJECTS], arrived[OBJECTS], awaits[THREADS];
	uint64_t value[OBJECTS];
	unsigned waiting[OBJECTS];
	struct token tokens[OBJECTS][THREADS];
	int token_count[OBJECTS];
	struct done events[EVENTS];
	int length, ordinal[THREADS];
	bool is_there[THREADS], over;
	uint8_t clock[THREADS][THREADS]; /* what the thread's next event comes after */
	struct edge edges[3 * THREADS];
	int edge_count;
};

/* Where the search is told that operations act: of mutexes and of all others. */
const void *object_at(const struct step *step);
const void *mutex_at(const struct step *step); /* that a wait gives back; null for others */

void run_init(const struct program *program, struct run *run);

/* Whether the thread's next step can be carried out: an event, for what is none happens at once. */
bool run_is_enabled(const struct program *program, const struct run *run, int thread);

const struct done *run_step(const struct program *program, struct run *run, int thread);

/* A number for the class of a finished run: its events in the order of threads, with their outcomes
 * and what they come after. */
uint64_t class_of(const struct run *run);

/* The same, but where the process was ended only of what the last event comes after by itself: how
 * far others have got does not matter. */
uint64_t ending_of(const struct run *run);

typedef uint64_t name_fn(const struct run *run);

struct set {
	uint64_t members[SET_SIZE];
	long count, paths;
};

void set_add(struct set *set, uint64_t member);

/* What `name` calls the ways in which `run` can go on, up to PATHS ways. */
void interleave(const struct program *program, const struct run *run, name_fn *name,
		struct set *set);

#endif
