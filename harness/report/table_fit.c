/*
 * table_fit.c - how wide the columns of a table are, and what stands in its narrow ones.
 *
 * Where all wishes together are too many, the widest columns give way first, down to a least width;
 * where that does not help, there is one column for all threads.
 */
#include "report/table_inside.h"

#include "base/check.h"
#include "report/cell.h"

#include <stdlib.h>
#include <string.h>

/* A column that is narrower shows little but that something happened. */
#define COLUMN_LEAST 16u
/* Most events have room in one of that width. */
#define COLUMN_GOOD 22u
/* A place may have this part of the width. */
#define PLACE_SHARE 3u
#define PLACE_LEAST 16u
/* " | " */
#define GAP 3u

/* A source line is shown beside its place where it has that much room. */
#define SOURCE_LEAST 24u
#define SOURCE_MOST  60u
/* A folded row would rather have more lines than be wider than that. */
#define FOLDED_MOST 44u
/* Why a thread was left is no reason to be wider than that. */
#define WHY_MOST 28u

void table_label(const struct table *table, size_t thread, size_t width, char *label, size_t size)
{
	const struct trace_thread *info = &table->trace->threads[thread];
	char text[CELL_MAX];

	snprintf(text, sizeof(text), "T%zu %.3000s%s%s%s", thread, info->routine,
		 *info->name ? " \"" : "", info->name, *info->name ? "\"" : "");
	if (!*info->routine && !*info->name)
		snprintf(text, sizeof(text), "T%zu", thread);
	cell_text(text, width, false, table->options->utf8, label, size);
}

static void widen(unsigned *width, size_t columns)
{
	if (columns > *width)
		*width = (unsigned)columns;
}

static void measure_event(struct table *table, const struct trace_event *event)
{
	struct cell cell;

	cell_make(&cell, event, table->options->utf8);
	widen(&table->columns[event->thread], cell_width(&cell));
	widen(&table->cell_width, cell_width(&cell));
}

/* What a folded row says of `thread`. False where it says nothing. */
bool table_pattern(const struct table *table, const struct fold_row *row, uint32_t thread,
		   struct pattern *pattern)
{
	size_t *events = calloc(row->count, sizeof(*events)), count = 0;

	CHECK(events && "enough memory");
	for (size_t i = row->first; i < row->first + row->count; i++)
		if (table_event(table, i)->thread == thread)
			events[count++] = table->fold.shown[i];
	pattern_init(pattern, table->options->utf8);
	if (count && row->kind == FOLD_LOOP)
		pattern_add_loop(pattern, table->trace, events, count, row->period);
	else if (count)
		pattern_add_events(pattern, &table->fold, events, count);
	free(events);
	return count > 0;
}

static void measure_folded(struct table *table, const struct fold_row *row)
{
	for (uint32_t i = 0; i < table->trace->thread_count; i++) {
		struct pattern pattern;

		if (table_pattern(table, row, i, &pattern)) {
			size_t wish = pattern_width(&pattern);

			wish = wish < FOLDED_MOST ? wish : FOLDED_MOST;
			widen(&table->columns[i], wish);
			widen(&table->cell_width, wish);
		}
		pattern_free(&pattern);
	}
}

void table_number(const struct table *table, const struct fold_row *row, char *text, size_t size)
{
	size_t first = table->fold.shown[row->first] + 1;
	size_t last = table->fold.shown[row->first + row->count - 1] + 1;

	if (first == last)
		snprintf(text, size, "%zu", first);
	else
		snprintf(text, size, "%zu%s%zu", first, table->options->utf8 ? "–" : "-", last);
}

/* "counter.c:9", and of several lines of one file "counter.c:9-12". */
static void place_text(const struct table *table, const struct fold_row *row, char *text,
		       size_t size)
{
	const char *place = table_event(table, row->first)->place, *colon = strrchr(place, ':');
	unsigned long least, most;
	int length;

	snprintf(text, size, "%s", place);
	if (row->kind != FOLD_LOOP || !colon)
		return;
	length = (int)(colon - place);
	least = most = strtoul(colon + 1, NULL, 10);
	for (size_t i = row->first; i < row->first + row->period; i++) {
		const char *other = table_event(table, i)->place;
		unsigned long line;

		if (strncmp(other, place, (size_t)length + 1) != 0)
			continue;
		line = strtoul(other + length + 1, NULL, 10);
		least = line < least ? line : least;
		most = line > most ? line : most;
	}
	if (least < most)
		snprintf(text, size, "%.*s:%lu-%lu", length, place, least, most);
}

