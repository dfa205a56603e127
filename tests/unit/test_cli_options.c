/* The option table and its parser, the numbers, the nearest words, the quoting, and what is made of
 * the table. */
#include "cli/help.h"
#include "cli/nearest.h"
#include "cli/numbers.h"
#include "cli/options.h"
#include "cli/quote.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What was parsed lives on in the options. */
#define PARSE(command, ...) parse(command, (char *[]){__VA_ARGS__ __VA_OPT__(, ) NULL})

static struct options options;
static struct error error;

static int parse(enum command command, char **words)
{
	static char *kept[32];
	size_t count = 0;

	for (; words[count]; count++)
		kept[count] = words[count];
	kept[count] = NULL;
	return options_parse(&options, command, kept, &error);
}

static void expect_text(const char *got, const char *wanted)
{
	cr_expect_str_eq(got, wanted, "got `%s`, wanted `%s`", got, wanted);
}

Test(cli_options, defaults)
{
	cr_assert_eq(PARSE(COMMAND_EXPLORE, "./prog", "-x", "--seed"), 0);
	cr_expect_eq(options.seed, 1);
	cr_expect_eq(options.strategy, STRATEGY_DPOR);
	cr_expect_eq(options.executions_max, 0);
	cr_expect_eq(options.workers, 0);
	cr_expect_eq(options.stuck_s, 10);
	expect_text(options.out_dir, ".");
	expect_text(options.program[0], "./prog");
	expect_text(options.program[2], "--seed");
}

Test(cli_options, all_of_explore)
{
	cr_assert_eq(PARSE(COMMAND_EXPLORE, "--strategy", "dfs", "--executions=12", "--time", "0.5",
			   "-j3", "--keep-going", "--out", "d", "--json", "--fork", "--stuck=2",
			   "--seed", "0xff", "--wait-for-threads", "--", "-prog"),
		     0);
	cr_expect_eq(options.strategy, STRATEGY_DFS);
	cr_expect_eq(options.executions_max, 12);
	cr_expect_eq(options.time_s, 0.5);
	cr_expect_eq(options.workers, 3);
	cr_expect(options.keep_going && options.json && options.fork_only);
	cr_expect(options.wait_for_threads);
	expect_text(options.out_dir, "d");
	cr_expect_eq(options.stuck_s, 2);
	cr_expect_eq(options.seed, 255);
	expect_text(options.program[0], "-prog");
}

/* A seed is for what is random. */
Test(cli_options, a_seed_makes_it_random)
{
	cr_assert_eq(PARSE(COMMAND_EXPLORE, "--seed", "1", "p"), 0);
	cr_expect_eq(options.strategy, STRATEGY_RANDOM);
	cr_assert_eq(PARSE(COMMAND_EXPLORE, "--seed", "1", "--strategy", "dpor", "p"), 0);
	cr_expect_eq(options.strategy, STRATEGY_DPOR);
}

Test(cli_options, order)
{
	cr_assert_eq(PARSE(COMMAND_EXPLORE, "--order", "simplest", "p"), 0);
	cr_expect(options.by_preemptions && options.preemptions == UINT32_MAX);
	cr_assert_eq(PARSE(COMMAND_EXPLORE, "--order", "leftmost", "--depth", "9", "p"), 0);
	cr_expect(!options.by_preemptions && options.depth_max == 9);
	cr_expect_neq(PARSE(COMMAND_EXPLORE, "--order", "best", "p"), 0);
	expect_text(error.text, "there is no order `best`; known are `leftmost` and `simplest`");
}

Test(cli_options, short_option_with_its_argument_apart)
{
	cr_assert_eq(PARSE(COMMAND_EXPLORE, "-j", "64", "p"), 0);
	cr_expect_eq(options.workers, 64);
}

Test(cli_options, an_option_of_another_command_is_unknown)
{
	cr_expect_neq(PARSE(COMMAND_RUN, "--executions", "5", "p"), 0);
	expect_text(error.text, "heddle run has no option `--executions`");
}

Test(cli_options, suggests_the_nearest)
{
	cr_expect_neq(PARSE(COMMAND_EXPLORE, "--sed", "5", "p"), 0);
	expect_text(error.text, "heddle explore has no option `--sed`; did you mean `--seed`?");
	cr_expect_neq(PARSE(COMMAND_EXPLORE, "--exec=5", "p"), 0);
	expect_text(error.text,
		    "heddle explore has no option `--exec`; did you mean `--executions`?");
	cr_expect_neq(PARSE(COMMAND_EXPLORE, "-q", "p"), 0);
	expect_text(error.text, "heddle explore has no option `-q`");
	cr_expect_neq(PARSE(COMMAND_EXPLORE, "--j", "2", "p"), 0);
}

