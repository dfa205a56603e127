/*
 * differ.c - compares two executions.
 *
 * Events are matched thread by thread (trace/align.h). On each object the events of one execution
 * are gone through in their order, and the first is looked for that comes before one on which it
 * depends in one execution and after it in the other. What is part of another object is looked at
 * with that: objects are grouped by the name before the first dot or bracket.
 */
#include "report/differ.h"

#include "base/check.h"
#include "model/op.h"
#include "report/cache.h"
#include "report/cell.h"
#include "trace/align.h"
#include "trace/depend.h"
#include "trace/store.h"

#include <stdlib.h>
#include <string.h>

/* So many objects, and places where one has something that the other has not, are listed. */
#define LISTED_MAX 12u
/* An event is compared with so many before it on the same object. */
#define BACK_MAX 4096u

/* The events on an object and its parts that both executions have. */
struct object {
	size_t *events; /* indices in the first */
	size_t count;
	size_t latest; /* where in the second the latest of those looked at comes */
	/* The first pair in another order: the later one in the first execution, and the earlier.
	 */
	bool has_pair;
	size_t later, earlier;
};

struct differ {
	FILE *out;
	const struct trace *a, *b;
	bool utf8;
	struct align align;
	struct cache by_name; /* by the root's pointer: 1 + the index in `objects` */
	struct object *objects;
	size_t object_count;
	size_t number_width;
};

static const struct trace_event *event_of(const struct differ *differ, size_t index)
{
	return &differ->a->events[index];
}

static struct object *object_of(struct differ *differ, const char *name, size_t length)
{
	char text[TRACE_LINE_MAX];
	size_t **slot;

	snprintf(text, sizeof(text), "%.*s", (int)length, name);
	slot = (size_t **)cache_at(&differ->by_name,
				   (uint64_t)(uintptr_t)store_intern(differ->a->store, text), 1);
	if (!*slot) {
		*slot = malloc(sizeof(**slot));
		CHECK(*slot && "enough memory");
		**slot = differ->object_count;
		differ->objects =
			store_room(differ->objects, differ->object_count, sizeof(*differ->objects));
		differ->objects[differ->object_count++] = (struct object){.events = NULL};
	}
	return &differ->objects[**slot];
}

/* Looks for the nearest event before `at` that it depends on, and that comes after it in the
 * second execution. */
static void object_look(const struct differ *differ, struct object *object, size_t index)
{
	size_t place = differ->align.in_b[index];

	for (size_t i = object->count, tried = 0; i-- > 0 && tried < BACK_MAX; tried++) {
		size_t other = object->events[i];

		if (differ->align.in_b[other] < place ||
		    event_of(differ, other)->thread == event_of(differ, index)->thread ||
		    !depend_events(event_of(differ, other), event_of(differ, index)))
			continue;
		object->has_pair = true;
		object->later = index;
		object->earlier = other;
		return;
	}
}

static void object_add(struct differ *differ, const char *name, size_t length, size_t index)
{
	struct object *object = object_of(differ, name, length);
	size_t place = differ->align.in_b[index];

	if (object->has_pair)
		return;
	if (object->count && object->latest > place)
		object_look(differ, object, index);
	object->events = store_room(object->events, object->count, sizeof(*object->events));
	object->events[object->count++] = index;
	object->latest = place > object->latest ? place : object->latest;
}

static void objects_find(struct differ *differ)
{
	for (size_t i = 0; i < differ->a->event_count; i++) {
		const struct trace_event *event = event_of(differ, i);
		size_t first = strcspn(event->object, ",");

		if (differ->align.in_b[i] == ALIGN_NONE || !*event->object)
			continue;
		if (op_is_access((enum op)event->op) || !event->object[first]) {
			object_add(differ, event->object, strcspn(event->object, ".[+"), i);
			continue;
		}
		object_add(differ, event->object, first, i);
		object_add(differ, event->object + first + 1,
			   strcspn(event->object + first + 1, ".[+"), i);
	}
}

static int by_later(const void *left, const void *right)
{
	const struct object *a = left, *b = right;

	if (a->has_pair != b->has_pair)
		return a->has_pair ? -1 : 1;
	return a->has_pair ? (a->later < b->later ? -1 : a->later > b->later) : 0;
}

/* "event  7 | 9   T1  counter 0 → 1  counter.c:31": where it is in either; 0: nowhere. */
static void print_event(const struct differ *differ, const struct trace_event *event, size_t in_a,
			size_t in_b)
{
	char text[CELL_MAX], place[CELL_MAX], left[32] = "-", right[32] = "-";
	struct cell cell;

	if (in_a)
		snprintf(left, sizeof(left), "%zu", in_a);
	if (in_b)
		snprintf(right, sizeof(right), "%zu", in_b);
	cell_make(&cell, event, differ->utf8);
	cell_fit(&cell, CELL_MAX, differ->utf8, text, sizeof(text));
	cell_text(event->place, CELL_MAX, true, differ->utf8, place, sizeof(place));
	fprintf(differ->out, "  event %*s | %*s  T%u %s  %s%s%s\n", (int)differ->number_width, left,
		(int)differ->number_width, right, event->thread,
		differ->a->threads[event->thread < differ->a->thread_count ? event->thread : 0]
			.routine,
		text, *place ? "  " : "", place);
}

