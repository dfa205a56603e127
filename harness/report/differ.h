/* differ.h - what two executions of a program differ in, in the order that matters.
 *
 *	verdicts: passed | assertion: counter.c:44: main: Assertion `counter == 2' failed
 *
 *	the order that matters first:
 *	  event  7 | 9   T1 work  counter 0 → 1  counter.c:31
 *	  event 10 | 8   T2 work  counter → 1    counter.c:31
 *
 * First the ends; then the first two dependent events that come in another order, and a value that
 * is another one; then the first such two on each other object; then what only one of them has.
 * The order of independent events is no difference.
 */
#ifndef HEDDLE_REPORT_DIFFER_H
#define HEDDLE_REPORT_DIFFER_H

#include "trace/trace.h"

#include <stdbool.h>
#include <stdio.h>

/* `left` and `right` are how the traces are called. Returns whether they differ. */
bool differ_print(FILE *out, const struct trace *a, const struct trace *b, const char *left,
		  const char *right, bool utf8);

#endif
