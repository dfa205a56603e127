/*
 * line.c - one event line of a trace, both ways.
 *
 * Padding and fields are the writer's; the reader goes by fields only, so that a line survives
 * being pasted. What the writer makes the reader takes, and gives back the same event.
 */
#include "trace/line.h"

#include "model/op.h"
#include "trace/escape.h"
#include "trace/way.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* So much of each text is kept; together less than TRACE_LINE_MAX. */
#define OBJECT_MAX 1500
#define VALUE_MAX  500
#define PLACE_MAX  1200

static const struct {
	uint16_t flag;
	const char *word;
} flag_words[] = {
	{EVENT_WAS_CHOICE, "choice"},
	{EVENT_VOLATILE, "volatile"},
	{EVENT_PENDING, "pending"},
	{EVENT_RACE, "race"},
};

#define FLAGS_SHOWN (EVENT_WAS_CHOICE | EVENT_VOLATILE | EVENT_PENDING | EVENT_RACE)
#define FLAG_WORDS  (sizeof(flag_words) / sizeof(flag_words[0]))

static void flags_write(uint16_t flags, char *out)
{
	strcpy(out, flags & FLAGS_SHOWN ? "" : "-");
	for (size_t i = 0; i < FLAG_WORDS; i++) {
		if (!(flags & flag_words[i].flag))
			continue;
		if (*out)
			strcat(out, ",");
		strcat(out, flag_words[i].word);
	}
}

void trace_event_line(const struct trace_event *event, char *line)
{
	char thread[16], size[16] = "-", object[OBJECT_MAX], value[2 * VALUE_MAX], place[PLACE_MAX];
	char flags[64];
	size_t at = 0;

	snprintf(thread, sizeof(thread), "T%u", event->thread);
	if (event->size)
		snprintf(size, sizeof(size), "%u", event->size);
	escape_field(object, sizeof(object), event->object, "");
	if (*event->before) {
		at = escape_field(value, VALUE_MAX, event->before, ">");
		value[at++] = '>';
	}
	escape_field(value + at, VALUE_MAX, event->value, ">");
	escape_field(place, sizeof(place), event->place, "");
	flags_write(event->flags, flags);
	snprintf(line, TRACE_LINE_MAX, "%-4s %-13s %-24s %3s  %-12s %-28s %s", thread,
		 op_word((enum op)event->op), object, size, value, place, flags);
}

bool line_number(const char *text, uint64_t *number)
{
	char *end;

	if (!isdigit((unsigned char)*text))
		return false;
	errno = 0;
	*number = strtoull(text, &end, 10);
	return !errno && !*end;
}

/* As the writer's values: decimal, perhaps negative, or with 0x. */
static bool value_number(const char *text, uint64_t *number)
{
	char *end;

	if (line_number(text, number))
		return true;
	if (text[0] == '-' && line_number(text + 1, number)) {
		*number = -*number;
		return true;
	}
	if (strncmp(text, "0x", 2) || !isxdigit((unsigned char)text[2]))
		return false;
	errno = 0;
	*number = strtoull(text + 2, &end, 16);
	return !errno && !*end;
}

const char *line_quote(const char *text, char buffer[LINE_QUOTE_MAX])
{
	size_t length = escape_value(buffer, LINE_QUOTE_MAX - 3, text);

	if (length >= LINE_QUOTE_MAX - 5 && strlen(text) > length)
		strcpy(buffer + length, "...");
	if (!*text)
		*buffer = '\0';
	return buffer;
}

static int found(struct error *error, const char *text, const char *expected)
{
	char quote[LINE_QUOTE_MAX];

	return error_set(error, "found `%s`, expected %s", line_quote(text, quote), expected);
}

static bool thread_number(const char *text, uint64_t *number)
{
	return text[0] == 'T' && line_number(text + 1, number) && *number < LINE_THREADS_MAX;
}

static int op_parse(const char *text, uint16_t *op, struct error *error)
{
	for (*op = 0; *op < OP_COUNT; (*op)++)
		if (!strcmp(text, op_word((enum op) * op)))
			return 0;
	return found(error, text, "an operation such as lock or read");
}

