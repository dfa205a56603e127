/*
 * options.c - the parser of command lines, which follows the table (option_table.c).
 *
 * Invariant: what a command accepts is exactly what the table lists for it, so that help and manual
 * cannot be wrong.
 *
 * Why not getopt_long: it would need a second table in its own form for each command, it permutes
 * words that belong to the program, and it prints its own messages.
 */
#include "cli/options.h"
#include "cli/nearest.h"
#include "cli/numbers.h"
#include "cli/option_checks.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

static const char *const races_words[] = {
	[RACES_REPORT] = "report",
	[RACES_STOP] = "stop",
	[RACES_OFF] = "off",
};

/* What the parser carries along. */
struct parse {
	struct options *options;
	bool seed_given;
	char **next;
	struct error *error;
};

static int read_strategy(struct parse *parse, const char *word)
{
	parse->options->strategy_given = true;
	if (strategy_find(word, &parse->options->strategy) == 0)
		return 0;
	return error_set(parse->error,
			 "there is no strategy `%s`; known are `random`, `dfs` and `dpor`", word);
}

static int read_races(struct parse *parse, const char *word)
{
	for (size_t i = 0; i < sizeof(races_words) / sizeof(races_words[0]); i++) {
		if (strcmp(word, races_words[i]) == 0) {
			parse->options->races = (enum races_mode)i;
			return 0;
		}
	}
	return error_set(parse->error, "--races needs `report`, `stop` or `off`, not `%s`", word);
}

static int read_number(struct parse *parse, const struct option_spec *spec, const char *word)
{
	uint64_t *field = (uint64_t *)((char *)parse->options + spec->offset);

	if (!number_read(word, field))
		return error_set(parse->error, "--%s needs a whole number, not `%s`", spec->name,
				 word);
	if ((double)*field < spec->least)
		return error_set(parse->error, "--%s needs a number of at least %.0f, not `%s`",
				 spec->name, spec->least, word);
	return 0;
}

static int read_count(struct parse *parse, const struct option_spec *spec, const char *word)
{
	uint64_t number;

	if (!number_read(word, &number) || (double)number < spec->least ||
	    (double)number > spec->most)
		return error_set(
			parse->error, "%s%s needs a whole number from %.0f to %.0f, not `%s`",
			spec->name[1] ? "--" : "-", spec->name, spec->least, spec->most, word);
	*(unsigned *)((char *)parse->options + spec->offset) = (unsigned)number;
	return 0;
}

static int read_seconds(struct parse *parse, const struct option_spec *spec, const char *word)
{
	double *field = (double *)((char *)parse->options + spec->offset);

	if (!seconds_read(word, field) || *field < spec->least || *field > spec->most)
		return error_set(parse->error,
				 "--%s needs a number of seconds of at least %g, not `%s`",
				 spec->name, spec->least, word);
	return 0;
}

/* K, or ..K, which is the same, for the order is always that of the numbers; or .. for any. */
static int read_preemptions(struct parse *parse, const char *word)
{
	const char *digits = strncmp(word, "..", 2) == 0 ? word + 2 : word;
	uint64_t number = UINT32_MAX;

	if ((*digits || digits == word) && (!number_read(digits, &number) || number >= UINT32_MAX))
		return error_set(parse->error,
				 "--preemptions needs a whole number, or `..` for any, not `%s`",
				 word);
	parse->options->by_preemptions = true;
	parse->options->preemptions = (uint32_t)number;
	return 0;
}

static int read_text(struct parse *parse, const struct option_spec *spec, const char *word)
{
	if (!*word)
		return error_set(parse->error, "--%s needs a name that is not empty", spec->name);
	*(const char **)((char *)parse->options + spec->offset) = word;
	return 0;
}

/* The simplest first: as with a bound on preemptions, but without one. */
static int read_order(struct parse *parse, const char *word)
{
	struct options *options = parse->options;

	if (strcmp(word, "leftmost") == 0)
		return 0;
	if (strcmp(word, "simplest") != 0)
		return error_set(parse->error,
				 "there is no order `%s`; known are `leftmost` and `simplest`",
				 word);
	if (!options->by_preemptions)
		options->preemptions = UINT32_MAX;
	options->by_preemptions = true;
	return 0;
}

/* What it names is looked for later, in the program's files. */
static int read_place(struct parse *parse, const struct option_spec *spec, const char *word)
{
	struct points *points = &parse->options->points;
	bool is_point = spec->kind == OPTION_POINT;

	if (!*word)
		return error_set(parse->error, "--%s needs a name that is not empty", spec->name);
	if (is_point ? points->point_count == SHARED_POINTS_MAX
		     : points->watch_count == SHARED_WATCHES_MAX)
		return error_set(parse->error, "--%s can be given at most %d times", spec->name,
				 is_point ? SHARED_POINTS_MAX : SHARED_WATCHES_MAX);
	if (is_point)
		points->points[points->point_count++] = word;
	else
		points->watches[points->watch_count++] = word;
	return 0;
}

static int read_argument(struct parse *parse, const struct option_spec *spec, const char *word)
{
	if (spec->kind == OPTION_NUMBER && spec->offset == offsetof(struct options, seed))
		parse->seed_given = true;
	switch (spec->kind) {
	case OPTION_FLAG:
		*(bool *)((char *)parse->options + spec->offset) = true;
		return 0;
	case OPTION_NUMBER:
		return read_number(parse, spec, word);
	case OPTION_COUNT:
		return read_count(parse, spec, word);
	case OPTION_SECONDS:
		return read_seconds(parse, spec, word);
	case OPTION_TEXT:
		return read_text(parse, spec, word);
	case OPTION_STRATEGY:
		return read_strategy(parse, word);
	case OPTION_RACES:
		return read_races(parse, word);
	case OPTION_PREEMPTIONS:
		return read_preemptions(parse, word);
	case OPTION_ORDER:
		return read_order(parse, word);
	case OPTION_POINT:
	case OPTION_WATCH:
		return read_place(parse, spec, word);
	}
	return -1;
}

