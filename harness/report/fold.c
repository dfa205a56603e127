/*
 * fold.c - finds the loops of each thread, and then what may be left out.
 *
 * An event's key tells what it does and where, without values and indices, so a loop over an array
 * that counts is a sequence of keys that repeats. Loops are taken greedily: at each place the one
 * that covers most, of those the shortest.
 *
 * Invariant: the rows cover the shown events in order, none twice; a marked event is a row of its
 * own.
 */
#include "report/fold.h"

#include "base/check.h"
#include "model/op.h"
#include "report/cache.h"
#include "trace/store.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Longer bodies are no loop that a person would see. */
#define PERIOD_MAX 64u
/* At least so many events are worth a row that says how they repeat. */
#define LOOP_LEAST 4u
/* What is always shown of a trace that does not fit: how it begins, how it ends, and what is around
 * a row that matters. */
#define HEAD_ROWS   14u
#define TAIL_ROWS   24u
#define AROUND_ROWS 2u
/* What happens no more often than that is shown, as long as these rows are not too many. */
#define RARE_TIMES 2u
#define RARE_ROWS  30u
/* Fewer rows are not worth to be left out. */
#define STRETCH_LEAST 4u

static void *room_for(size_t count, size_t size)
{
	void *memory = calloc(count + 1, size);

	CHECK(memory && "enough memory");
	return memory;
}

/* "a[12].x" is "a[].x": the numbers in brackets are left out. */
static void without_indices(const char *object, char *out, size_t size)
{
	size_t length = 0;
	bool inside = false;

	for (; *object && length + 1 < size; object++) {
		if (!inside || !isdigit((unsigned char)*object))
			out[length++] = *object;
		inside = *object == '[' || (inside && isdigit((unsigned char)*object));
	}
	out[length] = '\0';
}

static const char *key_text(struct trace_store *texts, const struct trace_event *event)
{
	char object[TRACE_LINE_MAX], text[2 * TRACE_LINE_MAX + 128];

	without_indices(event->object, object, sizeof(object));
	snprintf(text, sizeof(text), "%u %u %u %u %s %s", event->thread, event->op, event->size,
		 event->flags & EVENT_PENDING, object, event->place);
	return store_intern(texts, text);
}

/* Numbers the keys in the order in which they first appear. */
static void keys_make(struct fold *fold)
{
	struct trace_store *texts = store_new();
	struct cache numbers = {.entries = NULL};
	unsigned count = 0;

	fold->keys = room_for(fold->trace->event_count, sizeof(*fold->keys));
	for (size_t i = 0; i < fold->trace->event_count; i++) {
		const char *text = key_text(texts, &fold->trace->events[i]);
		unsigned **slot = (unsigned **)cache_at(&numbers, (uint64_t)(uintptr_t)text, 1);

		if (!*slot) {
			*slot = room_for(1, sizeof(**slot));
			**slot = count++;
		}
		fold->keys[i] = **slot;
	}
	cache_free(&numbers);
	store_free(texts);
}

/* How many events from `at` on repeat those `period` before them. */
static size_t repeats(const struct fold *fold, const size_t *events, size_t count, size_t at,
		      size_t period)
{
	size_t end = at + period;

	while (end < count && fold->keys[events[end]] == fold->keys[events[end - period]])
		end++;
	return end - at - period;
}

/* The body begins with what the thread came to first. */
static size_t rotation(const struct fold *fold, const size_t *events, size_t at, size_t period)
{
	size_t best = 0;

	for (size_t i = 1; i < period; i++)
		if (fold->keys[events[at + i]] < fold->keys[events[at + best]])
			best = i;
	return best;
}

/* The loop that begins at `at` or within its first round; one of no events where there is none. */
static struct fold_row loop_find(const struct fold *fold, const size_t *events, size_t count,
				 size_t at)
{
	struct fold_row best = {.kind = FOLD_LOOP, .first = at};

	for (size_t period = 1; period <= PERIOD_MAX && at + 2 * period <= count; period++) {
		size_t more, start, whole;

		/* Rounds of rounds. */
		if (best.period && period % best.period == 0)
			continue;
		more = repeats(fold, events, count, at, period);
		if (more < period)
			continue;
		start = rotation(fold, events, at, period);
		whole = (period + more - start) / period * period;
		if (whole < 2 * period)
			start = 0, whole = (period + more) / period * period;
		if (whole < LOOP_LEAST || whole <= best.count)
			continue;
		best.first = at + start;
		best.count = whole;
		best.period = period;
	}
	return best;
}

size_t fold_loops(const struct fold *fold, const size_t *events, size_t count,
		  struct fold_row *rows)
{
	size_t row_count = 0, at = 0;

	while (at < count) {
		struct fold_row loop = loop_find(fold, events, count, at);

		if (!loop.count)
			loop.first = at + 1;
		for (; at < loop.first; at++)
			rows[row_count++] = (struct fold_row){FOLD_EVENT, at, 1, 0};
		if (loop.count)
			rows[row_count++] = loop;
		at += loop.count;
	}
	return row_count;
}

