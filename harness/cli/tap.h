/* tap.h - results in the Test Anything Protocol, version 13: `heddle explore --tap`.
 *
 * A test point for each test case (cases.h), and below one that is not ok a block of YAML: message,
 * severity ("fail", or "error" where nothing was found but not all was done), kind, and where they
 * are known file and line, file_first and line_first (of the first access of a data race), replay
 * and report. A program that could not be run is a "Bail out!".
 */
#ifndef HEDDLE_CLI_TAP_H
#define HEDDLE_CLI_TAP_H

#include "cli/cases.h"

#include <stdio.h>

void tap_print(FILE *out, const struct cases *cases);
void tap_bail_out(FILE *out, const char *why);

#endif
