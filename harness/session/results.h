/* results.h - how many executions ended with which outcome. */
#ifndef HEDDLE_SESSION_RESULTS_H
#define HEDDLE_SESSION_RESULTS_H

#include "session/session.h"

/* The execution in flight has come to the verdict in the report: prepares that it counts. True
 * where the command wants to see it: the first with that outcome. */
bool results_take(uint64_t index);

/* It counts, if it has been counted: some executions only repeat others. */
void results_done(void);

/* It is the only one that there is. */
void results_done_alone(void);

/* A predecessor may have been killed in between. */
void results_mend(void);

/* The search begins anew. */
void results_forget(void);

#endif
