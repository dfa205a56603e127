/* cell.h - one event as it stands in a cell of a table: "lock fork", "counter -> 0", "counter = 1".
 */
#ifndef HEDDLE_REPORT_CELL_H
#define HEDDLE_REPORT_CELL_H

#include "trace/trace.h"

#include <stdbool.h>
#include <stddef.h>

#define CELL_MAX 4096
/* Stands before an operation that was announced only. */
#define CELL_PENDING "*"

/* What is read one after the other. `object`, `found` (what was there before) and `value` may be
 * shortened. */
struct cell {
	char before[64], object[CELL_MAX], open[8], found[CELL_MAX], sign[32], value[CELL_MAX];
};

void cell_make(struct cell *cell, const struct trace_event *event, bool utf8);

/* Writes the cell in at most `width` columns: of a long name, and of a long value, the middle is
 * left out. */
void cell_fit(const struct cell *cell, size_t width, bool utf8, char *out, size_t size);

/* `text` without bytes that would not print here, in at most `width` columns, its beginning or its
 * end kept. */
void cell_text(const char *text, size_t width, bool keep_end, bool utf8, char *out, size_t size);

/* `text`, which prints, in at most `width` columns, something of its middle left out. */
void cell_middle(const char *text, size_t width, bool utf8, char *out, size_t size);

/* How many columns a terminal needs for `text`. */
size_t cell_columns(const char *text);
size_t cell_width(const struct cell *cell);

#endif
