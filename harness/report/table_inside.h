/* table_inside.h - what the files behind table.h share. For nobody else. */
#ifndef HEDDLE_REPORT_TABLE_INSIDE_H
#define HEDDLE_REPORT_TABLE_INSIDE_H

#include "report/fold.h"
#include "report/moved.h"
#include "report/pattern.h"
#include "report/table.h"

struct table {
	FILE *out;
	const struct trace *trace;
	const struct table_options *options;
	unsigned width;
	const char *indent, *bar, *end, *line, *cross;
	struct fold fold;
	struct moved *moved;
	size_t before; /* events before the first one that is shown, left out by `last` */
	unsigned number_width, mark_width, place_width, source_width;
	unsigned *columns; /* by thread: width, 0 for one without a column */
	bool is_narrow;	   /* one column for all: columns[0], behind one for the thread */
	unsigned thread_width, cell_width;
};

/* A row that decides: it has a mark beside its number, and is never folded. */
bool table_is_marked(const struct trace *trace, size_t index);

/* The event at a position among the shown ones. */
const struct trace_event *table_event(const struct table *table, size_t position);

/* ---- table_fit.c */

/* Finds how wide each column would like to be; gives each what there is room for. */
void table_measure(struct table *table);
void table_fit(struct table *table);

/* "T1 transfer \"worker\"", in at most `width` columns. */
void table_label(const struct table *table, size_t thread, size_t width, char *label, size_t size);

/* What a folded row says of `thread`, to be freed in any case. False where it says nothing. */
bool table_pattern(const struct table *table, const struct fold_row *row, uint32_t thread,
		   struct pattern *pattern);

/* "12", "12-31"; "counter.c:9", "counter.c:9-12", "31 switches"; the source line, or null. */
void table_number(const struct table *table, const struct fold_row *row, char *text, size_t size);
void table_place(const struct table *table, const struct fold_row *row, char *text, size_t size);
const char *table_source(const struct table *table, const struct trace_event *event);

/* ---- table.c */

void table_colour(const struct table *table, const char *sequence);
void table_thread_colour(const struct table *table, size_t thread);
void table_padded(const struct table *table, const char *text, unsigned width);

/* The event after which its thread was left for that at `position`, where the row before shows it;
 * or null. */
const struct trace_event *table_left(const struct table *table, size_t position);

/* Why the thread was left: "(preempted)", "(waits for M1)"; "" where nobody can tell, or the row
 * says it. */
#define WHY_MAX 256
void table_why(const struct table *table, const struct trace_event *left, char *text, size_t size);

/* The cell of a thread that does nothing in the row: empty, or why it does not. */
void table_idle(const struct table *table, const struct trace_event *left, size_t thread,
		unsigned width);

/* The first column of a row, and the last ones with the end of the line. */
void table_print_number(const struct table *table, const char *text, bool mark);
void table_print_place(const struct table *table, const char *place, const char *source);

/* ---- table_folded.c */

void table_print_folded(const struct table *table, const struct fold_row *row);

#endif
