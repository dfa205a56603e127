#include "cli/commands.h"
#include "cli/say.h"
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

static unsigned width(void)
{
	struct winsize size;

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

enum status command_show(const struct options *options)
{
	struct table_options table = {.width = width()};
	struct trace trace;
	struct error error;

	if (trace_read(&trace, options->trace, &error) != 0) {
		say("%s", error.text);
		trace_free(&trace);
		return STATUS_UNABLE;
	}
	for (size_t i = 0; i < trace.unknown_count; i++)
		say("note: %s:%u: `%s` is from a later version of heddle; ignored", options->trace,
		    trace.unknown[i].line, trace.unknown[i].key);
	setlocale(LC_CTYPE, "");
	table.utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	table.colour = has_colour();
	table_print(stdout, &trace, &table);
	trace_free(&trace);
	return STATUS_OK;
}
