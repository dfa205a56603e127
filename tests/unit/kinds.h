/* kinds.h - the operations on one kind of object each, for the pairs of test_pairs.c. */
#ifndef HEDDLE_TESTS_KINDS_H
#define HEDDLE_TESTS_KINDS_H

#include "unit/program.h"

#include <stddef.h>

#define ACTORS THREADS /* that lead to a state; the pairs are of the first two */

/* The steps of one kind of object. */
struct kind {
	const char *name;
	int count;
	struct step steps[16];
	int arrivals;
	bool contended;
	int idle;     /* threads that do nothing, where there are too many states */
	bool checked; /* a misuse is one outcome of a step */
};

extern const struct kind *const kinds[];
extern const size_t kind_count;

#endif
