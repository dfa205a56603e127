/*
 * table.c - a trace as a table.
 *
 * Two passes over the shown events: the first finds how wide each column would like to be, the
 * second prints. Where all wishes together are too many, the widest columns give way first, down to
 * a least width; where that does not help, there is one column for all threads.
 */
#include "report/table.h"

#include "base/check.h"
#include "report/cell.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define WIDTH_DEFAULT 80u
/* A column that is narrower shows little but that something happened. */
#define COLUMN_LEAST 16u
/* A place may have this part of the width. */
#define PLACE_SHARE 3u
/* " | " */
#define GAP 3u

struct table {
	FILE *out;
	const struct trace *trace;
	const struct table_options *options;
	unsigned width;
	const char *indent, *bar, *end, *line, *cross;
	size_t first; /* event shown first */
	unsigned number_width, place_width;
	unsigned *columns; /* by thread: width, 0 for one without a column */
	bool is_narrow;	   /* one column for all: columns[0], behind one for the thread */
	unsigned thread_width, cell_width;
};

static void label_make(const struct table *table, size_t thread, size_t width, char *label,
		       size_t size)
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

static void measure(struct table *table)
{
	const struct trace *trace = table->trace;
	char label[CELL_MAX], number[32];
	struct cell cell;

	for (size_t i = table->first; i < trace->event_count; i++) {
		const struct trace_event *event = &trace->events[i];
		unsigned *column = &table->columns[event->thread];

		if (!*column) {
			label_make(table, event->thread, CELL_MAX, label, sizeof(label));
			widen(column, cell_columns(label));
		}
		cell_make(&cell, event, table->options->utf8);
		widen(column, cell_width(&cell));
		widen(&table->cell_width, cell_width(&cell));
		widen(&table->place_width, cell_columns(event->place));
	}
	if (table->place_width > table->width / PLACE_SHARE)
		table->place_width = table->width / PLACE_SHARE;
	table->number_width = (unsigned)snprintf(number, sizeof(number), "%zu", trace->event_count);
}

