/* deaths.h - what is done when the process of a worker has ended: nothing, another one in its
 * place, or a finding. */
#ifndef HEDDLE_CLI_DEATHS_H
#define HEDDLE_CLI_DEATHS_H

#include "cli/search.h"

/* Takes note of an end and starts a successor where one is needed. */
void deaths_handle(struct search *search, struct worker *worker, const struct worker_end *end);

/* The worker was asked where it is and did not answer: kills it; the execution in flight becomes a
 * finding. */
void deaths_silence(struct search *search, struct worker *worker);

/* Failures that the workers have counted but that have no finding yet shall be reported again when
 * they are seen. For when the process of a report was gone before it could be read. */
void deaths_reopen(struct search *search);

/* Failures that the workers have counted and nobody could report, because the process was gone:
 * makes findings of them. For the end of the search. */
void deaths_collect(struct search *search);

#endif