static void print_matched(const struct differ *differ, size_t index)
{
	print_event(differ, event_of(differ, index), index + 1, differ->align.in_b[index] + 1);
}

static void print_pairs(const struct differ *differ)
{
	for (size_t i = 0; i < differ->object_count && differ->objects[i].has_pair; i++) {
		if (i == LISTED_MAX) {
			fprintf(differ->out, "  and on more objects\n");
			return;
		}
		if (i < 2)
			fprintf(differ->out, i ? "\nthe first on other objects:\n"
					       : "\nthe first that come in another order:\n");
		print_matched(differ, differ->objects[i].earlier);
		print_matched(differ, differ->objects[i].later);
	}
}

/* The first event that finds something else. */
static size_t value_find(const struct differ *differ)
{
	for (size_t i = 0; i < differ->a->event_count; i++) {
		const struct trace_event *event = event_of(differ, i);
		size_t place = differ->align.in_b[i];

		if (place != ALIGN_NONE && strcmp(event->value, differ->b->events[place].value))
			return i;
	}
	return ALIGN_NONE;
}

static void print_value(const struct differ *differ, size_t index)
{
	const struct trace_event *other = &differ->b->events[differ->align.in_b[index]];

	fputs("\nthe first that has another value or result:\n", differ->out);
	print_event(differ, event_of(differ, index), index + 1, 0);
	print_event(differ, other, 0, differ->align.in_b[index] + 1);
}

/* What only one of the traces has, the first of each run of a thread. Returns how many there are.
 */
static size_t print_alone(const struct differ *differ, const struct trace *trace,
			  const size_t *in_other, const char *name)
{
	size_t count = 0, listed = 0, *runs = calloc(trace->thread_count + 1, sizeof(*runs));

	CHECK(runs && "enough memory");
	for (size_t i = 0; i < trace->event_count; i++) {
		const struct trace_event *event = &trace->events[i];
		bool is_a = trace == differ->a;

		if (event->flags & EVENT_PENDING)
			continue;
		if (in_other[i] != ALIGN_NONE) {
			runs[event->thread] = 0;
			continue;
		}
		if (!count++)
			fprintf(differ->out, "\nonly in %s:\n", name);
		if (runs[event->thread]++ || listed == LISTED_MAX)
			continue;
		listed++;
		print_event(differ, event, is_a ? i + 1 : 0, is_a ? 0 : i + 1);
	}
	if (count > listed)
		fprintf(differ->out, "  and %zu more\n", count - listed);
	free(runs);
	return count;
}

static void print_verdict(const struct differ *differ, const struct trace *trace, const char *name)
{
	char text[CELL_MAX];

	cell_text(trace->message, CELL_MAX, false, differ->utf8, text, sizeof(text));
	fprintf(differ->out, "%s: %s%s%s\n", name, trace->verdict, *text ? ": " : "", text);
}

static bool is_same_order(const struct differ *differ)
{
	size_t last = 0;

	for (size_t i = 0; i < differ->a->event_count; i++) {
		size_t place = differ->align.in_b[i];

		if (place == ALIGN_NONE)
			continue;
		if (place < last)
			return false;
		last = place;
	}
	return true;
}

static bool print_all(struct differ *differ, const char *left, const char *right)
{
	bool differs = strcmp(differ->a->verdict, differ->b->verdict) ||
		       strcmp(differ->a->message, differ->b->message);
	size_t value = value_find(differ);

	print_verdict(differ, differ->a, left);
	print_verdict(differ, differ->b, right);
	print_pairs(differ);
	differs |= differ->object_count && differ->objects[0].has_pair;
	if (value != ALIGN_NONE)
		print_value(differ, value);
	differs |= value != ALIGN_NONE;
	differs |= print_alone(differ, differ->a, differ->align.in_b, left) > 0;
	differs |= print_alone(differ, differ->b, differ->align.in_a, right) > 0;
	if (!differs)
		fputs(is_same_order(differ) ? "\nthe same execution\n"
					    : "\nsame class: they differ only in the order of "
					      "independent events\n",
		      differ->out);
	return differs;
}

bool differ_print(FILE *out, const struct trace *a, const struct trace *b, const char *left,
		  const char *right, bool utf8)
{
	struct differ differ = {.out = out, .a = a, .b = b, .utf8 = utf8};
	char number[32];
	bool differs;

	differ.number_width =
		(size_t)snprintf(number, sizeof(number), "%zu",
				 a->event_count > b->event_count ? a->event_count : b->event_count);
	align_make(&differ.align, a, b, a->program_hash != b->program_hash);
	objects_find(&differ);
	for (size_t i = 0; i < differ.object_count; i++) {
		free(differ.objects[i].events);
		differ.objects[i].events = NULL;
	}
	if (differ.object_count)
		qsort(differ.objects, differ.object_count, sizeof(*differ.objects), by_later);
	differs = print_all(&differ, left, right);
	align_free(&differ.align);
	cache_free(&differ.by_name);
	free(differ.objects);
	return differs;
}
