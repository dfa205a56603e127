/* measure.h - run a command and tell what it cost.
 *
 * Commands are run in the current folder, by `sh -c exec`, with no input and with their errors
 * thrown away. A command that fails is named on standard error, and its cost is not a number: so is
 * all that is computed from it, and the table shows it as failed. Knows nothing of heddle but that
 * it runs the program under test in a child of its own.
 */
#ifndef HEDDLE_BENCH_MEASURE_H
#define HEDDLE_BENCH_MEASURE_H

#include <stdio.h>

#define MEASURE_ROUNDS 5

/* How a command is run: any of these, or 0. */
#define MEASURE_PINNED	1u /* with all that it starts on one processor */
#define MEASURE_WATCHED 2u /* and the peak memory of its children looked at while it runs */
#define MEASURE_FAILING 4u /* an exit status of 1, a failure found, is as good as 0 */
#define MEASURE_LIMITED 8u /* and so is 5, an exhaustive search that was cut short */

struct cost {
	double wall_s;
	double cpu_s; /* of the command and all that it waited for, in the program and the kernel */
	double child_kb; /* peak resident memory of its largest child; only where it was watched */
};

/* Runs the command; its output goes to `out`, or nowhere where that is NULL. */
struct cost measure_run(unsigned how, FILE *out, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The median of those that are numbers; not a number where none is. Sorts them. */
double measure_median(double values[MEASURE_ROUNDS]);

/* Runs the command and counts the system calls of its children, not its own: those of the program
 * under test. Not a number where the kernel does not let one look. */
double measure_system_calls(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Replaces the caller by the command: what the two above do in their child. */
void measure_become(FILE *out, const char *command) __attribute__((noreturn));

#endif
