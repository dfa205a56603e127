#include "cli/commands.h"
#include "cli/nearest.h"
#include "cli/numbers.h"
#include "cli/say.h"
#include "cli/source.h"
#include "report/select.h"
#include "report/table.h"
#include "trace/trace.h"

#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Where the output is no terminal. */
#define WIDTH_DEFAULT 100
#define WIDTH_MOST    1000

static unsigned width(void)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	uint64_t number;

	/* As other commands have it: what is exported is wanted. */
	if (columns && number_read(columns, &number) && number > 0 && number <= WIDTH_MOST)
		return (unsigned)number;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	return WIDTH_DEFAULT;
}

static bool has_colour(void)
{
	const char *no_colour = getenv("NO_COLOR"), *terminal = getenv("TERM");

	return isatty(STDOUT_FILENO) && !(no_colour && *no_colour) &&
	       !(terminal && strcmp(terminal, "dumb") == 0);
}

static void note_unknown(const struct trace *trace, const char *path)
{
	for (size_t i = 0; i < trace->unknown_count; i++)
		say("note: %s:%u: `%s` is from a later version of heddle; ignored", path,
		    trace->unknown[i].line, trace->unknown[i].key);
}

/* Where nothing was shown that was asked for: what there is. */
static enum status refuse_object(const struct trace *trace, const struct options *options)
{
	const char *best = NULL;

	for (size_t i = 0; i < trace->event_count; i++)
		if (*trace->events[i].object)
			nearest_offer(&best, trace->events[i].object, options->object);
	say("no event%s%s is on `%s`%s%s%s", options->only ? " of " : "",
	    options->only ? options->only : "", options->object, best ? "; did you mean `" : "",
	    best ? best : "", best ? "`?" : "");
	return STATUS_USAGE;
}

static enum status show(const struct trace *trace, const struct options *options)
{
	struct source *source = source_open(trace);
	struct table_options table = {.width = width(),
				      .colour = has_colour(),
				      .full = options->full,
				      .only = options->only,
				      .object = options->object,
				      .source = source_line,
				      .source_argument = source};
	size_t shown;

	setlocale(LC_CTYPE, "");
	table.utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	shown = table_print(stdout, trace, &table);
	source_notes(source, stdout);
	source_close(source);
	return shown || !options->object ? STATUS_OK : refuse_object(trace, options);
}

enum status command_show(const struct options *options)
{
	struct trace trace;
	struct error error;
	enum status status;

	if (trace_read(&trace, options->trace, &error) != 0) {
		say("%s", error.text);
		trace_free(&trace);
		return STATUS_UNABLE;
	}
	note_unknown(&trace, options->trace);
	if (options->only && !select_is_list(options->only, &trace)) {
		say("--only needs threads of the trace, T0 to T%zu, with a comma between, not `%s`",
		    trace.thread_count ? trace.thread_count - 1 : 0, options->only);
		status = STATUS_USAGE;
	} else {
		status = show(&trace, options);
	}
	trace_free(&trace);
	return status;
}
