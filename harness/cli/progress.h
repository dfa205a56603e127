/* progress.h - one line on a terminal that tells how far a search is, rewritten in place. Nothing
 * where standard error is no terminal. */
#ifndef HEDDLE_CLI_PROGRESS_H
#define HEDDLE_CLI_PROGRESS_H

#include "cli/search.h"

/* All zero at first. */
struct progress {
	double shown_s; /* when it was last written; 0: never */
};

/* Writes the line anew, a few times a second. */
void progress_show(struct progress *progress, const struct search *search);

/* Takes the line away. */
void progress_clear(struct progress *progress);

#endif
