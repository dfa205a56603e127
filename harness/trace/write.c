/*
 * write.c - a trace into a file.
 *
 * Invariant: under the wanted name there is the old file, or the whole new one: the lines go into a
 * file beside it, which is renamed when all of them have been taken. Not flushed to the disk: a
 * trace that is lost with the machine can be made again.
 */
#include "trace/trace.h"

#include "base/check.h"
#include "trace/escape.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* Writes all into `file` and closes it, whatever happens. */
static int write_and_close(const struct trace *trace, FILE *file, struct error *error)
{
	int failed = trace_write_stream(trace, file), reason = errno;

	if (fclose(file) && !failed) {
		failed = -1;
		reason = errno;
	}
	return failed ? error_set(error, "%s", strerror(reason)) : 0;
}

static int write_directly(const struct trace *trace, const char *path, struct error *error)
{
	FILE *file = fopen(path, "we");

	if (!file)
		return error_set(error, "%s", strerror(errno));
	return write_and_close(trace, file, error);
}

/* mkstemp() makes files that only their owner can read; a trace is an ordinary file. */
static void mode_set(int file)
{
	mode_t mask = umask(0);

	umask(mask);
	fchmod(file, 0666 & ~mask);
}

static int write_beside(const struct trace *trace, const char *path, struct error *error)
{
	char beside[PATH_MAX];
	FILE *file = NULL;
	int fd;

	if (snprintf(beside, sizeof(beside), "%s.XXXXXX", path) >= (int)sizeof(beside))
		return error_set(error, "%s", strerror(ENAMETOOLONG));
	fd = mkstemp(beside);
	if (fd >= 0)
		file = fdopen(fd, "w");
	if (!file)
		return error_set(error, "%s", strerror(errno));
	mode_set(fd);
	if (write_and_close(trace, file, error)) {
		unlink(beside);
		return -1;
	}
	if (!rename(beside, path))
		return 0;
	error_set(error, "%s", strerror(errno));
	unlink(beside);
	return -1;
}

int trace_write(const struct trace *trace, const char *path, struct error *error)
{
	char *real = realpath(path, NULL);
	struct stat status;
	int failed;

	if (!stat(path, &status) && S_ISDIR(status.st_mode))
		failed = error_set(error, "%s", strerror(EISDIR));
	else if (!stat(path, &status) && !S_ISREG(status.st_mode))
		failed = write_directly(trace, path, error);
	else
		failed = write_beside(trace, real ? real : path, error);
	free(real);
	return failed ? error_wrap(error, "cannot write the trace `%s`", path) : 0;
}
