/*
 * align.c - follows each thread through two traces at once.
 *
 * Two events can be one and the same when they do the same operation on what may be the same
 * object. Under an edit an object is taken for another one when either name is in only one of the
 * traces (a variable was renamed), or when the names differ in numbers alone (M2 is M3 since there
 * is a lock more; a line has moved). As many events as possible are matched; in threads that are
 * too long for that the smallest number is left out, in both together, after which several in a row
 * are the same.
 */
#include "trace/align.h"

#include "base/check.h"
#include "model/op.h"
#include "trace/store.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* As many events are left out at most, in each trace. */
#define AHEAD_MAX 256u
/* As many in a row have to be the same after some were left out, or all that are left. */
#define RUN_LEAST 3u

/* The events of one thread of a trace, but for pending ones. */
struct strand {
	const struct trace *trace;
	size_t *events;
	size_t count;
};

/* Of what differs, so many events of a thread are compared each with each. */
#define TABLE_MOST 4096u

struct walk {
	struct align *align;
	bool is_edited;
	struct trace_store *names; /* of the objects of both, each once */
	/* By event: names, of `names`; whether they are in the other trace, too. */
	const char **name_a, **name_b;
	bool *shared_a, *shared_b;
	struct strand a, b;
};

static void *room_for(size_t count, size_t size)
{
	void *memory = calloc(count + 1, size);

	CHECK(memory && "enough memory");
	return memory;
}

/* Names that differ in numbers only. */
static bool is_like(const char *a, const char *b)
{
	while (*a && *b) {
		bool digit_a = isdigit((unsigned char)*a), digit_b = isdigit((unsigned char)*b);

		if (digit_a && digit_b) {
			a += strspn(a, "0123456789abcdefx");
			b += strspn(b, "0123456789abcdefx");
		} else if (*a++ != *b++) {
			return false;
		}
	}
	return !*a && !*b;
}

static bool is_same(const struct walk *walk, size_t a, size_t b)
{
	size_t in_a = walk->a.events[a], in_b = walk->b.events[b];
	const struct trace_event *one = &walk->a.trace->events[in_a];
	const struct trace_event *other = &walk->b.trace->events[in_b];

	if (one->op != other->op)
		return false;
	if (walk->name_a[in_a] == walk->name_b[in_b])
		return walk->is_edited || one->size == other->size;
	if (!walk->is_edited)
		return false;
	return (!walk->shared_a[in_a] && !walk->shared_b[in_b]) ||
	       is_like(walk->name_a[in_a], walk->name_b[in_b]);
}

/* Whether what follows on both sides is the same for long enough. */
static bool runs_on(const struct walk *walk, size_t a, size_t b)
{
	size_t length = 0;

	while (length < RUN_LEAST && a + length < walk->a.count && b + length < walk->b.count) {
		if (!is_same(walk, a + length, b + length))
			return false;
		length++;
	}
	/* At the end of both less will do. */
	return length == RUN_LEAST ||
	       (length && a + length == walk->a.count && b + length == walk->b.count);
}

/* Leaves out as little as it takes; all that is left where nothing fits. */
static void leave_out(const struct walk *walk, size_t *a, size_t *b)
{
	for (size_t sum = 1; sum <= 2 * AHEAD_MAX; sum++)
		for (size_t i = sum > AHEAD_MAX ? sum - AHEAD_MAX : 0; i <= sum && i <= AHEAD_MAX;
		     i++) {
			if (!runs_on(walk, *a + i, *b + sum - i))
				continue;
			*a += i;
			*b += sum - i;
			return;
		}
	*a = walk->a.count;
	*b = walk->b.count;
}

static void match(struct walk *walk, size_t a, size_t b)
{
	walk->align->in_b[walk->a.events[a]] = walk->b.events[b];
	walk->align->in_a[walk->b.events[b]] = walk->a.events[a];
	walk->align->matched++;
}

/* What is too long for the table below: step by step, looking ahead. */
static void walk_ahead(struct walk *walk)
{
	size_t a = 0, b = 0;

	while (a < walk->a.count && b < walk->b.count) {
		if (is_same(walk, a, b))
			match(walk, a++, b++);
		else
			leave_out(walk, &a, &b);
	}
}

/* The longest common subsequence: `lengths` has, for each pair of positions, how long that of what
 * lies before them is. Of several the one that matches late: of two like things of which one is
 * gone that was the first. */
