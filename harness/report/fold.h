/* fold.h - makes a long trace short enough to be read: which events stand in one row.
 *
 * Short traces are left as they are. In longer ones a loop of one thread becomes a row; where that
 * is not enough, so does what lies between the beginning, the end, and the rows that matter. Pure:
 * knows events by what they do, nothing of widths and texts.
 */
#ifndef HEDDLE_REPORT_FOLD_H
#define HEDDLE_REPORT_FOLD_H

#include "trace/trace.h"

#include <stdbool.h>
#include <stddef.h>

/* As many rows are shown as they are; folding aims below that. */
#define FOLD_ROWS 80u

enum fold_kind {
	FOLD_EVENT,   /* one event */
	FOLD_LOOP,    /* of one thread: `count` events are the same `period` again and again */
	FOLD_STRETCH, /* any events of any threads */
};

struct fold_row {
	enum fold_kind kind;
	size_t first, count; /* positions among the shown events */
	size_t period;	     /* FOLD_LOOP */
};

/* What is to be shown. All null or zero: everything, folded. */
struct fold_wish {
	bool full;	     /* a row for each event */
	const size_t *shown; /* indices of events in ascending order; null: all */
	size_t shown_count;
	/* True for an event that stands for itself whatever happens; null: none does. */
	bool (*is_marked)(const struct trace *trace, size_t index);
};

struct fold {
	const struct trace *trace;
	size_t *shown; /* indices of events */
	size_t count;
	struct fold_row *rows;
	size_t row_count;
	/* By event: equal where two events do the same at the same place, at whatever index of an
	 * array and with whatever value. */
	unsigned *keys;
};

void fold_make(struct fold *fold, const struct trace *trace, const struct fold_wish *wish);
void fold_free(struct fold *fold);

/* Finds the loops in a list of events of one thread. `rows` has room for `count`; their `first`
 * counts in the list. Returns how many rows there are. */
size_t fold_loops(const struct fold *fold, const size_t *events, size_t count,
		  struct fold_row *rows);

#endif
