/* machines.h - the reports for machines that the options ask for: --junit, --tap, --annotate. */
#ifndef HEDDLE_CLI_MACHINES_H
#define HEDDLE_CLI_MACHINES_H

#include "base/error.h"
#include "cli/cases.h"
#include "cli/options.h"

/* Can what is asked for be written? Asked before the program is run. Returns 0, or -1 with `error`.
 */
int machines_check(const struct options *options, struct error *error);

/* Writes them, and frees the cases. Returns `status`, or where it has to say that a file could not
 * be written and there was no failure, STATUS_UNABLE. */
enum status machines_report(const struct options *options, struct cases *cases, enum status status);

/* The same for a program that could not be run. */
void machines_report_error(const struct options *options, char *const *program, const char *error);

#endif