/* The option of `command` whose name is the first `length` letters of `name`, long or short; null
 * where there is none. */
static const struct option_spec *find(enum command command, const char *name, size_t length,
				      bool is_long)
{
	for (size_t i = 0; i < option_count; i++) {
		const struct option_spec *spec = &option_table[i];
		bool spec_is_long = spec->name[1] != 0;

		if ((spec->commands & (1u << command)) && spec_is_long == is_long &&
		    strlen(spec->name) == length && strncmp(spec->name, name, length) == 0)
			return spec;
	}
	return NULL;
}

static int refuse_unknown(struct parse *parse, const char *word, size_t length)
{
	enum command command = parse->options->command;
	const char *best = NULL;
	char name[64];

	snprintf(name, sizeof(name), "%.*s", (int)length - 2, word + 2);
	for (size_t i = 0; i < option_count && word[1] == '-'; i++)
		if ((option_table[i].commands & (1u << command)) && option_table[i].name[1])
			nearest_offer(&best, option_table[i].name, name);
	if (best)
		return error_set(parse->error,
				 "heddle %s has no option `%.*s`; did you mean `--%s`?",
				 command_table[command].name, (int)length, word, best);
	return error_set(parse->error, "heddle %s has no option `%.*s`",
			 command_table[command].name, (int)length, word);
}

static int parse_long(struct parse *parse, const char *word)
{
	const char *equals = strchr(word, '=');
	size_t length = equals ? (size_t)(equals - word) : strlen(word);
	const struct option_spec *spec = find(parse->options->command, word + 2, length - 2, true);
	const char *argument = equals ? equals + 1 : NULL;

	if (!spec)
		return refuse_unknown(parse, word, length);
	if (!spec->argument && equals)
		return error_set(parse->error, "--%s takes no argument", spec->name);
	if (spec->argument && !equals && !(argument = *parse->next++))
		return error_set(parse->error, "--%s needs an argument: --%s %s", spec->name,
				 spec->name, spec->argument);
	return read_argument(parse, spec, argument);
}

/* All short options take an argument, as -j2 or -j 2. */
static int parse_short(struct parse *parse, const char *word)
{
	const struct option_spec *spec = find(parse->options->command, word + 1, 1, false);
	const char *argument = word + 2;

	if (!spec)
		return refuse_unknown(parse, word, strlen(word));
	if (!*argument && !(argument = *parse->next++))
		return error_set(parse->error, "-%s needs an argument: -%s %s", spec->name,
				 spec->name, spec->argument);
	return read_argument(parse, spec, argument);
}

static int parse_options(struct parse *parse)
{
	const char *word;

	for (; (word = *parse->next) && word[0] == '-' && word[1];) {
		parse->next++;
		if (strcmp(word, "--") == 0)
			return 0;
		if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
			parse->options->help = true;
			return 0;
		}
		if ((word[1] == '-' ? parse_long(parse, word) : parse_short(parse, word)) != 0)
			return -1;
	}
	return 0;
}

static int parse_traces(struct parse *parse)
{
	if (parse->next[2])
		return error_set(parse->error, "heddle diff takes two traces; `%s` is too much",
				 parse->next[2]);
	parse->options->trace = parse->next[0];
	parse->options->other_trace = parse->next[1];
	return 0;
}

static int parse_operands(struct parse *parse)
{
	enum command command = parse->options->command;
	bool wants_trace =
		command == COMMAND_REPLAY || command == COMMAND_SHOW || command == COMMAND_DIFF;

	if (!parse->next[0])
		return error_set(parse->error, "heddle %s needs %s", command_table[command].name,
				 wants_trace ? "the name of a trace" : "a program to run");
	if (!wants_trace) {
		parse->options->program = parse->next;
		return 0;
	}
	if (command == COMMAND_DIFF && parse->next[1] && strcmp(parse->next[1], "--help") != 0)
		return parse_traces(parse);
	if (command == COMMAND_DIFF && !parse->next[1])
		return error_set(parse->error, "heddle diff needs the names of two traces");
	if (parse->next[1] && strcmp(parse->next[1], "--help") == 0) {
		parse->options->help = true;
		return 0;
	}
	if (parse->next[1])
		return error_set(parse->error, "heddle %s takes one trace; `%s` is too much",
				 command_table[command].name, parse->next[1]);
	parse->options->trace = parse->next[0];
	return 0;
}

int options_parse(struct options *options, enum command command, char **words, struct error *error)
{
	struct parse parse = {.options = options, .next = words, .error = error};

	*options = (struct options){.command = command,
				    .seed = 1,
				    .stuck_s = 10,
				    .runs = 1000,
				    .hang_s = 10,
				    .out_dir = ".",
				    .memory_mb = MEMORY_MAX_MB,
				    .spurious = UINT32_MAX,
				    .timeouts = OPTIONS_TIMEOUTS};
	if (parse_options(&parse) != 0)
		return -1;
	if (!options->strategy_given)
		options->strategy = parse.seed_given ? STRATEGY_RANDOM : STRATEGY_DPOR;
	if (option_checks(options, error) != 0)
		return -1;
	return options->help ? 0 : parse_operands(&parse);
}
