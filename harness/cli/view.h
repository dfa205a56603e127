/* view.h - what a worker that stands still has to show: its report, copied, so that the worker
 * cannot change it any more; names; the events so far. */
#ifndef HEDDLE_CLI_VIEW_H
#define HEDDLE_CLI_VIEW_H

#include "cli/worker.h"
#include "report/record.h"
#include "report/symbols.h"

struct view {
	struct report *report;
	struct symbols *symbols; /* null where there are no names */
	struct record *record;
	const struct event *events;
	uint64_t first, count;
};

/* New events start at `first` in the worker's recording. Close with view_close(). */
void view_open(struct view *view, const struct worker *worker, uint64_t first);
void view_close(struct view *view);

#endif
