/*
 * options.c - the table of commands and options, and the parser that follows it.
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

#include <stdio.h>
#include <string.h>

#define IN_RUN	   (1u << COMMAND_RUN)
#define IN_REPLAY  (1u << COMMAND_REPLAY)
#define IN_EXPLORE (1u << COMMAND_EXPLORE)
#define IN_NATIVE  (1u << COMMAND_NATIVE)

#define FIELD(name)   offsetof(struct options, name)
#define DAYS_10_YEARS 3.2e8
#define WAKEUPS_MAX   1000000

const struct option_spec option_table[] = {
	{"seed", "N", "the seed of all random decisions (default 1)",
	 IN_RUN | IN_EXPLORE | IN_NATIVE, OPTION_NUMBER, FIELD(seed), 0, 0},
	{"trace", "FILE", "write what happened to FILE, for `heddle show` and `heddle replay`",
	 IN_RUN, OPTION_TEXT, FIELD(trace), 0, 0},
	{"strategy", "NAME",
	 "how schedules are chosen: `dpor` (the default), one of each class of equivalent ones; "
	 "`dfs`, every one of them; `random` (the default where --seed is given)",
	 IN_EXPLORE, OPTION_STRATEGY, FIELD(strategy), 0, 0},
	{"preemptions", "K",
	 "with `dpor`: execute the classes that have a schedule with at most K preemptions (a "
	 "switch "
	 "away from a thread that could go on), those that need fewer first, and count them; `..` "
	 "is no bound",
	 IN_EXPLORE, OPTION_PREEMPTIONS, FIELD(preemptions), 0, 0},
	{"order", "NAME",
	 "with `dpor`: `leftmost` (the default), which needs the least memory; `simplest`, those "
	 "that need the fewest preemptions first, as `--preemptions ..`",
	 IN_EXPLORE, OPTION_ORDER, 0, 0, 0},
	{"depth", "N",
	 "give an execution up after N events (`dpor`) or choices (`dfs`); the search is "
	 "incomplete "
	 "then",
	 IN_EXPLORE, OPTION_NUMBER, FIELD(depth_max), 1, 0},
	{"memory", "MB",
	 "with `dpor`: keep what is planned in at most MB megabytes (default 512); where that "
	 "needs "
	 "more, the search goes on and misses nothing, but executions may turn out to repeat "
	 "others",
	 IN_EXPLORE, OPTION_COUNT, FIELD(memory_mb), 1, MEMORY_MAX_MB},
	{"count-preemptions", NULL,
	 "with `dpor`: count how many preemptions the classes need, without a bound and in any "
	 "order",
	 IN_EXPLORE, OPTION_FLAG, FIELD(count_preemptions), 0, 0},
	{"executions", "N",
	 "stop after N executions (default for random: 10000 where --time is not given)",
	 IN_EXPLORE, OPTION_NUMBER, FIELD(executions_max), 1, 0},
	{"time", "SECONDS", "stop after SECONDS", IN_EXPLORE | IN_NATIVE, OPTION_SECONDS,
	 FIELD(time_s), 0.001, DAYS_10_YEARS},
	{"runs", "N", "run the program N times (default 1000)", IN_NATIVE, OPTION_NUMBER,
	 FIELD(runs), 1, 0},
	{"hang", "SECONDS",
	 "end a run that takes longer, and count it as one that hangs (default 10)", IN_NATIVE,
	 OPTION_SECONDS, FIELD(hang_s), 0.01, DAYS_10_YEARS},
	{"explore", NULL,
	 "explore the program before, as `heddle explore --keep-going` does, and compare: what the "
	 "machine shows, and what is possible",
	 IN_NATIVE, OPTION_FLAG, FIELD(search), 0, 0},
	{"j", "N", "use N workers (default: one for each processor)", IN_EXPLORE, OPTION_COUNT,
	 FIELD(workers), 1, SHARED_WORKERS_MAX},
	{"keep-going", NULL, "go on after the first failure; each distinct one is reported once",
	 IN_EXPLORE, OPTION_FLAG, FIELD(keep_going), 0, 0},
	{"out", "DIR", "write the traces of failures into DIR (default: the current folder)",
	 IN_EXPLORE | IN_NATIVE, OPTION_TEXT, FIELD(out_dir), 0, 0},
	{"json", NULL,
	 "print the result as one JSON object on standard output, and all else on standard error",
	 IN_EXPLORE, OPTION_FLAG, FIELD(json), 0, 0},
	{"resume", "FILE",
	 "keep the state of the search in FILE, and go on with the search that is there: also "
	 "after "
	 "it was killed",
	 IN_EXPLORE, OPTION_TEXT, FIELD(resume), 0, 0},
	{"fork", NULL,
	 "run each execution in a forked child, never from a snapshot: slower, and right for every "
	 "program",
	 IN_EXPLORE, OPTION_FLAG, FIELD(fork_only), 0, 0},
	{"wait-for-threads", NULL,
	 "when main() returns, do not end the process but let the other threads finish first, as "
	 "if main() had called pthread_exit(); the exit status stays main()'s",
	 IN_RUN | IN_EXPLORE, OPTION_FLAG, FIELD(wait_for_threads), 0, 0},
	{"list", NULL,
	 "with `dfs`, for a program of a few interleavings: print all of them, side by side",
	 IN_EXPLORE, OPTION_FLAG, FIELD(list), 0, 0},
	{"output-order", NULL,
	 "take each piece of output (`printf`, `write` and their like) for an event, so that a "
	 "search tells apart, and tries, the orders of what is written to the same file",
	 IN_RUN | IN_EXPLORE, OPTION_FLAG, FIELD(output_order), 0, 0},
	{"spurious", "N",
	 "let at most N waits on condition variables of an execution end without a signal, as "
	 "POSIX "
	 "allows (default: 1 in a search, 0 for `run` and with --preemptions)",
	 IN_RUN | IN_EXPLORE, OPTION_COUNT, FIELD(spurious), 0, WAKEUPS_MAX},
	{"timeouts", "N",
	 "with `dpor` and `dfs`: let each thread time out at most N times in an execution (default "
	 "2); the search is incomplete where one could do so more often",
	 IN_EXPLORE, OPTION_COUNT, FIELD(timeouts), 0, WAKEUPS_MAX},
	{"watch", "VARIABLE",
	 "take each access to VARIABLE (or LIBRARY:VARIABLE, or ADDRESS:SIZE) for an event, also "
	 "in "
	 "code that was not instrumented; may be given for four times 8 bytes together",
	 IN_RUN | IN_EXPLORE, OPTION_WATCH, 0, 0, 0},
	{"point", "PLACE",
	 "let other threads go before the instruction at PLACE: FUNCTION or FUNCTION+OFFSET, "
	 "FILE:LINE, an address, or one of these in a shared library, LIBRARY:PLACE; may be given "
	 "several times",
	 IN_RUN | IN_EXPLORE, OPTION_POINT, 0, 0, 0},
	{"races", "WHAT",
	 "what to do about a data race: `report` it and go on (the default); `stop` there, as at a "
	 "failure; `off`, do not look for any",
	 IN_RUN | IN_REPLAY | IN_EXPLORE, OPTION_RACES, FIELD(races), 0, 0},
	{"stuck", "SECONDS",
	 "take a program for stuck that uses SECONDS of processor time without reaching a call or "
	 "an "
	 "access that heddle controls (default 10)",
	 IN_RUN | IN_REPLAY | IN_EXPLORE, OPTION_SECONDS, FIELD(stuck_s), 0.01, DAYS_10_YEARS},
};

const size_t option_count = sizeof(option_table) / sizeof(option_table[0]);

const struct command_spec command_table[COMMAND_COUNT] = {
	[COMMAND_RUN] = {"run", "PROG [ARGS...]", "run a program once, under a seed",
			 "Runs PROG once. The order in which its threads go is decided by the seed "
			 "alone: the same seed gives the same run. The program keeps its standard "
			 "input, output and error.\n\n"
			 "When it fails (an assertion, a fatal signal, a deadlock, an exit status "
			 "other than 0), says how and where each thread is, and ends with status "
			 "1. So does a data race, which is told at the end."},
	[COMMAND_REPLAY] =
		{"replay", "TRACE", "run a program again exactly as a trace says",
		 "Starts the program that TRACE names, with the arguments it names, and "
		 "makes its threads go in the order it records. Prints the verdict again "
		 "and ends with status 1 where the trace ended in a failure and it came "
		 "back, and with 0 where it passed.\n\n"
		 "When the program does anything else than the trace says, prints the first "
		 "difference and ends with status 4."},
	[COMMAND_EXPLORE] =
		{"explore", "PROG [ARGS...]", "run a program under many schedules",
		 "Runs PROG many times under different schedules, on all processors, and "
		 "stops at the first failure unless told to go on. Prints how many "
		 "executions there were, whether they were all that exist, and each "
		 "distinct failure with the command that replays it, and each data race, "
		 "which does not stop the search. The program's "
		 "standard input is empty; its output is shown for the failure "
		 "reported.\n\n"
		 "`random` makes each choice at random: execution I under seed S is the "
		 "same whatever -j is. `dfs` makes every sequence of choices once; unless "
		 "a limit is hit, it ends when there is no other left. `dpor` makes one "
		 "sequence of each class of those that differ only in the order of independent "
		 "events."},
	[COMMAND_SHOW] =
		{"show", "TRACE", "print a trace as a table",
		 "Prints TRACE with one column for each thread and one line for each event: "
		 "what was done, to which object, with which value, at which line of which "
		 "file."},
	[COMMAND_NATIVE] =
		{"native", "PROG [ARGS...]", "run a program freely, many times",
		 "Runs PROG many times without any control, on the real processors: its threads "
		 "start together, on different processors, with small random delays. Counts the "
		 "outcomes that it tells of (heddle_outcome), and assertions, crashes, exit "
		 "statuses and hangs. Its input is empty and its output is dropped.\n\n"
		 "With --explore a search comes first, and both stand side by side. What the "
		 "machine shows, and a complete search has called impossible, is said loudly: "
		 "weak memory, or an error of heddle's.\n\n"
		 "Ends with status 1 where a run failed, or had an outcome that the program "
		 "forbids."},
};

const char *const status_table[STATUS_COUNT] = {
	[STATUS_OK] = "no failure, and what was asked for was done",
	[STATUS_FAILURE] = "a failure or a data race was found",
	[STATUS_USAGE] = "wrong usage",
	[STATUS_UNABLE] = "the program could not be run, or a file could not be read or written",
	[STATUS_DIVERGED] = "a replay went another way than its trace",
	[STATUS_INCOMPLETE] = "no failure, but the search is incomplete",
};

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
	if (spec->kind == OPTION_NUMBER && spec->offset == FIELD(seed))
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

static int parse_operands(struct parse *parse)
{
	enum command command = parse->options->command;
	bool wants_trace = command == COMMAND_REPLAY || command == COMMAND_SHOW;

	if (!parse->next[0])
		return error_set(parse->error, "heddle %s needs %s", command_table[command].name,
				 wants_trace ? "the name of a trace" : "a program to run");
	if (!wants_trace) {
		parse->options->program = parse->next;
		return 0;
	}
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
	if (options_check(options, error) != 0)
		return -1;
	return options->help ? 0 : parse_operands(&parse);
}