static int flags_parse(char *text, uint16_t *flags, struct error *error)
{
	char *rest = text, *word;

	if (!strcmp(text, "-"))
		return 0;
	while ((word = strsep(&rest, ","))) {
		size_t i = 0;

		while (i < FLAG_WORDS && strcmp(word, flag_words[i].word))
			i++;
		if (i == FLAG_WORDS)
			return found(error, word, "a flag: choice, volatile or pending");
		*flags |= flag_words[i].flag;
	}
	return 0;
}

static int text_parse(char *text, const char **out, struct error *error)
{
	*out = "";
	if (!strcmp(text, "-"))
		return 0;
	if (!escape_undo(text))
		return found(error, text, "a name with escapes \\n \\t \\s \\\\ or \\xHH");
	*out = text;
	return 0;
}

static int size_parse(const char *text, uint32_t *size, struct error *error)
{
	uint64_t number;

	if (!strcmp(text, "-"))
		return 0;
	if (!line_number(text, &number) || !number || number > UINT32_MAX)
		return found(error, text, "a size in bytes or `-`");
	*size = (uint32_t)number;
	return 0;
}

static int value_parse(char *text, struct trace_event *event, struct error *error)
{
	char *before = text, *separator = strchr(text, '>');

	if (separator) {
		*separator = '\0';
		text = separator + 1;
		event->flags |= EVENT_HAS_BEFORE;
		if (text_parse(before, &event->before, error))
			return -1;
	}
	if (text_parse(text, &event->value, error))
		return -1;
	if (*event->value)
		event->flags |= EVENT_HAS_VALUE;
	if (value_number(event->value, &event->number) ||
	    (event->op == OP_WAIT && way_find(event->value, &event->number)))
		return 0;
	event->number = 0;
	return 0;
}

/* One that was carried out took some alternative. */
static int choice_check(const struct trace_event *event, struct error *error)
{
	char number[24];

	snprintf(number, sizeof(number), "%llu", (unsigned long long)event->number);
	if (event->op != OP_CHOOSE || !strcmp(event->value, number) ||
	    (event->flags & EVENT_PENDING && !*event->value))
		return 0;
	return found(error, event->value, "the number of the alternative");
}

/* For operations on another thread, its number is in the object. */
static int other_parse(struct trace_event *event, struct error *error)
{
	if (event->op != OP_CREATE && event->op != OP_JOIN && event->op != OP_DETACH &&
	    event->op != OP_NAME)
		return 0;
	event->number = 0;
	if (!*event->object && event->flags & EVENT_PENDING)
		return 0;
	if (!thread_number(event->object, &event->number))
		return found(error, event->object, "the other thread, such as T1");
	return 0;
}

#define FIELDS 7

static int fields_split(char *line, char *fields[FIELDS], struct error *error)
{
	int count = 0;
	char *rest, *field;

	for (field = strtok_r(line, " \t", &rest); field; field = strtok_r(NULL, " \t", &rest)) {
		if (count < FIELDS)
			fields[count] = field;
		count++;
	}
	if (count == FIELDS)
		return 0;
	return error_set(error,
			 "found %d field%s, expected 7: thread, operation, object, "
			 "size, value, place, flags",
			 count, count == 1 ? "" : "s");
}

int line_parse(char *line, struct trace_event *event, struct error *error)
{
	char *fields[FIELDS];
	uint64_t thread;

	if (line[0] != 'T')
		return found(error, line, "an event or `end N events`");
	if (fields_split(line, fields, error))
		return -1;
	*event = (struct trace_event){.object = "", .before = "", .value = "", .place = ""};
	if (!thread_number(fields[0], &thread))
		return found(error, fields[0], "a thread such as T1");
	event->thread = (uint32_t)thread;
	if (op_parse(fields[1], &event->op, error) ||
	    text_parse(fields[2], &event->object, error) ||
	    size_parse(fields[3], &event->size, error) || value_parse(fields[4], event, error) ||
	    text_parse(fields[5], &event->place, error) || other_parse(event, error))
		return -1;
	return flags_parse(fields[6], &event->flags, error) ? -1 : choice_check(event, error);
}
