/*
 * table.c - a trace as a table.
 *
 * Two passes over the rows: the first finds how wide each column would like to be (table_fit.c),
 * the second prints.
 */
#include "report/table_inside.h"

#include "base/check.h"
#include "model/op.h"
#include "report/cell.h"
#include "report/fold.h"
#include "report/moved.h"
#include "report/pattern.h"
#include "report/select.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define WIDTH_DEFAULT 80u
#define WHY_MAX	      256

/* A row that decides: it has a mark beside its number, and is never folded. */
bool table_is_marked(const struct trace *trace, size_t index)
{
	(void)trace;
	(void)index;
	return false;
}

const struct trace_event *table_event(const struct table *table, size_t position)
{
	return &table->trace->events[table->fold.shown[position]];
}

void table_colour(const struct table *table, const char *sequence)
{
	if (table->options->colour)
		fputs(sequence, table->out);
}

/* Colours that can be read on light and on dark ground. */
void table_thread_colour(const struct table *table, size_t thread)
{
	static const char *const sequences[] = {"\033[36m", "\033[35m", "\033[32m",
						"\033[34m", "\033[33m", "\033[31m"};

	table_colour(table, sequences[thread % (sizeof(sequences) / sizeof(sequences[0]))]);
}

void table_padded(const struct table *table, const char *text, unsigned width)
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
	print_rule_part(table, table->number_width + table->mark_width);
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
	if (table->source_width) {
		fputs(table->cross, table->out);
		print_rule_part(table, table->source_width);
	}
	fputc('\n', table->out);
}

static void print_titles(const struct table *table)
{
	char label[CELL_MAX];

	fprintf(table->out, "%s%*s", table->indent, (int)(table->number_width + table->mark_width),
		"");
	if (table->is_narrow) {
		fputs(table->bar, table->out);
		table_padded(table, "", table->thread_width);
		fputs(table->bar, table->out);
		table_padded(table, "event", table->columns[0]);
	}
	for (size_t i = 0; !table->is_narrow && i < table->trace->thread_count; i++) {
		if (!table->columns[i])
			continue;
		fputs(table->bar, table->out);
		table_label(table, i, table->columns[i], label, sizeof(label));
		table_colour(table, "\033[1m");
		table_thread_colour(table, i);
		table_padded(table, label, table->columns[i]);
		table_colour(table, "\033[0m");
	}
	fputs(table->bar, table->out);
	if (table->source_width) {
		table_padded(table, "where", table->place_width);
		fprintf(table->out, "%ssource\n", table->bar);
	} else {
		fputs("where\n", table->out);
	}
}

/* Why the thread stands still: "(preempted)", "(waits for M1)"; "" where nobody can tell, or the
 * row before says it. */
void table_why(const struct table *table, const struct trace_event *left, char *text, size_t size)
{
	const struct moved *moved = &table->moved[left - table->trace->events];
	const struct trace_event *next = &table->trace->events[moved->next];
	char object[CELL_MAX];

	*text = '\0';
	switch (moved->why) {
	case MOVED_UNKNOWN:
	case MOVED_ENDED: /* which is an event */
		break;
	case MOVED_YIELDED:
		snprintf(text, size, "(yielded)");
		break;
	case MOVED_PREEMPTED:
		snprintf(text, size, "(preempted)");
		break;
	case MOVED_WAITS:
		cell_text(next->object, CELL_MAX, true, table->options->utf8, object,
			  sizeof(object));
		/* Of "condition,mutex" the first. */
		object[next->op == OP_WAKE ? strcspn(object, ",") : strlen(object)] = '\0';
		snprintf(text, size, *object ? "(waits for %.200s)" : "(waits)", object);
		break;
	}
}

/* The event after which its thread was left for that of `position`, or null: of the rows around
 * that only which is the one before. */
const struct trace_event *table_left(const struct table *table, size_t position)
{
	const struct trace_event *event = table_event(table, position);

	if (!position || event[-1].thread == event->thread ||
	    table_event(table, position - 1)->thread == event->thread)
		return NULL;
	/* With events left out between: only where the thread did nothing since. */
	return table_event(table, position - 1) == event - 1 ? event - 1 : NULL;
}

static void print_cell(const struct table *table, const struct trace_event *event, unsigned width)
{
	struct cell cell;
	char text[CELL_MAX];

	cell_make(&cell, event, table->options->utf8);
	cell_fit(&cell, width, table->options->utf8, text, sizeof(text));
	if (event->flags & EVENT_PENDING)
		table_colour(table, "\033[1m");
	table_thread_colour(table, event->thread);
	table_padded(table, text, width);
	table_colour(table, "\033[0m");
}

/* The cell of a thread that does nothing in the row: empty, or why it does not. */
void table_idle(const struct table *table, const struct trace_event *left, size_t thread,
		unsigned width)
{
	char why[WHY_MAX], text[WHY_MAX];

	if (!left || left->thread != thread) {
		table_padded(table, "", width);
		return;
	}
	table_why(table, left, why, sizeof(why));
	cell_middle(why, width, table->options->utf8, text, sizeof(text));
	table_colour(table, "\033[2m");
	table_padded(table, text, width);
	table_colour(table, "\033[0m");
}

