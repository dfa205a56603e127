/* table.h - a trace as a table: one column a thread, one row an event, time runs downwards.
 *
 * Too many threads for the width give one column that names the thread in each row. Reads traces
 * only; knows nothing of processes and debug information.
 */
#ifndef HEDDLE_REPORT_TABLE_H
#define HEDDLE_REPORT_TABLE_H

#include "trace/trace.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct table_options {
	unsigned width;	    /* columns of the terminal; 0: 80 */
	bool utf8;	    /* lines and arrows that are not ASCII */
	bool colour;	    /* escape sequences of a terminal */
	bool headless;	    /* only the rows, for use inside another report */
	const char *indent; /* before each line; null for none */
	size_t last;	    /* only so many events, from the end; 0: all */
};

void table_print(FILE *out, const struct trace *trace, const struct table_options *options);

#endif
