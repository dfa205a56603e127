/* help.h - what the option table says, in the forms that people read: --help, and the manual page.
 */
#ifndef HEDDLE_CLI_HELP_H
#define HEDDLE_CLI_HELP_H

#include "cli/options.h"

#include <stdio.h>

/* heddle --help: the commands. */
void help_print(FILE *out);

/* heddle COMMAND --help. */
void help_print_command(FILE *out, enum command command);

/* The manual page heddle(1), for man and troff. */
void help_print_manual(FILE *out);

#endif