static bool marked(const struct fold *fold, const struct fold_wish *wish, size_t position)
{
	return wish->is_marked && wish->is_marked(fold->trace, fold->shown[position]);
}

/* Where what goes on without a switch, and without a mark, from `at` on ends. */
static size_t run_end(const struct fold *fold, const struct fold_wish *wish, size_t at)
{
	uint32_t thread = fold->trace->events[fold->shown[at]].thread;

	if (marked(fold, wish, at))
		return at + 1;
	while (++at < fold->count && fold->trace->events[fold->shown[at]].thread == thread)
		if (marked(fold, wish, at))
			break;
	return at;
}

static void rows_of_loops(struct fold *fold, const struct fold_wish *wish)
{
	for (size_t at = 0, end; at < fold->count; at = end) {
		struct fold_row *rows = fold->rows + fold->row_count;
		size_t count;

		end = run_end(fold, wish, at);
		count = fold_loops(fold, fold->shown + at, end - at, rows);
		for (size_t i = 0; i < count; i++)
			rows[i].first += at;
		fold->row_count += count;
	}
}

static void rows_of_all(struct fold *fold)
{
	for (size_t i = 0; i < fold->count; i++)
		fold->rows[i] = (struct fold_row){FOLD_EVENT, i, 1, 0};
	fold->row_count = fold->count;
}

static void keep_around(bool *kept, size_t count, size_t row)
{
	size_t low = row < AROUND_ROWS ? 0 : row - AROUND_ROWS;

	for (size_t i = low; i < count && i <= row + AROUND_ROWS; i++)
		kept[i] = true;
}

/* Rows of events that are the only ones of their kind, or almost. */
static void keep_rare(const struct fold *fold, bool *kept)
{
	unsigned *times = room_for(fold->trace->event_count, sizeof(*times));
	size_t count = 0;

	for (size_t i = 0; i < fold->count; i++)
		times[fold->keys[fold->shown[i]]]++;
	for (size_t i = 0; i < fold->row_count; i++)
		count += times[fold->keys[fold->shown[fold->rows[i].first]]] <= RARE_TIMES;
	for (size_t i = 0; i < fold->row_count && count <= RARE_ROWS; i++)
		if (times[fold->keys[fold->shown[fold->rows[i].first]]] <= RARE_TIMES)
			kept[i] = true;
	free(times);
}

static void keep_all(const struct fold *fold, const struct fold_wish *wish, bool *kept)
{
	for (size_t i = 0; i < fold->row_count; i++) {
		const struct fold_row *row = &fold->rows[i];

		kept[i] |= i < HEAD_ROWS || i + TAIL_ROWS >= fold->row_count;
		if (row->count == 1 && marked(fold, wish, row->first))
			keep_around(kept, fold->row_count, i);
	}
	keep_rare(fold, kept);
}

/* Puts the rows [from, to), which are not kept, into one. */
static void stretch(struct fold *fold, size_t *used, size_t from, size_t to)
{
	struct fold_row whole = {.kind = FOLD_STRETCH, .first = fold->rows[from].first};

	if (to - from < STRETCH_LEAST) {
		memmove(fold->rows + *used, fold->rows + from, (to - from) * sizeof(*fold->rows));
		*used += to - from;
		return;
	}
	for (size_t i = from; i < to; i++)
		whole.count += fold->rows[i].count;
	fold->rows[(*used)++] = whole;
}

static void rows_of_stretches(struct fold *fold, const struct fold_wish *wish)
{
	bool *kept = room_for(fold->row_count, sizeof(*kept));
	size_t used = 0;

	keep_all(fold, wish, kept);
	for (size_t at = 0, end; at < fold->row_count; at = end) {
		for (end = at; end < fold->row_count && kept[end] == kept[at]; end++)
			;
		if (kept[at]) {
			memmove(fold->rows + used, fold->rows + at,
				(end - at) * sizeof(*fold->rows));
			used += end - at;
		} else {
			stretch(fold, &used, at, end);
		}
	}
	fold->row_count = used;
	free(kept);
}

void fold_make(struct fold *fold, const struct trace *trace, const struct fold_wish *wish)
{
	size_t count = wish->shown ? wish->shown_count : trace->event_count;

	*fold = (struct fold){.trace = trace, .count = count};
	fold->shown = room_for(count, sizeof(*fold->shown));
	fold->rows = room_for(count, sizeof(*fold->rows));
	for (size_t i = 0; i < count; i++)
		fold->shown[i] = wish->shown ? wish->shown[i] : i;
	if (wish->full || count <= FOLD_ROWS) {
		rows_of_all(fold);
		return;
	}
	keys_make(fold);
	rows_of_loops(fold, wish);
	if (fold->row_count > FOLD_ROWS)
		rows_of_stretches(fold, wish);
}

void fold_free(struct fold *fold)
{
	free(fold->shown);
	free(fold->rows);
	free(fold->keys);
}
