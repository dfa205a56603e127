#include "cli/list.h"
#include "cli/board.h"
#include "cli/say.h"
#include "model/op.h"
#include "report/cell.h"
#include "report/verdict.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Where the output is no terminal. */
#define WIDTH_DEFAULT 120u
#define COLUMN_MAX    36u
#define BETWEEN	      2u

static char *end_of(const struct worker *worker, const struct capture *capture)
{
	char *text;

	if (capture->verdict == VERDICT_PASSED || capture->verdict == VERDICT_FORBIDDEN) {
		bool said = worker->slot->outcome_signature;

		if (asprintf(&text, "%s%.*s", said ? "= " : "passed", OUTCOME_BYTES - 1,
			     said ? worker->slot->outcome_text : "") < 0)
			text = NULL;
		return must_have(text);
	}
	return must_have(strdup(verdict_word(capture->verdict)));
}

void list_take(struct list *list, const struct origin *origin, const struct worker *worker)
{
	struct capture capture;
	struct listed *listed;

	capture_take(&capture, origin, worker, NULL, 0);
	list->items = must_have(realloc(list->items, (list->count + 1) * sizeof(*list->items)));
	listed = &list->items[list->count++];
	listed->generation = board_progress(worker->slot).generation;
	listed->end = end_of(worker, &capture);
	listed->trace = capture.trace;
	/* The capture is given back without its trace. */
	trace_init(&capture.trace);
	capture_free(&capture);
}

void list_free(struct list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		trace_free(&list->items[i].trace);
		free(list->items[i].end);
	}
	free(list->items);
}

/* ---- which events */

static bool writes(const struct trace_event *event)
{
	return op_is_access((enum op)event->op) && !op_is_load((enum op)event->op);
}

/* In some interleaving two threads come to the object, and somebody writes. */
static bool is_shared(const struct listed *const *listed, size_t count, const char *object)
{
	bool written = false, met = false;
	uint32_t first = UINT32_MAX;

	for (size_t i = 0; i < count; i++)
		for (size_t e = 0; e < listed[i]->trace.event_count; e++) {
			const struct trace_event *event = &listed[i]->trace.events[e];

			if (!op_is_access((enum op)event->op) || strcmp(event->object, object) != 0)
				continue;
			written |= writes(event);
			met |= first != UINT32_MAX && event->thread != first;
			first = event->thread;
		}
	return written && met;
}

static bool is_shown(const struct listed *const *listed, size_t count,
		     const struct trace_event *event)
{
	enum op op = (enum op)event->op;

	if (op == OP_LABEL || op == OP_CHOOSE)
		return !(event->flags & EVENT_PENDING);
	if (!op_is_visible(op) || op == OP_EXIT || op == OP_ABORT)
		return false;
	return !op_is_access(op) || is_shared(listed, count, event->object);
}

/* ---- columns */

struct column {
	char **cells;
	size_t count;
	unsigned width;
};

static void cell_add(struct column *column, const char *text)
{
	unsigned width = (unsigned)cell_columns(text);

	column->cells =
		must_have(realloc(column->cells, (column->count + 1) * sizeof(*column->cells)));
	column->cells[column->count++] = must_have(strdup(text));
	column->width = width > column->width ? width : column->width;
}

static void event_add(struct column *column, const struct trace_event *event, bool utf8)
{
	static struct cell cell;
	char text[3 * COLUMN_MAX * 4], fitted[3 * COLUMN_MAX * 4];

	cell_make(&cell, event, utf8);
	cell_fit(&cell, COLUMN_MAX - 4, utf8, fitted, sizeof(fitted));
	snprintf(text, sizeof(text), "T%u %.*s", event->thread, (int)sizeof(text) - 16, fitted);
	cell_add(column, text);
}

static struct column column_make(const struct listed *const *listed, size_t count, size_t at,
				 bool utf8)
{
	const struct trace *trace = &listed[at]->trace;
	struct column column = {.count = 0};
	char text[32], end[COLUMN_MAX * 4];

	snprintf(text, sizeof(text), "#%zu", at + 1);
	cell_add(&column, text);
	cell_text(listed[at]->end, COLUMN_MAX, false, utf8, end, sizeof(end));
	cell_add(&column, end);
	for (size_t e = 0; e < trace->event_count; e++)
		if (is_shown(listed, count, &trace->events[e]))
			event_add(&column, &trace->events[e], utf8);
	return column;
}

static unsigned screen_width(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	return WIDTH_DEFAULT;
}

static void print_row(FILE *out, const struct column *columns, size_t count, size_t row)
{
	size_t left = 0;

	for (size_t i = 0; i < count; i++) {
		const char *text = row < columns[i].count ? columns[i].cells[row] : "";

		if (*text)
			fprintf(out, "%*s%s", (int)left, "", text);
		left = *text ? columns[i].width - cell_columns(text) : left + columns[i].width;
		left += BETWEEN;
	}
	fputc('\n', out);
}

/* As many columns as fit, with all their rows. Returns how many. */
static size_t print_block(FILE *out, const struct column *columns, size_t count, unsigned screen)
{
	unsigned width = columns[0].width;
	size_t used = 1, rows = columns[0].count;

	for (; used < count && width + BETWEEN + columns[used].width <= screen; used++)
		width += BETWEEN + columns[used].width;
	for (size_t i = 0; i < used; i++)
		rows = columns[i].count > rows ? columns[i].count : rows;
	for (size_t row = 0; row < rows; row++)
		print_row(out, columns, used, row);
	fputc('\n', out);
	return used;
}

static void print_columns(FILE *out, const struct listed *const *listed, size_t count)
{
	struct column *columns = must_have(calloc(count, sizeof(*columns)));
	unsigned screen = screen_width();
	bool utf8;

	setlocale(LC_CTYPE, "");
	utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	for (size_t i = 0; i < count; i++)
		columns[i] = column_make(listed, count, i, utf8);
	for (size_t at = 0; at < count;)
		at += print_block(out, columns + at, count - at, screen);
	for (size_t i = 0; i < count; i++) {
		for (size_t row = 0; row < columns[i].count; row++)
			free(columns[i].cells[row]);
		free(columns[i].cells);
	}
	free(columns);
}

void list_print(FILE *out, const struct list *list, const struct shared *shared,
		uint64_t executions)
{
	const struct listed **listed = must_have(calloc(list->count + 1, sizeof(*listed)));
	size_t count = 0;

	/* The search begins anew when it has found out what is shared. */
	for (size_t i = 0; i < list->count; i++)
		if (shared->no_choices || list->items[i].generation == shared->generation)
			listed[count++] = &list->items[i];
	if (count)
		print_columns(out, listed, count);
	if (executions > count)
		fprintf(out, "heddle: only the first %zu of %llu interleavings are listed\n\n",
			count, (unsigned long long)executions);
	free(listed);
}
