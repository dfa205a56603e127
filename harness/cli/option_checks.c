/* option_checks.c - what options mean together. */
#include "cli/option_checks.h"

/* Classes, which preemptions are counted of, only one strategy knows. */
static int check_preemptions(struct options *options, struct error *error)
{
	if (!options->by_preemptions && !options->count_preemptions)
		return 0;
	if (options->strategy_given && options->strategy != STRATEGY_DPOR)
		return error_set(error, "--%spreemptions needs the strategy `dpor`, not `%s`",
				 options->by_preemptions ? "" : "count-",
				 strategy_word(options->strategy));
	if (options->by_preemptions && options->resume)
		return error_set(error, "a search with --preemptions cannot be kept with --resume");
	options->strategy = STRATEGY_DPOR;
	options->count_preemptions = true;
	return 0;
}

static int check_list(struct options *options, struct error *error)
{
	if (!options->list)
		return 0;
	options->keep_going = true;
	if (options->strategy != STRATEGY_DFS)
		return error_set(error, "--list needs `--strategy dfs`");
	if (options->resume || options->json)
		return error_set(error, "--list cannot be used with %s",
				 options->resume ? "--resume" : "--json");
	return 0;
}

int option_checks(struct options *options, struct error *error)
{
	if (options->spurious == UINT32_MAX)
		options->spurious =
			options->command == COMMAND_EXPLORE || options->command == COMMAND_NATIVE;
	if (check_preemptions(options, error) != 0)
		return -1;
	return check_list(options, error);
}