void table_print_number(const struct table *table, const char *text, bool mark)
{
	unsigned columns = (unsigned)cell_columns(text);

	fprintf(table->out, "%s%*s%s", table->indent, (int)(table->number_width - columns), "",
		text);
	if (table->mark_width)
		fputs(mark ? " *" : "  ", table->out);
}

/* Nothing follows a place that is empty: a line does not end in spaces. */
void table_print_place(const struct table *table, const char *place, const char *source)
{
	char text[CELL_MAX];

	cell_text(place, table->place_width, true, table->options->utf8, text, sizeof(text));
	if (!table->source_width || !source) {
		fprintf(table->out, "%s%s\n", *text ? table->bar : table->end, text);
		return;
	}
	fputs(table->bar, table->out);
	table_padded(table, text, table->place_width);
	cell_text(source, table->source_width, false, table->options->utf8, text, sizeof(text));
	fprintf(table->out, "%s%s\n", table->bar, text);
}

static void print_row(const struct table *table, const struct fold_row *row)
{
	const struct trace_event *event = table_event(table, row->first);
	const struct trace_event *left = table_left(table, row->first);
	char text[CELL_MAX];

	table_number(table, row, text, sizeof(text));
	table_print_number(table, text,
			   table_is_marked(table->trace, table->fold.shown[row->first]));
	if (table->is_narrow) {
		snprintf(text, sizeof(text), "T%u", event->thread);
		fputs(table->bar, table->out);
		table_padded(table, text, table->thread_width);
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
			table_idle(table, left, i, table->columns[i]);
	}
	table_place(table, row, text, sizeof(text));
	table_print_place(table, text, table_source(table, event));
}

/* A row of one column for all, in which a thread was left: nothing beside it is free. */
static void print_narrow_why(const struct table *table, size_t position)
{
	const struct trace_event *left = table_left(table, position);
	char why[WHY_MAX], text[WHY_MAX], thread[32];

	if (!left)
		return;
	table_why(table, left, why, sizeof(why));
	if (!*why)
		return;
	snprintf(thread, sizeof(thread), "T%u", left->thread);
	cell_middle(why, table->columns[0], table->options->utf8, text, sizeof(text));
	table_print_number(table, "", false);
	fputs(table->bar, table->out);
	table_padded(table, thread, table->thread_width);
	fputs(table->bar, table->out);
	table_colour(table, "\033[2m");
	table_padded(table, text, table->columns[0]);
	table_colour(table, "\033[0m");
	table_print_place(table, "", NULL);
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
	for (size_t i = 0; i < table->fold.count; i++)
		if (table_event(table, i)->flags & EVENT_PENDING)
			return true;
	return false;
}

static void print_rows(const struct table *table)
{
	print_titles(table);
	print_rule(table);
	if (table->before)
		fprintf(table->out, "%s(%zu earlier event%s)\n", table->indent, table->before,
			table->before == 1 ? "" : "s");
	for (size_t i = 0; i < table->fold.row_count; i++) {
		const struct fold_row *row = &table->fold.rows[i];

		if (table->is_narrow)
			print_narrow_why(table, row->first);
		if (row->kind == FOLD_EVENT)
			print_row(table, row);
		else
			table_print_folded(table, row);
	}
	if (has_pending(table))
		fprintf(table->out, "%s%s announced, and never carried out\n", table->indent,
			CELL_PENDING);
	if (table->fold.row_count < table->fold.count)
		fprintf(table->out, "%s%zu events in %zu rows; --full shows each of them\n",
			table->indent, table->fold.count, table->fold.row_count);
}

/* The events that are wanted; the caller frees them. */
static size_t *select_events(struct table *table, size_t *count)
{
	const struct trace *trace = table->trace;
	const struct table_options *options = table->options;
	size_t *shown = calloc(trace->event_count + 1, sizeof(*shown));

	CHECK(shown && "enough memory");
	*count = 0;
	for (size_t i = 0; i < trace->event_count; i++) {
		const struct trace_event *event = &trace->events[i];

		if (options->only && !select_has_thread(options->only, event->thread))
			continue;
		if (options->object && !select_is_object(event->object, options->object))
			continue;
		shown[(*count)++] = i;
	}
	if (options->last && options->last < *count)
		table->before = *count - options->last;
	*count -= table->before;
	return shown;
}

static void fold(struct table *table)
{
	size_t count, *shown = select_events(table, &count);
	struct fold_wish wish = {.full = table->options->full,
				 .shown = shown + table->before,
				 .shown_count = count,
				 .is_marked = table_is_marked};

	fold_make(&table->fold, table->trace, &wish);
	free(shown);
}

size_t table_print(FILE *out, const struct trace *trace, const struct table_options *options)
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
	size_t count;

	fold(&table);
	count = table.fold.count;
	table.moved = moved_find(trace);
	table.columns = calloc(trace->thread_count + 1, sizeof(*table.columns));
	CHECK(table.columns && "enough memory");
	if (!options->headless)
		print_header(&table);
	if (count) {
		table_measure(&table);
		table_fit(&table);
		print_rows(&table);
	} else {
		fprintf(out, "%s(no events)\n", table.indent);
	}
	free(table.columns);
	free(table.moved);
	fold_free(&table.fold);
	return count;
}
