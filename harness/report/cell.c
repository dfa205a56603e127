#include "report/cell.h"

#include "model/op.h"
#include "trace/escape.h"
#include "trace/way.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* One column for each code point: names are letters, and not those that take two. */
size_t cell_columns(const char *text)
{
	size_t columns = 0;

	for (; *text; text++)
		columns += ((unsigned char)*text & 0xc0) != 0x80;
	return columns;
}

/* `text` behind its first `columns` columns. */
static const char *skip(const char *text, size_t columns)
{
	while (*text && columns--)
		do
			text++;
		while (((unsigned char)*text & 0xc0) == 0x80);
	return text;
}

/* A name from a trace may hold anything, also what would move the cursor. */
static void printable(char *out, size_t size, const char *text, bool utf8)
{
	if (*text)
		escape_value(out, size, text);
	else
		*out = '\0';
	for (; !utf8 && *out; out++)
		if ((unsigned char)*out >= 0x80)
			*out = '?';
}

static void word_make(struct cell *cell, const char *word)
{
	size_t length = strlen(cell->before);

	snprintf(cell->before + length, sizeof(cell->before) - length, "%s ", word);
}

static void access_make(struct cell *cell, const struct trace_event *event, bool utf8)
{
	const char *arrow = utf8 ? "→" : "->";
	char before[1024], value[1024];

	if (!*event->value) {
		word_make(cell, op_is_load((enum op)event->op) ? "read" : "write");
		return;
	}
	printable(before, sizeof(before), event->before, utf8);
	printable(value, sizeof(value), event->value, utf8);
	if (event->op == OP_ATOMIC_CAS && *event->before && !strcmp(event->before, event->value))
		snprintf(cell->after, sizeof(cell->after), " stays %s", value);
	else if (*event->before)
		snprintf(cell->after, sizeof(cell->after), ": %s %s %s", before, arrow, value);
	else if (op_is_load((enum op)event->op))
		snprintf(cell->after, sizeof(cell->after), " %s %s", arrow, value);
	else
		snprintf(cell->after, sizeof(cell->after), " = %s", value);
}

/* Calls that return 0 did what they are named after. */
static void result_make(struct cell *cell, const struct trace_event *event, bool utf8)
{
	char value[1024];

	if (!*event->value || !strcmp(event->value, "0"))
		return;
	printable(value, sizeof(value), event->value, utf8);
	snprintf(cell->after, sizeof(cell->after), " = %s", value);
}

static void value_make(struct cell *cell, const struct trace_event *event, bool utf8)
{
	if (*event->value)
		printable(cell->object, sizeof(cell->object), event->value, utf8);
}

/* Only what is not the rule. */
static void way_make(struct cell *cell, const struct trace_event *event)
{
	static const char *const texts[WAY_COUNT] = {
		[WAY_TIMEOUT] = ", to time out", [WAY_SPURIOUS] = ", to wake without a signal"};
	uint64_t way;

	if (way_find(event->value, &way))
		snprintf(cell->after, sizeof(cell->after), "%s", texts[way]);
}

void cell_make(struct cell *cell, const struct trace_event *event, bool utf8)
{
	enum op op = (enum op)event->op;

	*cell->before = *cell->after = '\0';
	if (event->flags & EVENT_PENDING)
		strcpy(cell->before, CELL_PENDING " ");
	printable(cell->object, sizeof(cell->object), event->object, utf8);
	if (op_is_access(op)) {
		if (op == OP_ATOMIC_CAS)
			word_make(cell, "cas");
		else if (op == OP_FUTEX_WAKE_OP)
			word_make(cell, op_word(op));
		else if (op != OP_READ && op != OP_WRITE)
			word_make(cell, "atomic");
		access_make(cell, event, utf8);
		return;
	}
	word_make(cell, op_word(op));
	if (op == OP_WAIT)
		way_make(cell, event);
	else if (op == OP_CHOOSE || op == OP_EXIT || op == OP_LABEL)
		value_make(cell, event, utf8);
	else if (op_letter(op) || (op >= OP_TESTCANCEL && op <= OP_AWAIT_END))
		result_make(cell, event, utf8);
}

size_t cell_width(const struct cell *cell)
{
	return cell_columns(cell->before) + cell_columns(cell->object) + cell_columns(cell->after);
}

/* Cuts to `width` columns, the last or the first of them saying so. */
static void cut(const char *text, size_t width, bool keep_end, bool utf8, char *out, size_t size)
{
	const char *mark = utf8 ? "…" : "~";
	size_t columns = cell_columns(text);

	if (columns <= width)
		snprintf(out, size, "%s", text);
	else if (!width)
		*out = '\0';
	else if (keep_end)
		snprintf(out, size, "%s%s", mark, skip(text, columns - width + 1));
	else
		snprintf(out, size, "%.*s%s", (int)(skip(text, width - 1) - text), text, mark);
}

void cell_text(const char *text, size_t width, bool keep_end, bool utf8, char *out, size_t size)
{
	char clean[CELL_MAX];

	printable(clean, sizeof(clean), text, utf8);
	cut(clean, width, keep_end, utf8, out, size);
}

/* So many columns of a name tell something. */
#define OBJECT_LEAST 5

void cell_fit(const struct cell *cell, size_t width, bool utf8, char *out, size_t size)
{
	size_t around = cell_columns(cell->before) + cell_columns(cell->after);
	char object[CELL_MAX], whole[3 * CELL_MAX];

	snprintf(object, sizeof(object), "%s", cell->object);
	if (cell_width(cell) > width && around + OBJECT_LEAST <= width)
		cut(cell->object, width - around, true, utf8, object, sizeof(object));
	snprintf(whole, sizeof(whole), "%s%s%s", cell->before, object, cell->after);
	cut(whole, width, false, utf8, out, size);
}
