/*
 * follow.c - merges two versions of an execution into a schedule.
 *
 * The events that both versions have are the frame; what a thread does between two of them, and
 * only the new version has, is put where it hinders the others least: a lock is taken when the
 * thread has to go on, and given back as soon as it can be.
 */
#include "trace/follow.h"

#include "base/check.h"
#include "model/footprint.h"
#include "model/op.h"
#include "trace/depend.h"

#include <stdlib.h>
#include <string.h>

struct merge {
	const struct trace *got;
	const struct align *align;
	size_t *order, count;
	size_t *next; /* by thread: index of its first event that is not in the order yet */
	bool *is_new; /* by thread: none of its events is in the trace */
};

static void *room_for(size_t count, size_t size)
{
	void *memory = calloc(count + 1, size);

	CHECK(memory && "enough memory");
	return memory;
}

static bool is_pending(const struct trace *trace, size_t index)
{
	return trace->events[index].flags & EVENT_PENDING;
}

/* The thread's next event from `index` on, or the number of events. */
static size_t next_of(const struct trace *trace, uint32_t thread, size_t index)
{
	while (index < trace->event_count &&
	       (trace->events[index].thread != thread || is_pending(trace, index)))
		index++;
	return index;
}

/* Lets others go on. */
static bool gives_back(enum op op)
{
	switch (op) {
	case OP_UNLOCK:
	case OP_RWUNLOCK:
	case OP_SPIN_UNLOCK:
	case OP_SEM_POST:
	case OP_SIGNAL:
	case OP_BROADCAST:
	case OP_ONCE_DONE:
	case OP_FUTEX_WAKE:
	case OP_END:
		return true;
	default: /* others may come later as well */
		return false;
	}
}

/* Puts the thread's events up to `last` into the order. */
static void put(struct merge *merge, uint32_t thread, size_t last)
{
	size_t *next = &merge->next[thread];

	while (*next <= last && *next < merge->got->event_count) {
		merge->order[merge->count++] = *next;
		*next = next_of(merge->got, thread, *next + 1);
	}
}

/* A thread that the trace does not know goes where it went. */
static void put_new_threads(struct merge *merge, size_t before)
{
	for (uint32_t i = 0; i < merge->got->thread_count; i++)
		if (merge->is_new[i] && before)
			put(merge, i, before - 1);
}

/* After what is in the trace: what the thread gives back without having to wait before. */
static void put_given_back(struct merge *merge, uint32_t thread)
{
	size_t last = ALIGN_NONE;

	for (size_t i = merge->next[thread];
	     i < merge->got->event_count && merge->align->in_a[i] == ALIGN_NONE &&
	     !footprint_may_wait((enum op)merge->got->events[i].op);
	     i = next_of(merge->got, thread, i + 1))
		if (gives_back((enum op)merge->got->events[i].op))
			last = i;
	if (last != ALIGN_NONE)
		put(merge, thread, last);
}

static void find_new_threads(struct merge *merge)
{
	for (uint32_t i = 0; i < merge->got->thread_count; i++) {
		merge->is_new[i] = true;
		merge->next[i] = next_of(merge->got, i, 0);
	}
	for (size_t i = 0; i < merge->got->event_count; i++)
		if (merge->align->in_a[i] != ALIGN_NONE)
			merge->is_new[merge->got->events[i].thread] = false;
}

size_t *follow_order(const struct trace *wanted, const struct trace *got, const struct align *align,
		     size_t *count)
{
	struct merge merge = {.got = got, .align = align};

	merge.order = room_for(got->event_count, sizeof(*merge.order));
	merge.next = room_for(got->thread_count, sizeof(*merge.next));
	merge.is_new = room_for(got->thread_count, sizeof(*merge.is_new));
	find_new_threads(&merge);
	for (size_t i = 0; i < wanted->event_count; i++) {
		size_t index = align->in_b[i];

		if (index == ALIGN_NONE)
			continue;
		put_new_threads(&merge, index);
		put(&merge, got->events[index].thread, index);
		put_given_back(&merge, got->events[index].thread);
	}
	/* What goes on behind the end of the trace. */
	for (size_t i = 0; i < got->event_count; i++)
		if (!is_pending(got, i) && merge.next[got->events[i].thread] == i)
			put(&merge, got->events[i].thread, i);
	free(merge.next);
	free(merge.is_new);
	*count = merge.count;
	return merge.order;
}

size_t follow_break(const struct trace *got, const size_t *order, size_t count)
{
	bool *done = room_for(got->event_count, sizeof(*done));
	size_t first = 0, at = 0;

	for (; at < count; at++) {
		const struct trace_event *event = &got->events[order[at]];

		/* All that was carried out before it, and is to come after it. */
		while (first < got->event_count && (done[first] || is_pending(got, first)))
			first++;
		for (size_t i = first; i < order[at]; i++)
			if (!done[i] && !is_pending(got, i) &&
			    got->events[i].thread != event->thread &&
			    depend_events(&got->events[i], event))
				goto found;
		done[order[at]] = true;
	}
found:
	free(done);
	return at;
}

struct event *follow_plan(const struct trace *wanted, const struct trace *got,
			  const struct align *align, const size_t *order, size_t count)
{
	struct event *plan = room_for(count, sizeof(*plan));

	for (size_t i = 0; i < count; i++) {
		const struct trace_event *event = &got->events[order[i]];
		size_t same = align->in_a[order[i]];

		plan[i] = (struct event){.thread = event->thread,
					 .op = event->op,
					 .size = event->size,
					 .flags = event->flags,
					 .value = event->number};
		if (same != ALIGN_NONE && (event->op == OP_CHOOSE || event->op == OP_WAIT))
			plan[i].value = wanted->events[same].number;
	}
	return plan;
}
