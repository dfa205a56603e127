/* sent.h - tells the reduction's search what threads send each other. */
#ifndef HEDDLE_TESTS_SENT_H
#define HEDDLE_TESTS_SENT_H

#include "policy/dpor.h"
#include "unit/program.h"

/* Fills in what the step sends, and what interrupts it. */
void sent_tell(struct dpor_event *event, const struct step *step, int thread, bool is_ending,
	       int taken);

/* The address that the step would have were it not interrupted. */
const void *meant_address(const struct state *state, const struct step *step, int thread);

#endif
