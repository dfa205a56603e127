/* searches.h - the reduction's search over little programs, and its comparison with all
 * interleavings. */
#ifndef HEDDLE_TESTS_SEARCHES_H
#define HEDDLE_TESTS_SEARCHES_H

#include "base/rng.h"
#include "unit/interleavings.h"

/* Takes the tables of a search. Once for a test. */
void search_init(void);

/* Adds a step to the thread's. */
void add(struct program *program, int thread, struct step step);
void add_op(struct program *program, int thread, enum op op, int object);

/* The search runs as many executions as are known, of as many classes, and none in vain. */
void check_known(const struct program *program, long known);

/* Adds a few steps to the thread's, which belong together. */
typedef void part_fn(struct rng *rng, struct program *program, int thread);

/* A random 0 or 1. */
int any(struct rng *rng);

/* The search runs one execution for each class, and none in vain, of `count` random programs of up
 * to so many parts. */
void compare_all(part_fn *part, uint32_t parts, int count);

/* The same of one program. False, and nothing is compared, where it has too many interleavings. */
bool compare(const struct program *program);

/* The same for programs that an event may end: the search finds each way in which they end, by
 * whatever number of executions. */
bool compare_endings(const struct program *program);

#endif
