#include "trace/trace.h"

#include "model/op.h"

#include <string.h>

#define FLAGS_SHOWN (EVENT_WAS_CHOICE | EVENT_VOLATILE | EVENT_PENDING)

/* What a write takes the place of is not in all traces, and on a stack that was used before it may
 * be what a call of heddle's own has left there. */
static bool before_equal(const struct trace_event *a, const struct trace_event *b)
{
	return a->op == OP_WRITE || a->op == OP_ATOMIC_STORE || !strcmp(a->before, b->before);
}

/* Texts of different traces: equal texts are different pointers. */
static bool event_equal(const struct trace_event *a, const struct trace_event *b, bool places)
{
	return a->thread == b->thread && a->op == b->op && a->size == b->size &&
	       !((a->flags ^ b->flags) & FLAGS_SHOWN) && !strcmp(a->object, b->object) &&
	       before_equal(a, b) && !strcmp(a->value, b->value) &&
	       (!places || !strcmp(a->place, b->place));
}

static void side_write(const struct trace *trace, size_t index, char *line)
{
	if (index < trace->event_count)
		trace_event_line(&trace->events[index], line);
	else
		strcpy(line, "(end of trace)");
}

bool trace_compare(const struct trace *expected, const struct trace *got,
		   struct trace_difference *difference)
{
	bool places = expected->program_hash == got->program_hash;
	size_t i = 0;

	while (i < expected->event_count && i < got->event_count &&
	       event_equal(&expected->events[i], &got->events[i], places))
		i++;
	if (i == expected->event_count && i == got->event_count)
		return false;
	difference->index = i;
	side_write(expected, i, difference->expected);
	side_write(got, i, difference->got);
	return true;
}
