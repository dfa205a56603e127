/* option_words.c - the words for commands and strategies, and what they mean. */
#include "cli/nearest.h"
#include "cli/options.h"

#include <string.h>

static const char *const strategy_words[] = {
	[STRATEGY_RANDOM] = "random",
	[STRATEGY_DFS] = "dfs",
	[STRATEGY_DPOR] = "dpor",
};

#define STRATEGIES (sizeof(strategy_words) / sizeof(strategy_words[0]))

const char *strategy_word(enum strategy strategy)
{
	return strategy_words[strategy];
}

int command_find(const char *name, enum command *command, struct error *error)
{
	const char *best = NULL;

	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		if (strcmp(name, command_table[i].name) == 0) {
			*command = (enum command)i;
			return 0;
		}
		nearest_offer(&best, command_table[i].name, name);
	}
	if (best)
		return error_set(error, "there is no command `%s`; did you mean `%s`?", name, best);
	return error_set(error, "there is no command `%s`", name);
}

int strategy_find(const char *word, enum strategy *strategy)
{
	for (size_t i = 0; i < STRATEGIES; i++) {
		if (strcmp(word, strategy_words[i]) == 0) {
			*strategy = (enum strategy)i;
			return 0;
		}
	}
	return -1;
}
