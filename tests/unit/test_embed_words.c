/* What heddle_explore() is given arrives as the options of the command. */
#include "cli/options.h"
#include "embed/words.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct words words;

static struct options arrived(const heddle_options_t *given)
{
	struct options options;
	struct error error;

	words_explore(&words, "/there/heddle", given);
	cr_assert_str_eq(words.list[0], "/there/heddle");
	cr_assert_str_eq(words.list[1], "explore");
	cr_assert(options_parse(&options, COMMAND_EXPLORE, words.list + 2, &error) == 0, "%s",
		  error.text);
	return options;
}

static void clear(void)
{
	words_free(&words);
}

TestSuite(embed_words, .fini = clear);

Test(embed_words, nothing_is_the_default)
{
	static const heddle_options_t none;
	char *plain[] = {(char *)"program", NULL};
	struct options expected, got;
	struct error error;

	cr_assert(options_parse(&expected, COMMAND_EXPLORE, plain, &error) == 0);
	for (int i = 0; i < 2; i++) {
		got = arrived(i ? &none : NULL);
		got.program = expected.program;
		cr_expect(got.strategy == expected.strategy && got.seed == expected.seed);
		cr_expect(got.executions_max == 0 && got.time_s == 0 && got.workers == 0);
		cr_expect(!got.by_preemptions && !got.keep_going && !got.wait_for_threads);
		cr_expect(got.spurious == expected.spurious && got.timeouts == expected.timeouts);
		cr_expect(got.races == expected.races);
		cr_expect_str_eq(got.out_dir, expected.out_dir);
		words_free(&words);
	}
	arrived(NULL);
}

Test(embed_words, each_field_arrives)
{
	static const char *const more[] = {"--memory", "64", NULL};
	const heddle_options_t given = {.strategy = "dfs",
					.executions = 123456789012ull,
					.seconds = 2.5,
					.spurious = HEDDLE_NONE,
					.timeouts = 3,
					.races = HEDDLE_RACES_OFF,
					.workers = 4,
					.keep_going = 1,
					.wait_for_threads = 1,
					.out = "a folder",
					.more = more};
	struct options options = arrived(&given);

	cr_expect(options.strategy == STRATEGY_DFS && options.executions_max == 123456789012ull);
	cr_expect(options.time_s == 2.5 && options.spurious == 0 && options.timeouts == 3);
	cr_expect(options.races == RACES_OFF && options.workers == 4);
	cr_expect(options.keep_going && options.wait_for_threads && options.memory_mb == 64);
	cr_expect_str_eq(options.out_dir, "a folder");
}

Test(embed_words, preemptions)
{
	struct options options = arrived(&(heddle_options_t){.preemptions = 2});

	cr_expect(options.by_preemptions && options.preemptions == 2);
	words_free(&words);
	options = arrived(&(heddle_options_t){.preemptions = HEDDLE_NONE});
	cr_expect(options.by_preemptions && options.preemptions == 0);
}

Test(embed_words, a_seed_asks_for_a_random_search)
{
	struct options options = arrived(&(heddle_options_t){.seed = 7});

	cr_expect(options.strategy == STRATEGY_RANDOM && options.seed == 7);
	words_free(&words);
	options = arrived(&(heddle_options_t){.races = HEDDLE_RACES_STOP});
	cr_expect(options.races == RACES_STOP && options.strategy == STRATEGY_DPOR);
}

Test(embed_words, environment_comes_last)
{
	struct options options;

	setenv("HEDDLE_OPTIONS", " --seed 3\t-j 1  ", 1);
	options = arrived(&(heddle_options_t){.seed = 7, .workers = 2});
	cr_expect(options.seed == 3 && options.workers == 1);
	unsetenv("HEDDLE_OPTIONS");
}

Test(embed_words, the_program_is_this_one)
{
	static const char *const arguments[] = {"--filter", "a suite/b", NULL};
	struct options options = arrived(&(heddle_options_t){.arguments = arguments});
	char path[4096];
	ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);

	cr_assert(length > 0);
	path[length] = '\0';
	cr_expect(access(options.program[0], X_OK) == 0);
	cr_expect_str_eq(strrchr(options.program[0], '/'), strrchr(path, '/'));
	cr_expect_str_eq(options.program[1], "--filter");
	cr_expect_str_eq(options.program[2], "a suite/b");
	cr_expect_null(options.program[3]);
	words_free(&words);
	words_replay(&words, "heddle", "x y.trace");
	cr_expect(words.count == 3 && !strcmp(words.list[1], "replay") &&
		  !strcmp(words.list[2], "x y.trace"));
}
