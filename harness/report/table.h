/* table.h - a trace as a table: one column a thread, time runs downwards.
 *
 * A row is an event, or, where the trace is long, a loop or a stretch of events (fold.h). In the
 * column of a thread that another one took over from stands why, in brackets. Too many threads for
 * the width give one column that names the thread in each row. Reads traces only; knows nothing of
 * processes and debug information.
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
	bool full;	    /* nothing is folded */
	/* Only events of these threads, numbers with a comma between; only events on this object,
	 * or on parts of it. Null: all. */
	const char *only, *object;
	/* The text of a source line, "counter.c:9", or null; null where there are none. Shown where
	 * there is room. */
	const char *(*source)(void *argument, const char *place);
	void *source_argument;
};

/* Returns how many events were shown, folded ones too. */
size_t table_print(FILE *out, const struct trace *trace, const struct table_options *options);

#endif
