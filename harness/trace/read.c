/*
 * read.c - a trace from a file, checked line by line.
 *
 * Invariant: what it gives back is a whole trace: every line was understood, the mandatory header
 * keys are there once, and the last line counted the events. Anything else is an error that names
 * the line, what was found and what was expected.
 */
#include "trace/trace.h"

#include "trace/escape.h"
#include "trace/line.h"
#include "trace/store.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum key {
	KEY_PROGRAM,
	KEY_ARGUMENT,
	KEY_PROGRAM_HASH,
	KEY_SESSION,
	KEY_STRATEGY,
	KEY_SEED,
	KEY_EXECUTION,
	KEY_SETTING,
	KEY_VERDICT,
	KEY_MESSAGE,
	KEY_COUNT, /* also: a key of another version */
};

static const struct {
	const char *word;
	bool needed, repeats;
} keys[KEY_COUNT] = {
	[KEY_PROGRAM] = {.word = "program", .needed = true},
	[KEY_ARGUMENT] = {.word = "argument", .repeats = true},
	[KEY_PROGRAM_HASH] = {.word = "program-hash", .needed = true},
	[KEY_SESSION] = {.word = "session", .needed = true},
	[KEY_STRATEGY] = {.word = "strategy"},
	[KEY_SEED] = {.word = "seed"},
	[KEY_EXECUTION] = {.word = "execution"},
	[KEY_SETTING] = {.word = "setting", .repeats = true},
	[KEY_VERDICT] = {.word = "verdict", .needed = true},
	[KEY_MESSAGE] = {.word = "message"},
};

struct reader {
	FILE *in;
	struct trace *trace;
	struct error *error;
	char *line;
	size_t room;
	unsigned number; /* of the line, from 1 */
	bool seen[KEY_COUNT];
};

static int reader_found(struct reader *reader, const char *text, const char *expected)
{
	char quote[LINE_QUOTE_MAX];

	return error_set(reader->error, "line %u: found `%s`, expected %s", reader->number,
			 line_quote(text, quote), expected);
}

static int reader_ended(struct reader *reader, const char *expected)
{
	if (ferror(reader->in))
		return error_set(reader->error, "%s", strerror(errno));
	return error_set(reader->error,
			 "the file ends after line %u, expected %s: the trace is cut off",
			 reader->number, expected);
}

/* The next line without its end. Returns 1, 0 at the end of the file, or -1. */
static int reader_next(struct reader *reader)
{
	ssize_t length = getline(&reader->line, &reader->room, reader->in);

	if (length < 0)
		return 0;
	reader->number++;
	if (memchr(reader->line, '\0', (size_t)length))
		return error_set(reader->error, "line %u: found a NUL byte, expected text",
				 reader->number);
	while (length && strchr("\r\n", reader->line[length - 1]))
		reader->line[--length] = '\0';
	return 1;
}

static int version_read(struct reader *reader)
{
	static const char magic[] = "heddle trace ";
	uint64_t version;
	int got = reader_next(reader);

	if (got < 0)
		return -1;
	if (!got && !ferror(reader->in))
		return error_set(reader->error, "the file is empty, expected `%s%d`", magic,
				 TRACE_VERSION);
	if (!got)
		return reader_ended(reader, magic);
	if (strncmp(reader->line, magic, strlen(magic)))
		return reader_found(reader, reader->line, "`heddle trace 1`: this is no trace");
	if (!line_number(reader->line + strlen(magic), &version))
		return reader_found(reader, reader->line, "`heddle trace 1`");
	if (version == TRACE_VERSION)
		return 0;
	return error_set(reader->error,
			 "line 1: found format version %" PRIu64
			 ", expected %d: the trace is of another "
			 "version of heddle, record it again",
			 version, TRACE_VERSION);
}

static int number_read(struct reader *reader, const char *value, uint64_t *number)
{
	return line_number(value, number) ? 0 : reader_found(reader, value, "a number");
}

static int hash_read(struct reader *reader, const char *value)
{
	if (strlen(value) != 16 || strspn(value, "0123456789abcdef") != 16)
		return reader_found(reader, value, "16 hexadecimal digits");
	reader->trace->program_hash = strtoull(value, NULL, 16);
	return 0;
}

static int setting_read(struct reader *reader, char *value)
{
	char *name = strsep(&value, " ");

	if (!value || !*name)
		return reader_found(reader, name, "`setting NAME VALUE`");
	if (!escape_undo(value))
		return reader_found(reader, value, "a value with escapes \\n \\t \\\\ or \\xHH");
	trace_setting_add(reader->trace, name, value);
	reader->trace->settings[reader->trace->setting_count - 1].line = reader->number;
	return 0;
}

static int unknown_add(struct reader *reader, const char *key, const char *value)
{
	struct trace *trace = reader->trace;

	trace->unknown = store_room(trace->unknown, trace->unknown_count, sizeof(*trace->unknown));
	trace->unknown[trace->unknown_count++] = (struct trace_field){
		.key = trace_intern(trace, key),
		.value = trace_intern(trace, value),
		.line = reader->number,
	};
	return 0;
}

