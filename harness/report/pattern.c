/*
 * pattern.c - makes one round of a loop stand for all of them.
 *
 * The slots of a round (what each event found, left, and on which element) are compared over all
 * rounds. A slot that differs from a lettered one by a constant is written with that letter, which
 * is what makes `n+1` of an increment.
 */
#include "report/pattern.h"

#include "base/check.h"
#include "report/cell.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LETTERS	   "nmkpqrst"
#define PARTS_MAX  8u /* of a body that is shown */
#define ITEMS_MAX  6u /* of the rows of a thread in a stretch */
#define TEXT_BYTES (2 * CELL_MAX)

/* A loop: rounds of `period` events. */
struct loop {
	struct pattern *pattern;
	const struct trace *trace;
	const size_t *events;
	size_t period, rounds;
	/* By letter: where its values are. */
	struct {
		size_t step;
		bool is_before;
		char name;
	} letters[sizeof(LETTERS) - 1];
	size_t letter_count, tried; /* of LETTERS */
};

void pattern_init(struct pattern *pattern, bool utf8)
{
	*pattern = (struct pattern){.texts = store_new(), .utf8 = utf8};
}

void pattern_free(struct pattern *pattern)
{
	free(pattern->parts);
	store_free(pattern->texts);
}

static void part_add(struct pattern *pattern, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
static void part_add(struct pattern *pattern, const char *format, ...)
{
	char text[TEXT_BYTES];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	pattern->parts = store_room(pattern->parts, pattern->count, sizeof(*pattern->parts));
	pattern->parts[pattern->count++] = store_intern(pattern->texts, text);
}

static const struct trace_event *event_at(const struct loop *loop, size_t round, size_t step)
{
	return &loop->trace->events[loop->events[round * loop->period + step]];
}

static const char *value_at(const struct loop *loop, size_t round, size_t step, bool is_before)
{
	const struct trace_event *event = event_at(loop, round, step);

	return is_before ? event->before : event->value;
}

static bool number_of(const char *text, int64_t *number)
{
	char *end;

	errno = 0;
	*number = strtoll(text, &end, 10);
	return *text && !*end && !errno;
}

static bool is_constant(const struct loop *loop, size_t step, bool is_before)
{
	for (size_t i = 1; i < loop->rounds; i++)
		if (value_at(loop, i, step, is_before) != value_at(loop, 0, step, is_before))
			return false;
	return true;
}

/* Whether the slot is in each round that of the letter and `*distance`. */
static bool follows(const struct loop *loop, size_t step, bool is_before, size_t letter,
		    int64_t *distance)
{
	for (size_t i = 0; i < loop->rounds; i++) {
		const char *other = value_at(loop, i, loop->letters[letter].step,
					     loop->letters[letter].is_before);
		int64_t here, there, difference;

		if (!number_of(value_at(loop, i, step, is_before), &here) ||
		    !number_of(other, &there) || __builtin_sub_overflow(here, there, &difference) ||
		    (i && difference != *distance))
			return false;
		*distance = difference;
	}
	return true;
}

static bool has_numbers(const struct loop *loop, size_t step, bool is_before)
{
	int64_t number;

	for (size_t i = 0; i < loop->rounds; i++)
		if (!number_of(value_at(loop, i, step, is_before), &number))
			return false;
	return true;
}

/* The next letter that is no name of a variable in the loop; 0: there are no more. */
static char letter_take(struct loop *loop)
{
	while (LETTERS[loop->tried]) {
		char name[2] = {LETTERS[loop->tried++], '\0'};
		size_t step = 0;

		while (step < loop->period && strcmp(event_at(loop, 0, step)->object, name))
			step++;
		if (step == loop->period)
			return name[0];
	}
	return 0;
}

/* What stands for the value of a slot. */
static const char *value_word(struct loop *loop, size_t step, bool is_before)
{
	int64_t distance = 0;
	char text[64], name;

	if (is_constant(loop, step, is_before))
		return value_at(loop, 0, step, is_before);
	for (size_t i = 0; i < loop->letter_count; i++) {
		if (!follows(loop, step, is_before, i, &distance))
			continue;
		snprintf(text, sizeof(text), distance ? "%c%+" PRId64 : "%c", loop->letters[i].name,
			 distance);
		return store_intern(loop->pattern->texts, text);
	}
	if (!has_numbers(loop, step, is_before) || !(name = letter_take(loop)))
		return loop->pattern->utf8 ? "…" : "~";
	loop->letters[loop->letter_count].name = name;
	loop->letters[loop->letter_count].step = step;
	loop->letters[loop->letter_count].is_before = is_before;
	snprintf(text, sizeof(text), "%c", name);
	loop->letter_count++;
	return store_intern(loop->pattern->texts, text);
}

/* The object's name, numbers in brackets that are not the same in all rounds being `i`. Names with
 * the same key differ in nothing else. */
static const char *object_word(const struct loop *loop, size_t step)
{
	const char *first = event_at(loop, 0, step)->object;
	char text[TEXT_BYTES];
	size_t length = 0;
	bool same = true;

	for (size_t i = 1; i < loop->rounds && same; i++)
		same = event_at(loop, i, step)->object == first;
	if (same)
		return first;
	for (const char *at = first; *at && length + 2 < sizeof(text);) {
		text[length++] = *at++;
		if (at[-1] != '[' || !isdigit((unsigned char)*at))
			continue;
		text[length++] = 'i';
		at += strspn(at, "0123456789");
	}
	text[length] = '\0';
	return store_intern(loop->pattern->texts, text);
}

/* The words for one step of the round. */
static void step_text(struct loop *loop, size_t step, char *text, size_t size)
{
	struct trace_event event = *event_at(loop, 0, step);
	struct cell cell;

	event.object = object_word(loop, step);
	event.before = value_word(loop, step, true);
	event.value = value_word(loop, step, false);
	cell_make(&cell, &event, loop->pattern->utf8);
	cell_fit(&cell, CELL_MAX, loop->pattern->utf8, text, size);
	for (size_t length = strlen(text); length && text[length - 1] == ' ';)
		text[--length] = '\0';
}

/* What values the letter has had. */
static void add_range(struct loop *loop, size_t letter)
{
	size_t step = loop->letters[letter].step;
	bool is_before = loop->letters[letter].is_before, rises = true, falls = true;
	int64_t first, last, least, most;

	number_of(value_at(loop, 0, step, is_before), &first);
	least = most = last = first;
	for (size_t i = 1; i < loop->rounds; i++) {
		int64_t value;

		number_of(value_at(loop, i, step, is_before), &value);
		rises &= value >= last;
		falls &= value <= last;
		least = value < least ? value : least;
		most = value > most ? value : most;
		last = value;
	}
	if (rises || falls)
		part_add(loop->pattern, "%c from %" PRId64 " to %" PRId64,
			 loop->letters[letter].name, first, last);
	else
		part_add(loop->pattern, "%c within %" PRId64 " to %" PRId64,
			 loop->letters[letter].name, least, most);
}

void pattern_add_loop(struct pattern *pattern, const struct trace *trace, const size_t *events,
		      size_t count, size_t period)
{
	struct loop loop = {.pattern = pattern,
			    .trace = trace,
			    .events = events,
			    .period = period,
			    .rounds = count / period};
	const char *times = pattern->utf8 ? "×" : "x";
	char text[TEXT_BYTES];
	size_t steps = period > PARTS_MAX ? PARTS_MAX - 1 : period;

	step_text(&loop, 0, text, sizeof(text));
	if (period == 1) {
		part_add(pattern, "%zu %s %s", loop.rounds, times, text);
	} else {
		part_add(pattern, "%zu %s {", loop.rounds, times);
		part_add(pattern, "%s,", text);
	}
	for (size_t i = 1; i < steps; i++) {
		step_text(&loop, i, text, sizeof(text));
		part_add(pattern, "%s%s", text, i + 1 == period ? " }" : ",");
	}
	if (steps < period)
		part_add(pattern, "and %zu more }", period - steps);
	for (size_t i = 0; i < loop.letter_count; i++)
		add_range(&loop, i);
}

static void event_text(struct pattern *pattern, const struct trace_event *event, const char *end)
{
	char text[TEXT_BYTES];
	struct cell cell;

	cell_make(&cell, event, pattern->utf8);
	cell_fit(&cell, CELL_MAX, pattern->utf8, text, sizeof(text));
	for (size_t length = strlen(text); length && text[length - 1] == ' ';)
		text[--length] = '\0';
	part_add(pattern, "%s%s", text, end);
}

/* A stretch may begin and end in the middle of a loop, and what is left of one is told with it. */
static bool is_worth_it(const struct fold_row *row, bool has_loops)
{
	return row->kind == FOLD_LOOP || !has_loops;
}

void pattern_add_events(struct pattern *pattern, const struct fold *fold, const size_t *events,
			size_t count)
{
	struct fold_row *rows = calloc(count + 1, sizeof(*rows));
	size_t row_count, told = 0, shown = 0;
	bool has_loops = false;

	CHECK(rows && "enough memory");
	row_count = fold_loops(fold, events, count, rows);
	for (size_t i = 0; i < row_count; i++)
		has_loops |= rows[i].kind == FOLD_LOOP;
	for (size_t i = 0; i < row_count && shown < ITEMS_MAX; i++) {
		const struct fold_row *row = &rows[i];

		if (!is_worth_it(row, has_loops))
			continue;
		if (row->kind == FOLD_LOOP)
			pattern_add_loop(pattern, fold->trace, events + row->first, row->count,
					 row->period);
		else
			event_text(pattern, &fold->trace->events[events[row->first]],
				   shown + 1 < ITEMS_MAX && i + 1 < row_count ? "," : "");
		told += row->count;
		shown++;
	}
	if (told < count)
		part_add(pattern, "and %zu more", count - told);
	free(rows);
}

size_t pattern_width(const struct pattern *pattern)
{
	size_t width = pattern->count ? pattern->count - 1 : 0;

	for (size_t i = 0; i < pattern->count; i++)
		width += cell_columns(pattern->parts[i]);
	return width;
}

bool pattern_line(const struct pattern *pattern, size_t *next, size_t width, char *line,
		  size_t size)
{
	size_t indent = *next ? 2 : 0, used = indent, length;
	char part[TEXT_BYTES];

	if (*next >= pattern->count)
		return false;
	length = (size_t)snprintf(line, size, "%*s", (int)indent, "");
	do {
		size_t room = width > indent ? width - indent : 1;

		cell_middle(pattern->parts[*next], room, pattern->utf8, part, sizeof(part));
		length += (size_t)snprintf(line + length, size - length, "%s%s",
					   used > indent ? " " : "", part);
		used += (used > indent) + cell_columns(part);
		(*next)++;
	} while (*next < pattern->count &&
		 used + 1 + cell_columns(pattern->parts[*next]) <= width && length + 1 < size);
	return true;
}
