#include "cli/caller.h"
#include "cli/commands.h"
#include "cli/folder.h"
#include "cli/json.h"
#include "cli/machines.h"
#include "cli/say.h"
#include "cli/search.h"
#include "cli/summary.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define EXECUTIONS_DEFAULT 10000

/* The folder for traces is looked at, or made, before anything else. */
static int check_folder(const char *path, struct error *error)
{
	if (mkdir(path, 0777) != 0 && errno != EEXIST)
		return error_set(error, "cannot make the folder `%s`: %s", path, strerror(errno));
	return folder_check(path, error);
}

static enum status print(struct search *search)
{
	bool json = search->options->json;
	struct cases cases;

	summary_print(json || search->options->tap ? stderr : stdout, search);
	cases_of_search(&cases, search);
	if (machines_report(search->options, &cases, search_status(search)) == STATUS_UNABLE)
		search->unwritten = true;
	if (json)
		json_print(stdout, search);
	caller_tell(search, search_status(search));
	return search_status(search);
}

static enum status refuse(const struct options *options, const char *why)
{
	say("%s", why);
	machines_report_error(options, options->program, why);
	return STATUS_UNABLE;
}

enum status command_explore(const struct options *given)
{
	struct options options = *given;
	static struct search search;
	enum status status;
	struct error error;

	if (options.strategy == STRATEGY_RANDOM && !options.executions_max && options.time_s == 0)
		options.executions_max = EXECUTIONS_DEFAULT;
	if (options.json && options.tap) {
		say("--json and --tap cannot be used together: both want standard output");
		return STATUS_USAGE;
	}
	if (check_folder(options.out_dir, &error) != 0 || machines_check(&options, &error) != 0)
		return refuse(&options, error.text);
	if (search_run(&search, &options, &error) == 0)
		status = print(&search);
	else
		status = refuse(&options, error.text);
	search_free(&search);
	return status;
}
