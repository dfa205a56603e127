/* option_checks.h - what options of a command line mean together: which cannot be, and which follow
 * from others. */
#ifndef HEDDLE_CLI_OPTION_CHECKS_H
#define HEDDLE_CLI_OPTION_CHECKS_H

#include "cli/options.h"

/* All options have been read. Returns 0, or -1 with `error`. */
int option_checks(struct options *options, struct error *error);

#endif
