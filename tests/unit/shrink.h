/* shrink.h - makes a program that a search gets wrong as small as it can be, and prints it. */
#ifndef HEDDLE_TESTS_SHRINK_H
#define HEDDLE_TESTS_SHRINK_H

#include "unit/program.h"

typedef bool wrong_fn(const struct program *program, bool exact);

/* Drops threads and steps, and makes operands simpler, as long as the program is wrong. */
void program_shrink(struct program *program, wrong_fn *is_wrong, bool exact);

/* Drops the last step of the longest thread, and with it what has no meaning alone. False when
 * nothing is left. */
bool program_cut(struct program *program);

/* As C data: the initialiser of a struct program. */
void program_print(const struct program *program);

#endif
