/* searches.h - the reduction's search over little programs, and its comparison with all
 * interleavings. */
#ifndef HEDDLE_TESTS_SEARCHES_H
#define HEDDLE_TESTS_SEARCHES_H

#include "base/rng.h"
#include "unit/interleavings.h"

/* Takes the tables of a search. Once for a test. */
void search_init(void);

/* So many workers share the searches from now on, at most 4; they take turns at random. */
void search_workers(uint32_t count);

/* How much room there is for plans: then executions may turn out to repeat others. */
enum sources {
	SOURCES_NONE,  /* enough */
	SOURCES_ONLY,  /* none */
	SOURCES_MIXED, /* now and then */
};

void search_sources(enum sources which);
bool search_is_short(void);

/* What a search found. */
struct found {
	long executions, asleep;
	bool lost;
	struct set classes, finals;
};

/* Runs at most so many executions. */
void search_without_bound(const struct program *program, name_fn *name, long most,
			  struct found *found);

/* The search runs as many executions as are known, of as many classes, and none in vain. */
void check_known(const struct program *program, long known);

#define PREEMPTIONS_MAX 64

/* What a search by preemptions found. */
struct bounded_result {
	long executions;
	long classes[PREEMPTIONS_MAX]; /* by the number that they need */
	long repeated;		       /* executions of a class that had been executed */
	bool ordered;		       /* those that need fewer came first */
	bool cut;		       /* it says that the bound may have cut classes off */
	bool lost;		       /* it lost its way, or its tables were too small */
};

void search_bounded(const struct program *program, uint32_t bound, struct bounded_result *result);

/* The same of the search without a bound. */
void search_minima(const struct program *program, struct bounded_result *result);

/* A random 0 or 1. */
int any(struct rng *rng);

/* How a search may be wrong. */
enum difference {
	SAME,
	MISSED,	   /* a class */
	INVENTED,  /* a class that is none */
	TWICE,	   /* a class */
	IN_VAIN,   /* an execution that was given up */
	STATES,	   /* not the states in which interleavings end */
	FAILED,	   /* it lost its way, or its tables were too small */
	UNSOUND,   /* interleavings of one class, by the footprints, in different states */
	TOO_LARGE, /* not compared: more interleavings than are tried */
	MISUSE,	   /* not compared: the program does what has no meaning */
};

extern const char *const difference_words[];

/* What the program's search and all its interleavings were like. */
struct comparison {
	enum difference difference;
	long classes, executions, asleep, finals, stuck;
};

/* With `exact` one execution for each class, and none in vain. Else the search finds each way in
 * which the program ends, of those that are the same but for how far other threads have got, by
 * whatever number of executions. */
struct comparison compare(const struct program *program, bool exact);

/* Fails the test, with the smallest program that it finds to be different too, where the program's
 * search is not what it should be; returns what it was like. */
struct comparison check(const struct program *program, bool exact);

/* The same of as much of the program as can be compared: its last steps are dropped until it can.
 */
struct comparison check_cut(struct program *program, bool exact);

#endif