Test(cli_options, refuses_bad_values)
{
	cr_expect_neq(PARSE(COMMAND_RUN, "--seed", "-1", "p"), 0);
	expect_text(error.text, "--seed needs a whole number, not `-1`");
	cr_expect_neq(PARSE(COMMAND_EXPLORE, "--executions", "0", "p"), 0);
	expect_text(error.text, "--executions needs a number of at least 1, not `0`");
	cr_expect_neq(PARSE(COMMAND_EXPLORE, "-j", "65", "p"), 0);
	expect_text(error.text, "-j needs a whole number from 1 to 64, not `65`");
	cr_expect_neq(PARSE(COMMAND_EXPLORE, "--time", "inf", "p"), 0);
	cr_expect_neq(PARSE(COMMAND_EXPLORE, "--time", "0", "p"), 0);
	cr_expect_neq(PARSE(COMMAND_EXPLORE, "--strategy", "best", "p"), 0);
	expect_text(error.text,
		    "there is no strategy `best`; known are `random`, `dfs` and `dpor`");
	cr_expect_neq(PARSE(COMMAND_EXPLORE, "--json=yes", "p"), 0);
	expect_text(error.text, "--json takes no argument");
	cr_expect_neq(PARSE(COMMAND_EXPLORE, "--out", "", "p"), 0);
	cr_expect_neq(PARSE(COMMAND_EXPLORE, "--seed"), 0);
	expect_text(error.text, "--seed needs an argument: --seed N");
	cr_expect_neq(PARSE(COMMAND_EXPLORE, "-j"), 0);
	expect_text(error.text, "-j needs an argument: -j N");
}

/* A bound with dots before it is the same: the order is always that of the numbers. */
Test(cli_options, preemptions)
{
	cr_assert_eq(PARSE(COMMAND_EXPLORE, "--preemptions", "2", "p"), 0);
	cr_expect(options.by_preemptions && options.count_preemptions);
	cr_expect_eq(options.preemptions, 2);
	cr_expect_eq(options.strategy, STRATEGY_DPOR);
	cr_assert_eq(PARSE(COMMAND_EXPLORE, "--preemptions", "..3", "--strategy", "dpor", "p"), 0);
	cr_expect_eq(options.preemptions, 3);
	cr_assert_eq(PARSE(COMMAND_EXPLORE, "--preemptions=..", "p"), 0);
	cr_expect(options.by_preemptions);
	cr_expect_eq(options.preemptions, UINT32_MAX);
	cr_assert_eq(PARSE(COMMAND_EXPLORE, "--count-preemptions", "p"), 0);
	cr_expect(!options.by_preemptions && options.count_preemptions);
	cr_expect_eq(options.strategy, STRATEGY_DPOR);
	cr_expect_neq(PARSE(COMMAND_EXPLORE, "--preemptions", "2..", "p"), 0);
	expect_text(error.text, "--preemptions needs a whole number, or `..` for any, not `2..`");
	cr_expect_neq(PARSE(COMMAND_EXPLORE, "--preemptions", "", "p"), 0);
	cr_expect_neq(PARSE(COMMAND_EXPLORE, "--preemptions", "4294967295", "p"), 0);
	cr_expect_neq(PARSE(COMMAND_EXPLORE, "--preemptions", "1", "--strategy", "dfs", "p"), 0);
	expect_text(error.text, "--preemptions needs the strategy `dpor`, not `dfs`");
	cr_expect_neq(PARSE(COMMAND_EXPLORE, "--strategy", "random", "--count-preemptions", "p"),
		      0);
	expect_text(error.text, "--count-preemptions needs the strategy `dpor`, not `random`");
	cr_expect_neq(PARSE(COMMAND_EXPLORE, "--preemptions", "1", "--resume", "f", "p"), 0);
	expect_text(error.text, "a search with --preemptions cannot be kept with --resume");
}

