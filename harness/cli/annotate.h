/* annotate.h - results as the commands by which a job of GitHub Actions marks lines of the source.
 *
 *	::error file=src/bank.c,line=31,title=heddle%3A deadlock::no thread can run: ...
 *
 * One for each finding, of a data race at both places, and one where nothing was found but not all
 * was done. Without a file where none below the current folder is known. Percent signs and the ends
 * of lines are escaped as GitHub wants it.
 */
#ifndef HEDDLE_CLI_ANNOTATE_H
#define HEDDLE_CLI_ANNOTATE_H

#include "cli/cases.h"

#include <stdio.h>

void annotate_print(FILE *out, const struct cases *cases);

#endif
