/* summary.h - the result of a search, for a person. */
#ifndef HEDDLE_CLI_SUMMARY_H
#define HEDDLE_CLI_SUMMARY_H

#include "cli/search.h"

#include <stdio.h>

/* The first failure in full with its output, then the counts, then each distinct failure with the
 * command that replays it. */
void summary_print(FILE *out, const struct search *search);

/* One finding in full, with its output and the commands that show and replay it. */
void summary_print_finding(FILE *out, const struct search *search, const struct finding *finding);

#endif
