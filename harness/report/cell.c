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

static bool is_store(enum op op)
{
	return op == OP_WRITE || op == OP_ATOMIC_STORE;
}

static void access_make(struct cell *cell, const struct trace_event *event, bool utf8)
{
	const char *arrow = utf8 ? "→" : "->";

	if (!*event->value) {
		word_make(cell, op_is_load((enum op)event->op) ? "read" : "write");
		return;
	}
	printable(cell->value, sizeof(cell->value), event->value, utf8);
	if (event->op == OP_ATOMIC_CAS && *event->before && !strcmp(event->before, event->value)) {
		strcpy(cell->sign, " stays ");
	} else if (*event->before) {
		printable(cell->found, sizeof(cell->found), event->before, utf8);
		strcpy(cell->open, is_store((enum op)event->op) ? " " : ": ");
		snprintf(cell->sign, sizeof(cell->sign), " %s ", arrow);
	} else if (op_is_load((enum op)event->op)) {
		snprintf(cell->sign, sizeof(cell->sign), " %s ", arrow);
	} else {
		strcpy(cell->sign, " = ");
	}
}

/* Calls that return 0 did what they are named after. */
static void result_make(struct cell *cell, const struct trace_event *event, bool utf8)
{
	if (!*event->value || !strcmp(event->value, "0"))
		return;
	strcpy(cell->sign, " = ");
	printable(cell->value, sizeof(cell->value), event->value, utf8);
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
		snprintf(cell->sign, sizeof(cell->sign), "%s", texts[way]);
}

void cell_make(struct cell *cell, const struct trace_event *event, bool utf8)
{
	enum op op = (enum op)event->op;

	*cell->before = *cell->open = *cell->found = *cell->sign = *cell->value = '\0';
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
	return cell_columns(cell->before) + cell_columns(cell->object) + cell_columns(cell->open) +
	       cell_columns(cell->found) + cell_columns(cell->sign) + cell_columns(cell->value);
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

void cell_middle(const char *text, size_t width, bool utf8, char *out, size_t size)
{
	size_t columns = cell_columns(text), head, tail;

	if (columns <= width || width < 4) {
		cut(text, width, false, utf8, out, size);
		return;
	}
	/* The end tells more: `accounts[1].lock` from `accounts[1].balance`. */
	head = (width - 1) / 3;
	tail = width - 1 - head;
	snprintf(out, size, "%.*s%s%s", (int)(skip(text, head) - text), text, utf8 ? "…" : "~",
		 skip(text, columns - tail));
}

/* So many columns of a text tell something. */
#define TEXT_LEAST 5

/* The widest of the texts that may be shortened gives way, column by column. */
static void widths_fit(const struct cell *cell, size_t width, size_t widths[3])
{
	size_t sum = cell_width(cell);

	widths[0] = cell_columns(cell->object);
	widths[1] = cell_columns(cell->found);
	widths[2] = cell_columns(cell->value);
	for (; sum > width; sum--) {
		size_t widest = 0;

		for (size_t i = 1; i < 3; i++)
			if (widths[i] > widths[widest])
				widest = i;
		if (widths[widest] <= TEXT_LEAST)
			return;
		widths[widest]--;
	}
}

void cell_fit(const struct cell *cell, size_t width, bool utf8, char *out, size_t size)
{
	char object[CELL_MAX], found[CELL_MAX], value[CELL_MAX], whole[4 * CELL_MAX];
	size_t widths[3];

	widths_fit(cell, width, widths);
	cell_middle(cell->object, widths[0], utf8, object, sizeof(object));
	cell_middle(cell->found, widths[1], utf8, found, sizeof(found));
	cell_middle(cell->value, widths[2], utf8, value, sizeof(value));
	snprintf(whole, sizeof(whole), "%s%s%s%s%s%s", cell->before, object, cell->open, found,
		 cell->sign, value);
	cut(whole, width, false, utf8, out, size);
}