static void walk_table(struct walk *walk, size_t count_a, size_t count_b)
{
	size_t width = count_b + 1;
	uint16_t *lengths = room_for((count_a + 1) * width, sizeof(*lengths));

	for (size_t i = 1; i <= count_a; i++)
		for (size_t j = 1; j < width; j++) {
			uint16_t *at = &lengths[i * width + j];

			if (is_same(walk, i - 1, j - 1))
				*at = (uint16_t)(at[-(ptrdiff_t)width - 1] + 1);
			else
				*at = at[-1] > at[-(ptrdiff_t)width] ? at[-1]
								     : at[-(ptrdiff_t)width];
		}
	for (size_t i = count_a, j = count_b; i && j;) {
		const uint16_t *at = &lengths[i * width + j];

		if (is_same(walk, i - 1, j - 1))
			match(walk, --i, --j);
		else if (at[-(ptrdiff_t)width] == *at)
			i--;
		else
			j--;
	}
	free(lengths);
}

/* Where both are the same from the first to the last event. */
static bool walk_equal(struct walk *walk)
{
	if (walk->a.count != walk->b.count)
		return false;
	for (size_t i = 0; i < walk->a.count; i++)
		if (!is_same(walk, i, i))
			return false;
	for (size_t i = 0; i < walk->a.count; i++)
		match(walk, i, i);
	return true;
}

static void walk_strands(struct walk *walk)
{
	size_t count_a = walk->a.count, count_b = walk->b.count;

	if (walk_equal(walk))
		return;
	if (count_a < TABLE_MOST && count_b < TABLE_MOST)
		walk_table(walk, count_a, count_b);
	else
		walk_ahead(walk);
}

static const char **names_take(struct walk *walk, const struct trace *trace)
{
	const char **names = room_for(trace->event_count, sizeof(*names));

	for (size_t i = 0; i < trace->event_count; i++)
		names[i] = store_intern(walk->names, trace->events[i].object);
	return names;
}

static int by_pointer(const void *left, const void *right)
{
	const char *a = *(const char *const *)left, *b = *(const char *const *)right;

	return a < b ? -1 : a > b;
}

/* By event of `trace`: whether its name is among `others`. */
static bool *shared_find(const char **names, const struct trace *trace, const char **others,
			 const struct trace *other)
{
	const char **sorted = room_for(other->event_count, sizeof(*sorted));
	bool *shared = room_for(trace->event_count, sizeof(*shared));

	memcpy(sorted, others, other->event_count * sizeof(*sorted));
	qsort(sorted, other->event_count, sizeof(*sorted), by_pointer);
	for (size_t i = 0; i < trace->event_count; i++)
		shared[i] = bsearch(&names[i], sorted, other->event_count, sizeof(*sorted),
				    by_pointer) != NULL;
	free(sorted);
	return shared;
}

static void strand_take(struct strand *strand, const struct trace *trace, uint32_t thread)
{
	strand->trace = trace;
	strand->count = 0;
	for (size_t i = 0; i < trace->event_count; i++)
		if (trace->events[i].thread == thread && !(trace->events[i].flags & EVENT_PENDING))
			strand->events[strand->count++] = i;
}

static size_t *none(size_t count)
{
	size_t *all = room_for(count, sizeof(*all));

	for (size_t i = 0; i < count; i++)
		all[i] = ALIGN_NONE;
	return all;
}

void align_make(struct align *align, const struct trace *a, const struct trace *b, bool is_edited)
{
	struct walk walk = {.align = align, .is_edited = is_edited, .names = store_new()};

	*align = (struct align){.in_b = none(a->event_count), .in_a = none(b->event_count)};
	walk.name_a = names_take(&walk, a);
	walk.name_b = names_take(&walk, b);
	walk.shared_a = shared_find(walk.name_a, a, walk.name_b, b);
	walk.shared_b = shared_find(walk.name_b, b, walk.name_a, a);
	walk.a.events = room_for(a->event_count, sizeof(*walk.a.events));
	walk.b.events = room_for(b->event_count, sizeof(*walk.b.events));
	for (uint32_t i = 0; i < a->thread_count && i < b->thread_count; i++) {
		strand_take(&walk.a, a, i);
		strand_take(&walk.b, b, i);
		walk_strands(&walk);
	}
	free(walk.a.events);
	free(walk.b.events);
	free(walk.name_a);
	free(walk.name_b);
	free(walk.shared_a);
	free(walk.shared_b);
	store_free(walk.names);
}

void align_free(struct align *align)
{
	free(align->in_a);
	free(align->in_b);
}
