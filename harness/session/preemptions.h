/* preemptions.h - a search by preemptions (policy/bounded.h), and how many preemptions the classes
 * of any reducing search need (policy/minimum.h): what session/reduction.h adds for the two. */
#ifndef HEDDLE_SESSION_PREEMPTIONS_H
#define HEDDLE_SESSION_PREEMPTIONS_H

#include "policy/bounded.h"

/* As the configuration says. */
void preemptions_init(struct dpor *dpor);

/* The search of that generation begins, or goes on. */
void preemptions_join(uint32_t generation);

/* The search, or null where preemptions have no part in it. */
struct bounded *preemptions_search(void);

/* The execution is over, and is counted where it `counts`: moves to the next one of the search by
 * preemptions. */
void preemptions_next(bool counts);

/* How many preemptions the class of an execution of another search needs, where that is to be
 * counted: MINIMUM_UNKNOWN else. */
uint32_t preemptions_minimum(struct dpor *dpor);

/* Counts it. */
void preemptions_count(uint32_t minimum);

#endif
