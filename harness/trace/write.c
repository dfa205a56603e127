/* write.c - a trace in words, and into a file that is whole or not there. */
#include "trace/trace.h"

#include "base/check.h"
#include "trace/escape.h"
#include "trace/whole.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void field_write(FILE *out, const char *key, const char *name, const char *value)
{
	size_t room = escape_room(strlen(value));
	char *escaped = malloc(room);

	CHECK(escaped && "enough memory");
	escape_value(escaped, room, value);
	fprintf(out, "%s%s%s %s\n", key, name ? " " : "", name ? name : "", escaped);
	free(escaped);
}

static void header_write(const struct trace *trace, FILE *out)
{
	fprintf(out, "heddle trace %d\n", TRACE_VERSION);
	field_write(out, "program", NULL, trace->program);
	for (size_t i = 0; i < trace->argument_count; i++)
		field_write(out, "argument", NULL, trace->arguments[i]);
	fprintf(out, "program-hash %016" PRIx64 "\n", trace->program_hash);
	field_write(out, "session", NULL, trace->session);
	if (*trace->strategy)
		field_write(out, "strategy", NULL, trace->strategy);
	fprintf(out, "seed %" PRIu64 "\n", trace->seed);
	fprintf(out, "execution %" PRIu64 "\n", trace->execution);
	for (size_t i = 0; i < trace->setting_count; i++)
		field_write(out, "setting", trace->settings[i].key, trace->settings[i].value);
	for (size_t i = 0; i < trace->unknown_count; i++)
		field_write(out, trace->unknown[i].key, NULL, trace->unknown[i].value);
	field_write(out, "verdict", NULL, trace->verdict);
	if (*trace->message)
		field_write(out, "message", NULL, trace->message);
	fputc('\n', out);
}

int trace_write_stream(const struct trace *trace, FILE *out)
{
	char line[TRACE_LINE_MAX];

	header_write(trace, out);
	for (size_t i = 0; i < trace->event_count && !ferror(out); i++) {
		trace_event_line(&trace->events[i], line);
		fputs(line, out);
		fputc('\n', out);
	}
	fprintf(out, "end %zu events\n", trace->event_count);
	return fflush(out) || ferror(out) ? -1 : 0;
}

static void print(FILE *out, const void *trace)
{
	trace_write_stream(trace, out);
}

int trace_write(const struct trace *trace, const char *path, struct error *error)
{
	return whole_write(path, "the trace", print, trace, error);
}