void table_place(const struct table *table, const struct fold_row *row, char *text, size_t size)
{
	size_t switches = 0;

	if (row->kind != FOLD_STRETCH) {
		place_text(table, row, text, size);
		return;
	}
	for (size_t i = row->first + 1; i < row->first + row->count; i++)
		switches += table_event(table, i)->thread != table_event(table, i - 1)->thread;
	snprintf(text, size, "%zu switch%s", switches, switches == 1 ? "" : "es");
}

const char *table_source(const struct table *table, const struct trace_event *event)
{
	if (!table->options->source)
		return NULL;
	return table->options->source(table->options->source_argument, event->place);
}

static void measure_why(struct table *table, const struct fold_row *row)
{
	const struct trace_event *left = table_left(table, row->first);
	char why[WHY_MAX];
	size_t wish;

	if (!left)
		return;
	table_why(table, left, why, sizeof(why));
	wish = cell_columns(why);
	wish = wish < WHY_MOST ? wish : WHY_MOST;
	widen(&table->columns[left->thread], wish);
	widen(&table->cell_width, wish);
}

static void measure_row(struct table *table, const struct fold_row *row)
{
	char text[CELL_MAX];
	const char *source;

	measure_why(table, row);
	table_number(table, row, text, sizeof(text));
	widen(&table->number_width, cell_columns(text));
	table_place(table, row, text, sizeof(text));
	widen(&table->place_width, cell_columns(text));
	if (row->kind != FOLD_EVENT) {
		measure_folded(table, row);
		return;
	}
	measure_event(table, table_event(table, row->first));
	source = table_source(table, table_event(table, row->first));
	if (source)
		widen(&table->source_width, cell_columns(source));
	if (table_is_marked(table->trace, table->fold.shown[row->first]))
		table->mark_width = (unsigned)strlen(" *");
}

void table_measure(struct table *table)
{
	char label[CELL_MAX];

	for (size_t i = 0; i < table->fold.row_count; i++)
		measure_row(table, &table->fold.rows[i]);
	for (size_t i = 0; i < table->trace->thread_count; i++) {
		if (!table->columns[i])
			continue;
		table_label(table, i, CELL_MAX, label, sizeof(label));
		widen(&table->columns[i], cell_columns(label));
	}
	if (table->place_width > table->width / PLACE_SHARE)
		table->place_width = table->width / PLACE_SHARE;
}

/* What is left for columns when the rest has been taken, gaps included. */
static unsigned room(const struct table *table, unsigned columns)
{
	unsigned taken = (unsigned)strlen(table->indent) + table->number_width + table->mark_width +
			 table->place_width + GAP * (columns + 1);

	return table->width > taken ? table->width - taken : 0;
}

/* The most that any column may have so that all fit, or 0. */
static unsigned limit_find(const struct table *table, unsigned columns)
{
	unsigned space = room(table, columns);

	for (unsigned limit = table->width; limit >= COLUMN_LEAST; limit--) {
		unsigned long sum = 0;

		for (size_t i = 0; i < table->trace->thread_count; i++)
			sum += table->columns[i] < limit ? table->columns[i] : limit;
		if (sum <= space)
			return limit;
	}
	return 0;
}

/* One column for all threads, and a narrow one that names the thread. */
static void narrow(struct table *table)
{
	unsigned widest = table->cell_width, space;
	char number[32];

	table->is_narrow = true;
	table->thread_width =
		(unsigned)snprintf(number, sizeof(number), "T%zu", table->trace->thread_count - 1);
	widen(&widest, strlen("event"));
	space = room(table, 2);
	space = space > table->thread_width ? space - table->thread_width : 0;
	if (space < COLUMN_LEAST)
		space = COLUMN_LEAST;
	table->columns[0] = widest < space ? widest : space;
}

/* The source has what is left when all columns have what they wish. */
static void source_fit(struct table *table, unsigned columns)
{
	unsigned space = room(table, columns + 1), most = table->source_width;

	for (size_t i = 0; i < table->trace->thread_count; i++)
		space -= table->columns[i] < space ? table->columns[i] : space;
	if (most > SOURCE_MOST)
		most = SOURCE_MOST;
	if (space < SOURCE_LEAST && space < most)
		most = 0;
	table->source_width = most < space ? most : space;
}

void table_fit(struct table *table)
{
	unsigned columns = 0, limit, wish = table->place_width;

	for (size_t i = 0; i < table->trace->thread_count; i++)
		columns += table->columns[i] > 0;
	source_fit(table, columns);
	limit = limit_find(table, columns);
	/* A place that is cut still tells the line. */
	while (limit < COLUMN_GOOD && table->place_width > PLACE_LEAST) {
		table->place_width--;
		limit = limit_find(table, columns);
	}
	if (!limit) {
		table->place_width = wish;
		narrow(table);
		return;
	}
	for (size_t i = 0; i < table->trace->thread_count; i++)
		if (table->columns[i] > limit)
			table->columns[i] = limit;
}
