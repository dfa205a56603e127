/* numbers.h - reads numbers from a command line, the whole word or not at all. */
#ifndef HEDDLE_CLI_NUMBERS_H
#define HEDDLE_CLI_NUMBERS_H

#include <stdbool.h>
#include <stdint.h>

/* A number from 0 to 2^63 - 1 (so that it fits into JSON everywhere), decimal or hexadecimal with
 * 0x. Returns false for anything else. */
bool number_read(const char *word, uint64_t *number);

/* A finite decimal number, not negative, such as 90 or 0.5. Returns false for anything else. */
bool seconds_read(const char *word, double *seconds);

#endif
