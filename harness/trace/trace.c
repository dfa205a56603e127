/*
 * trace.c - a trace in memory.
 *
 * Invariant: every text is in the store, none is null; `threads` covers every thread that an event
 * names.
 */
#include "trace/trace.h"

#include "model/op.h"
#include "trace/store.h"

#include <stdlib.h>
#include <string.h>

void trace_init(struct trace *trace)
{
	*trace = (struct trace){
		.program = "",
		.session = "",
		.strategy = "",
		.verdict = "",
		.message = "",
		.store = store_new(),
	};
}

void trace_free(struct trace *trace)
{
	free(trace->arguments);
	free(trace->settings);
	free(trace->unknown);
	free(trace->events);
	free(trace->threads);
	store_free(trace->store);
	memset(trace, 0, sizeof(*trace));
}

const char *trace_intern(struct trace *trace, const char *text)
{
	return store_intern(trace->store, text);
}

void trace_argument_add(struct trace *trace, const char *argument)
{
	trace->arguments =
		store_room(trace->arguments, trace->argument_count, sizeof(*trace->arguments));
	trace->arguments[trace->argument_count++] = trace_intern(trace, argument);
}

void trace_setting_add(struct trace *trace, const char *name, const char *value)
{
	trace->settings =
		store_room(trace->settings, trace->setting_count, sizeof(*trace->settings));
	trace->settings[trace->setting_count++] = (struct trace_field){
		.key = trace_intern(trace, name),
		.value = trace_intern(trace, value),
	};
}

const char *trace_setting(const struct trace *trace, const char *name)
{
	for (size_t i = trace->setting_count; i-- > 0;)
		if (!strcmp(trace->settings[i].key, name))
			return trace->settings[i].value;
	return NULL;
}

static struct trace_thread *thread_at(struct trace *trace, uint64_t number)
{
	while (trace->thread_count <= number) {
		trace->threads =
			store_room(trace->threads, trace->thread_count, sizeof(*trace->threads));
		trace->threads[trace->thread_count] = (struct trace_thread){
			.routine = trace->thread_count ? "" : "main",
			.name = "",
		};
		trace->thread_count++;
	}
	return &trace->threads[number];
}

/* "\"worker\"" gives "worker"; anything else nothing. */
static const char *unquoted(struct trace *trace, const char *quoted)
{
	size_t length = strlen(quoted);
	char name[64];

	if (length < 2 || length - 2 >= sizeof(name) || quoted[0] != '"' ||
	    quoted[length - 1] != '"')
		return "";
	memcpy(name, quoted + 1, length - 2);
	name[length - 2] = '\0';
	return trace_intern(trace, name);
}

static void thread_learn(struct trace *trace, const struct trace_event *event)
{
	struct trace_thread *thread = thread_at(trace, event->thread);

	if (event->op == OP_CREATE) {
		thread_at(trace, event->number)->routine = event->value;
	} else if (event->op == OP_START) {
		if (*event->object)
			thread->routine = event->object;
		thread->name = unquoted(trace, event->value);
	} else if (event->op == OP_NAME && *event->value) {
		thread = thread_at(trace, event->number);
		thread->name = unquoted(trace, event->value);
	}
}

void trace_event_add(struct trace *trace, const struct trace_event *event)
{
	struct trace_event *copy;

	trace->events = store_room(trace->events, trace->event_count, sizeof(*trace->events));
	copy = &trace->events[trace->event_count++];
	*copy = *event;
	copy->object = trace_intern(trace, event->object);
	copy->before = trace_intern(trace, event->before);
	copy->value = trace_intern(trace, event->value);
	copy->place = trace_intern(trace, event->place);
	thread_learn(trace, copy);
}

struct event *trace_plan(const struct trace *trace, size_t *count)
{
	struct event *plan = NULL;

	*count = 0;
	for (size_t i = 0; i < trace->event_count; i++) {
		const struct trace_event *event = &trace->events[i];

		if (event->flags & EVENT_PENDING)
			continue;
		plan = store_room(plan, *count, sizeof(*plan));
		plan[(*count)++] = (struct event){
			.thread = event->thread,
			.op = event->op,
			.size = event->size,
			.flags = event->flags,
			.value = event->number,
		};
	}
	return plan;
}