/* Takes a key whose value is a text. */
static int text_read(struct reader *reader, enum key key, const char *word, const char *value)
{
	struct trace *trace = reader->trace;

	switch (key) {
	case KEY_PROGRAM:
		trace->program = trace_intern(trace, value);
		return *value ? 0 : reader_found(reader, value, "a program");
	case KEY_ARGUMENT:
		trace_argument_add(trace, value);
		return 0;
	case KEY_SESSION:
		trace->session = trace_intern(trace, value);
		return 0;
	case KEY_STRATEGY:
		trace->strategy = trace_intern(trace, value);
		return 0;
	case KEY_VERDICT:
		trace->verdict = trace_intern(trace, value);
		return 0;
	case KEY_MESSAGE:
		trace->message = trace_intern(trace, value);
		return 0;
	case KEY_COUNT:
		return unknown_add(reader, word, value);
	case KEY_PROGRAM_HASH:
	case KEY_SEED:
	case KEY_EXECUTION:
	case KEY_SETTING:
		break;
	}
	return 0;
}

static int value_read(struct reader *reader, enum key key, const char *word, char *value)
{
	if (key == KEY_PROGRAM_HASH)
		return hash_read(reader, value);
	if (key == KEY_SEED)
		return number_read(reader, value, &reader->trace->seed);
	if (key == KEY_EXECUTION)
		return number_read(reader, value, &reader->trace->execution);
	if (key == KEY_SETTING)
		return setting_read(reader, value);
	if (!escape_undo(value))
		return reader_found(reader, value, "a value with escapes \\n \\t \\\\ or \\xHH");
	return text_read(reader, key, word, value);
}

static bool is_key(const char *word)
{
	return *word && !word[strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789-")];
}

static int field_read(struct reader *reader)
{
	char *value = reader->line, *word = strsep(&value, " ");
	int key = 0;

	if (!is_key(word) || !value)
		return reader_found(
			reader, word,
			"a header line, `KEY VALUE`, or the empty line before the events");
	while (key < KEY_COUNT && strcmp(word, keys[key].word))
		key++;
	if (key < KEY_COUNT) {
		if (reader->seen[key] && !keys[key].repeats)
			return error_set(reader->error,
					 "line %u: found a second `%s`, expected one",
					 reader->number, word);
		reader->seen[key] = true;
	}
	return value_read(reader, (enum key)key, word, value);
}

static int header_read(struct reader *reader)
{
	int got;

	while ((got = reader_next(reader)) > 0 && *reader->line)
		if (field_read(reader))
			return -1;
	if (!got)
		return reader_ended(reader, "an empty line after the header");
	for (int key = 0; got > 0 && key < KEY_COUNT; key++)
		if (keys[key].needed && !reader->seen[key])
			return error_set(reader->error,
					 "line %u: the header ends, expected a line `%s ...` in it",
					 reader->number, keys[key].word);
	return got < 0 ? -1 : 0;
}

/* The last line was "end ...". */
static int end_check(struct reader *reader)
{
	char expected[64];
	int got;

	snprintf(expected, sizeof(expected), "end %zu events", reader->trace->event_count);
	if (strcmp(reader->line, expected))
		return error_set(
			reader->error,
			"line %u: found `%.40s`, expected `%s`: lines are missing or doubled",
			reader->number, reader->line, expected);
	while ((got = reader_next(reader)) > 0)
		if (*reader->line)
			return reader_found(reader, reader->line, "nothing after the end");
	return got;
}

static int events_read(struct reader *reader)
{
	struct trace_event event;
	int got;

	while ((got = reader_next(reader)) > 0) {
		if (!strncmp(reader->line, "end ", 4))
			return end_check(reader);
		if (line_parse(reader->line, &event, reader->error))
			return error_wrap(reader->error, "line %u", reader->number);
		trace_event_add(reader->trace, &event);
	}
	return got < 0 ? -1 : reader_ended(reader, "an event or `end N events`");
}

int trace_read_stream(struct trace *trace, FILE *in, struct error *error)
{
	struct reader reader = {.in = in, .trace = trace, .error = error};
	int failed;

	trace_init(trace);
	failed = version_read(&reader) || header_read(&reader) || events_read(&reader);
	free(reader.line);
	if (!failed)
		return 0;
	trace_free(trace);
	trace_init(trace);
	return -1;
}

int trace_read(struct trace *trace, const char *path, struct error *error)
{
	FILE *file = fopen(path, "re");
	int failed;

	trace_init(trace);
	if (!file) {
		error_set(error, "%s", strerror(errno));
		return error_wrap(error, "cannot read the trace `%s`", path);
	}
	trace_free(trace);
	failed = trace_read_stream(trace, file, error);
	fclose(file);
	return failed ? error_wrap(error, "cannot read the trace `%s`", path) : 0;
}
