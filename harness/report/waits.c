#include "report/waits.h"
#include "model/op.h"
#include "report/frames.h"
#include "trace/way.h"

#include <errno.h>
#include <string.h>

#define WAITS_SHOWN 4u

static bool has_timed_out(const struct event *event)
{
	if (!(event->flags & EVENT_HAS_VALUE) || event->flags & EVENT_PENDING)
		return false;
	if (event->op == OP_WAIT)
		return event->value == WAY_TIMEOUT;
	return event->op < OP_COUNT && op_letter((enum op)event->op) && event->value == ETIMEDOUT;
}

static void print_wait(FILE *out, const struct report *report, struct record *record,
		       const struct event *event)
{
	const struct thread_report *thread = frames_thread(report, event->thread);
	const struct place *place = symbols_place(record_symbols(record), event->pc);
	char label[FRAMES_LABEL_MAX];

	if (thread)
		frames_label(record_symbols(record), thread, label);
	else
		snprintf(label, sizeof(label), "T%u", event->thread);
	fprintf(out, "  %s's wait for %s timed out", label, record_title(record, event->address));
	if (strcmp(place->text, "?"))
		fprintf(out, " (%s)", place->text);
	fputc('\n', out);
}

void waits_print(FILE *out, const struct report *report, struct record *record)
{
	size_t count, waits = 0, shown = 0;
	const struct event *events = record_events(record, &count);

	for (size_t i = 0; i < count; i++)
		waits += has_timed_out(&events[i]);
	if (waits > WAITS_SHOWN)
		fprintf(out, "  %zu waits timed out, the last ones:\n", waits);
	for (size_t i = 0; i < count; i++)
		if (has_timed_out(&events[i]) && ++shown + WAITS_SHOWN > waits)
			print_wait(out, report, record, &events[i]);
}
