#include "cli/commands.h"
#include "cli/say.h"
#include "report/differ.h"

#include <langinfo.h>
#include <locale.h>
#include <string.h>

static enum status diff(const struct trace *left, const struct trace *right,
			const struct options *options)
{
	if (left->program_hash != right->program_hash)
		say("note: the traces are of different programs, or versions of one");
	setlocale(LC_CTYPE, "");
	return differ_print(stdout, left, right, options->trace, options->other_trace,
			    strcmp(nl_langinfo(CODESET), "UTF-8") == 0)
		       ? STATUS_FAILURE
		       : STATUS_OK;
}

enum status command_diff(const struct options *options)
{
	enum status status = STATUS_UNABLE;
	struct trace left, right;
	struct error error;

	if (trace_read(&left, options->trace, &error) != 0) {
		say("%s", error.text);
	} else {
		if (trace_read(&right, options->other_trace, &error) != 0)
			say("%s", error.text);
		else
			status = diff(&left, &right, options);
		trace_free(&right);
	}
	trace_free(&left);
	return status;
}