/* What is left for columns when the rest has been taken, gaps included. */
static unsigned room(const struct table *table, unsigned columns)
{
	unsigned taken = (unsigned)strlen(table->indent) + table->number_width +
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

static void columns_fit(struct table *table)
{
	unsigned columns = 0, limit;

	for (size_t i = 0; i < table->trace->thread_count; i++)
		columns += table->columns[i] > 0;
	limit = limit_find(table, columns);
	if (!limit) {
		narrow(table);
		return;
	}
	for (size_t i = 0; i < table->trace->thread_count; i++)
		if (table->columns[i] > limit)
			table->columns[i] = limit;
}

static void colour(const struct table *table, const char *sequence)
{
	if (table->options->colour)
		fputs(sequence, table->out);
}

/* Colours that can be read on light and on dark ground. */
static void colour_of_thread(const struct table *table, size_t thread)
{
	static const char *const sequences[] = {"\033[36m", "\033[35m", "\033[32m",
						"\033[34m", "\033[33m", "\033[31m"};

	colour(table, sequences[thread % (sizeof(sequences) / sizeof(sequences[0]))]);
}

static void print_padded(const struct table *table, const char *text, unsigned width)
{
	size_t columns = cell_columns(text);

	fprintf(table->out, "%s%*s", text, columns < width ? (int)(width - columns) : 0, "");
}

static void print_rule_part(const struct table *table, unsigned width)
{
	while (width--)
		fputs(table->line, table->out);
}

static void print_rule(const struct table *table)
{
	fputs(table->indent, table->out);
	print_rule_part(table, table->number_width);
	if (table->is_narrow) {
		fputs(table->cross, table->out);
		print_rule_part(table, table->thread_width);
	}
	for (size_t i = 0; i < (table->is_narrow ? 1 : table->trace->thread_count); i++) {
		if (!table->columns[i])
			continue;
		fputs(table->cross, table->out);
		print_rule_part(table, table->columns[i]);
	}
	fputs(table->cross, table->out);
	print_rule_part(table, table->place_width);
	fputc('\n', table->out);
}

static void print_titles(const struct table *table)
{
	char label[CELL_MAX];

	fprintf(table->out, "%s%*s", table->indent, (int)table->number_width, "");
	if (table->is_narrow) {
		fputs(table->bar, table->out);
		print_padded(table, "", table->thread_width);
		fputs(table->bar, table->out);
		print_padded(table, "event", table->columns[0]);
	}
	for (size_t i = 0; !table->is_narrow && i < table->trace->thread_count; i++) {
		if (!table->columns[i])
			continue;
		fputs(table->bar, table->out);
		label_make(table, i, table->columns[i], label, sizeof(label));
		colour(table, "\033[1m");
		colour_of_thread(table, i);
		print_padded(table, label, table->columns[i]);
		colour(table, "\033[0m");
	}
	fprintf(table->out, "%swhere\n", table->bar);
}

static void print_cell(const struct table *table, const struct trace_event *event, unsigned width)
{
	struct cell cell;
	char text[CELL_MAX];

	cell_make(&cell, event, table->options->utf8);
	cell_fit(&cell, width, table->options->utf8, text, sizeof(text));
	if (event->flags & EVENT_PENDING)
		colour(table, "\033[1m");
	colour_of_thread(table, event->thread);
	print_padded(table, text, width);
	colour(table, "\033[0m");
}

static void print_row(const struct table *table, size_t index)
{
	const struct trace_event *event = &table->trace->events[index];
	char place[CELL_MAX], thread[32];

	fprintf(table->out, "%s%*zu", table->indent, (int)table->number_width, index + 1);
	if (table->is_narrow) {
		snprintf(thread, sizeof(thread), "T%u", event->thread);
		fputs(table->bar, table->out);
		print_padded(table, thread, table->thread_width);
		fputs(table->bar, table->out);
		print_cell(table, event, table->columns[0]);
	}
	for (size_t i = 0; !table->is_narrow && i < table->trace->thread_count; i++) {
		if (!table->columns[i])
			continue;
		fputs(table->bar, table->out);
		if (i == event->thread)
			print_cell(table, event, table->columns[i]);
		else
			print_padded(table, "", table->columns[i]);
	}
	cell_text(event->place, table->place_width, true, table->options->utf8, place,
		  sizeof(place));
	fprintf(table->out, "%s%s\n", *place ? table->bar : table->end, place);
}

static void print_header(const struct table *table)
{
	const struct trace *trace = table->trace;
	char text[CELL_MAX];

	cell_text(trace->program, CELL_MAX, false, table->options->utf8, text, sizeof(text));
	fprintf(table->out, "%sprogram  %s", table->indent, text);
	for (size_t i = 0; i < trace->argument_count; i++) {
		cell_text(trace->arguments[i], CELL_MAX, false, table->options->utf8, text,
			  sizeof(text));
		fprintf(table->out, " %s", *text ? text : "''");
	}
	fprintf(table->out, "\n%sseed     %" PRIu64, table->indent, trace->seed);
	fprintf(table->out, ", execution %" PRIu64 " (%s%s%s)\n", trace->execution, trace->session,
		*trace->strategy ? ", " : "", trace->strategy);
	cell_text(trace->verdict, CELL_MAX, false, table->options->utf8, text, sizeof(text));
	fprintf(table->out, "%sverdict  %s", table->indent, text);
	cell_text(trace->message, CELL_MAX, false, table->options->utf8, text, sizeof(text));
	fprintf(table->out, "%s%s\n\n", *text ? ": " : "", text);
}

static bool has_pending(const struct table *table)
{
	for (size_t i = table->first; i < table->trace->event_count; i++)
		if (table->trace->events[i].flags & EVENT_PENDING)
			return true;
	return false;
}

static void print_rows(const struct table *table)
{
	print_titles(table);
	print_rule(table);
	if (table->first)
		fprintf(table->out, "%s(%zu earlier event%s)\n", table->indent, table->first,
			table->first == 1 ? "" : "s");
	for (size_t i = table->first; i < table->trace->event_count; i++)
		print_row(table, i);
	if (has_pending(table))
		fprintf(table->out, "%s%s announced, and never carried out\n", table->indent,
			CELL_PENDING);
}

void table_print(FILE *out, const struct trace *trace, const struct table_options *options)
{
	struct table table = {
		.out = out,
		.trace = trace,
		.options = options,
		.width = options->width ? options->width : WIDTH_DEFAULT,
		.indent = options->indent ? options->indent : "",
		.bar = options->utf8 ? " │ " : " | ",
		.end = options->utf8 ? " │" : " |",
		.line = options->utf8 ? "─" : "-",
		.cross = options->utf8 ? "─┼─" : "-+-",
		.place_width = (unsigned)strlen("where"),
	};

	if (options->last && options->last < trace->event_count)
		table.first = trace->event_count - options->last;
	table.columns = calloc(trace->thread_count + 1, sizeof(*table.columns));
	CHECK(table.columns && "enough memory");
	if (!options->headless)
		print_header(&table);
	if (trace->event_count) {
		measure(&table);
		columns_fit(&table);
		print_rows(&table);
	} else {
		fprintf(out, "%s(no events)\n", table.indent);
	}
	free(table.columns);
}
