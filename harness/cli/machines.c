#include "cli/machines.h"
#include "cli/annotate.h"
#include "cli/folder.h"
#include "cli/junit.h"
#include "cli/say.h"
#include "cli/tap.h"
#include "trace/whole.h"

#include <stdio.h>

int machines_check(const struct options *options, struct error *error)
{
	if (options->junit)
		return folder_check_file(options->junit, "the JUnit report", error);
	return 0;
}

static void print_junit(FILE *out, const void *cases)
{
	junit_print(out, cases);
}

enum status machines_report(const struct options *options, struct cases *cases, enum status status)
{
	struct error error;

	if (options->tap)
		tap_print(stdout, cases);
	/* GitHub reads both streams as one, and a command has to begin a line. */
	fflush(stdout);
	if (options->annotate)
		annotate_print(stderr, cases);
	if (options->junit &&
	    whole_write(options->junit, "the JUnit report", print_junit, cases, &error) != 0) {
		say("%s", error.text);
		status = status == STATUS_FAILURE ? status : STATUS_UNABLE;
	}
	cases_free(cases);
	return status;
}

void machines_report_error(const struct options *options, char *const *program, const char *why)
{
	struct cases cases;
	struct options others = *options;

	if (!options->junit && !options->tap && !options->annotate)
		return;
	cases_of_error(&cases, program, why);
	if (options->tap)
		tap_bail_out(stdout, why);
	others.tap = false;
	if (machines_check(options, NULL) != 0)
		others.junit = NULL;
	machines_report(&others, &cases, STATUS_UNABLE);
}
