/* misuse.h - which steps of little programs are misuse, and the making and ending of objects. */
#ifndef HEDDLE_TESTS_MISUSE_H
#define HEDDLE_TESTS_MISUSE_H

#include "base/rng.h"
#include "unit/program.h"

enum misused {
	MISUSED_NOT,
	MISUSED,	   /* by what the thread itself holds, or who holds it */
	MISUSED_BY_OTHERS, /* it has been destroyed, or is waited for with another mutex */
};

/* What the thread's step would be. */
enum misused misused(const struct state *state, const struct step *step, int thread);

/* Carries out a step that makes or ends an object. */
void live(struct state *state, const struct step *step);

/* A program of 2 or 3 threads that do such things, beside what is right. */
struct program program_of_misuse(struct rng *rng);

#endif
