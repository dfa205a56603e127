/* table_folded.c - the rows of a table that stand for many events. */
#include "report/table_inside.h"

#include "base/check.h"
#include "report/cell.h"

#include <stdlib.h>

/* A cell of a folded row: line by line. */
struct lines {
	struct pattern pattern;
	size_t next;
	bool is_there;
};

static void print_lines(const struct table *table, struct lines *lines, size_t thread,
			unsigned width)
{
	char text[2 * CELL_MAX] = "";

	if (lines->is_there)
		pattern_line(&lines->pattern, &lines->next, width, text, sizeof(text));
	table_thread_colour(table, thread);
	table_padded(table, text, width);
	table_colour(table, "\033[0m");
}

static bool has_more(const struct lines *lines, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (lines[i].is_there && lines[i].next < lines[i].pattern.count)
			return true;
	return false;
}

/* One column for all: the threads one below the other. */
static void print_folded_narrow(const struct table *table, const struct fold_row *row,
				struct lines *lines)
{
	char number[64], place[CELL_MAX], text[32];

	table_number(table, row, number, sizeof(number));
	table_place(table, row, place, sizeof(place));
	for (size_t i = 0; i < table->trace->thread_count; i++) {
		snprintf(text, sizeof(text), "T%zu", i);
		while (has_more(&lines[i], 1)) {
			table_print_number(table, number, false);
			fputs(table->bar, table->out);
			table_padded(table, text, table->thread_width);
			fputs(table->bar, table->out);
			print_lines(table, &lines[i], i, table->columns[0]);
			table_print_place(table, place, NULL);
			*number = *place = *text = '\0';
		}
	}
}

static void print_folded_wide(const struct table *table, const struct fold_row *row,
			      struct lines *lines)
{
	const struct trace_event *left = table_left(table, row->first);
	char number[64], place[CELL_MAX];

	table_number(table, row, number, sizeof(number));
	table_place(table, row, place, sizeof(place));
	do {
		table_print_number(table, number, false);
		for (size_t i = 0; i < table->trace->thread_count; i++) {
			if (!table->columns[i])
				continue;
			fputs(table->bar, table->out);
			if (lines[i].is_there)
				print_lines(table, &lines[i], i, table->columns[i]);
			else
				table_idle(table, left, i, table->columns[i]);
		}
		table_print_place(table, place, NULL);
		*number = *place = '\0';
		left = NULL;
	} while (has_more(lines, table->trace->thread_count));
}

void table_print_folded(const struct table *table, const struct fold_row *row)
{
	size_t threads = table->trace->thread_count;
	struct lines *lines = calloc(threads, sizeof(*lines));

	CHECK(lines && "enough memory");
	for (uint32_t i = 0; i < threads; i++)
		lines[i].is_there = table_pattern(table, row, i, &lines[i].pattern);
	if (table->is_narrow)
		print_folded_narrow(table, row, lines);
	else
		print_folded_wide(table, row, lines);
	for (size_t i = 0; i < threads; i++)
		pattern_free(&lines[i].pattern);
	free(lines);
}
