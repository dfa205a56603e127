#include "cli/view.h"
#include "cli/say.h"
#include "cli/stacks.h"
#include "report/frames.h"

#include <stdlib.h>

/* With the texts ended. */
static struct report *copy_report(const struct report *report)
{
	struct report *copy = must_have(malloc(sizeof(*copy)));

	*copy = *report;
	copy->message[sizeof(copy->message) - 1] = 0;
	for (uint32_t i = 0; i < SHARED_THREADS_MAX; i++)
		copy->threads[i].name[sizeof(copy->threads[i].name) - 1] = 0;
	return copy;
}

void view_open(struct view *view, const struct worker *worker, uint64_t first)
{
	struct report *report = copy_report(&worker->slot->report);
	struct symbols_stack stacks[SHARED_THREADS_MAX];
	struct error error = {.text = ""};

	*view = (struct view){.report = report, .first = first, .count = report->event_count};
	view->events = worker_events(worker, first, &view->count);
	if (report->pid)
		view->symbols = symbols_open(report->pid, &error);
	if (error.text[0])
		say("note: no names in this report: %s", error.text);
	symbols_stacks(view->symbols, stacks, stacks_find(report, stacks));
	symbols_caller(view->symbols, report->caller.low, report->caller.high);
	symbols_heaps(view->symbols, report->threads, frames_threads(report));
	view->record = record_open(view->events, view->count, report, view->symbols);
}

void view_close(struct view *view)
{
	record_close(view->record);
	symbols_close(view->symbols);
	worker_events_close(view->events, view->first, view->count);
	free(view->report);
}