Test(cli_options, operands)
{
	cr_expect_neq(PARSE(COMMAND_RUN), 0);
	expect_text(error.text, "heddle run needs a program to run");
	cr_expect_neq(PARSE(COMMAND_SHOW), 0);
	expect_text(error.text, "heddle show needs the name of a trace");
	cr_expect_neq(PARSE(COMMAND_REPLAY, "a.trace", "b"), 0);
	expect_text(error.text, "heddle replay takes one trace; `b` is too much");
	cr_expect_eq(PARSE(COMMAND_REPLAY, "a.trace"), 0);
	expect_text(options.trace, "a.trace");
}

Test(cli_options, help_wins_over_what_follows)
{
	cr_expect_eq(PARSE(COMMAND_RUN, "--help", "--nonsense"), 0);
	cr_expect(options.help);
}

Test(cli_options, commands)
{
	enum command command;

	cr_expect_eq(command_find("explore", &command, &error), 0);
	cr_expect_eq(command, COMMAND_EXPLORE);
	cr_expect_neq(command_find("exlpore", &command, &error), 0);
	expect_text(error.text, "there is no command `exlpore`; did you mean `explore`?");
	cr_expect_neq(command_find("./counter", &command, &error), 0);
	expect_text(error.text, "there is no command `./counter`");
}

Test(cli_numbers, whole_words_only)
{
	uint64_t number;
	double seconds;

	cr_expect(number_read("9223372036854775807", &number) && number == INT64_MAX);
	cr_expect(number_read("0x10", &number) && number == 16);
	cr_expect(!number_read("9223372036854775808", &number));
	cr_expect(!number_read("", &number));
	cr_expect(!number_read("5x", &number));
	cr_expect(!number_read(" 5", &number));
	cr_expect(!number_read("0x", &number));
	cr_expect(!number_read("0x-5", &number));
	cr_expect(seconds_read("1.25", &seconds) && seconds == 1.25);
	cr_expect(!seconds_read(".", &seconds));
	cr_expect(!seconds_read("1e5", &seconds));
	cr_expect(!seconds_read("1.2.3", &seconds));
	cr_expect(!seconds_read("nan", &seconds));
}

Test(cli_nearest, distances)
{
	cr_expect_eq(nearest_distance("kitten", "sitting"), 3);
	cr_expect_eq(nearest_distance("", "abc"), 3);
	cr_expect_eq(nearest_distance("abc", "abc"), 0);
}

static void expect_quoted(char *const *words, const char *wanted)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	quote_words(out, words);
	fclose(out);
	expect_text(text, wanted);
	free(text);
}

Test(cli_quote, as_a_shell_reads_it)
{
	expect_quoted((char *[]){"./a", "b c", "", "it's", "$x", NULL},
		      " ./a 'b c' '' 'it'\\''s' '$x'");
	expect_quoted((char *[]){"-a", "b", NULL}, " -- -a b");
}

static char *printed(void (*print)(FILE *))
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	print(out);
	fclose(out);
	return text;
}

static void print_explore(FILE *out)
{
	help_print_command(out, COMMAND_EXPLORE);
}

Test(cli_help, names_every_option_and_keeps_to_the_width)
{
	char *help = printed(print_explore), *manual = printed(help_print_manual);

	for (size_t i = 0; i < option_count; i++) {
		if (!(option_table[i].commands & (1u << COMMAND_EXPLORE)))
			continue;
		cr_expect(strstr(help, option_table[i].name), "%s", option_table[i].name);
	}
	for (const char *line = help; *line; line += strcspn(line, "\n") + 1)
		cr_expect(strcspn(line, "\n") <= 80, "%.90s", line);
	cr_expect(strstr(manual, ".SH EXIT STATUS"));
	cr_expect(strstr(manual, "\\-\\-keep\\-going"));
	free(help);
	free(manual);
}

Test(cli_options, places)
{
	cr_assert_eq(PARSE(COMMAND_RUN, "--point", "a", "--watch=x:4", "--point=b.c:7", "prog"), 0);
	cr_expect_eq(options.points.point_count, 2);
	cr_expect_eq(options.points.watch_count, 1);
	expect_text(options.points.points[1], "b.c:7");
	expect_text(options.points.watches[0], "x:4");
	cr_expect_eq(options.seed, 1);
	cr_expect_eq(PARSE(COMMAND_RUN, "--point=", "prog"), -1);
	cr_expect_eq(PARSE(COMMAND_EXPLORE, "--watch=a", "--watch=b", "--watch=c", "--watch=d",
			   "--watch=e", "prog"),
		     -1);
	expect_text(error.text, "--watch can be given at most 4 times");
	cr_expect_eq(PARSE(COMMAND_REPLAY, "--point=a", "t.trace"), -1);
}
