/* table.h - the figures, collected in the order in which they were measured.
 *
 * Each is told on standard error as soon as it is known; the table goes to standard output, in the
 * form in which README.md has it.
 */
#ifndef HEDDLE_BENCH_TABLE_H
#define HEDDLE_BENCH_TABLE_H

enum bound {
	NO_TARGET, /* for comparison only */
	AT_LEAST,
	AT_MOST,
	UNDER,
};

/* Adds a figure, shown with so many decimals. A value that is not a number could not be measured,
 * and has reached nothing. `what` is copied. */
void table_add(const char *what, double value, int decimals, enum bound bound, double target);

/* Adds a figure that cannot be measured here, and why. */
void table_add_missing(const char *what, const char *why);

void table_print(void);

#endif
