/* Futexes through syscall(), and what C++20 builds on them: the kernel's results, every outcome in
 * every kind of search, and no waiter taken for lost that somebody can still wake. */
#include "system/child.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void programs_build(void)
{
	struct child child;

	folder_make();
	child = child_run(
		"cd tests/system/programs && "
		"\"$B/heddle-cc\" -g -O1 -D_GNU_SOURCE -pthread -o \"$T/futexes\" "
		"futexes.c && "
		"\"$B/heddle-c++\" -std=c++20 -g -O1 -pthread -o \"$T/cxx\" futexes.cc && "
		"g++ -std=c++20 -g -O1 -pthread -o \"$T/plain\" futexes.cc");
	cr_assert(child.status == 0, "%s", child.err);
	child_free(&child);
}

TestSuite(futexes, .init = programs_build, .fini = folder_remove);

static void same_output(const char *natively, const char *controlled)
{
	struct child child =
		child_run("cd \"$T\" && ./futexes %s >native && \"$B/heddle\" run ./futexes %s "
			  ">controlled && cat native && diff native controlled",
			  natively, controlled);

	cr_expect(child.status == 0 && strlen(child.out) > 100, "%s%s", child.out, child.err);
	child_free(&child);
}

Test(futexes, results_are_the_kernels)
{
	same_output("errors", "errors");
}

Test(futexes, an_hour_is_as_long_as_a_moment)
{
	same_output("timeouts 20000000", "timeouts 3600000000000");
}

/* The same number for the same seed. */
Test(futexes, random_numbers_come_from_the_seed)
{
	struct child child =
		child_run("cd \"$T\" && for s in 1 1 2; do \"$B/heddle\" run --seed $s "
			  "./futexes random; done | uniq | wc -l");

	cr_expect(child.status == 0 && atoi(child.out) == 2, "%s%s", child.out, child.err);
	child_free(&child);
}

/* ---- all outcomes */

static json_t *explore(const char *strategy, const char *command)
{
	struct child child = child_run("cd \"$T\" && \"$B/heddle\" explore %s --keep-going --json "
				       "./%s",
				       strategy, command);
	json_t *result = child_json(child.out);

	cr_assert(result, "%s: %s", command, child.err);
	child_free(&child);
	return result;
}

static bool is_complete(const json_t *result)
{
	return json_is_true(json_object_get(result, "complete"));
}

/* By exit status. */
static void outcomes_of(const json_t *result, bool outcomes[256])
{
	const json_t *failures = json_object_get(result, "failures"), *failure;
	size_t i;

	memset(outcomes, 0, 256 * sizeof(*outcomes));
	json_array_foreach((json_t *)failures, i, failure)
	{
		const char *message = json_string_value(json_object_get(failure, "message"));
		int status;

		cr_assert(message &&
				  sscanf(message, "the program ended with status %d", &status) == 1,
			  "%s", message);
		outcomes[status & 255] = true;
	}
}

static const struct {
	const char *calls;
	int outcomes;
	long classes; /* one execution of each: with fewer some would be missed */
	bool chosen;  /* the lowest waiter was taken: that is told */
} scripts[] = {
	{"aa w1", 3, 27, false},       {"aa w1 w1", 10, 108, false},
	{"aaa w1", 4, 108, false},     {"aaa w2", 11, 240, false},
	{"aaa w9", 19, 256, false},    {"aA b1", 2, 18, false},
	{"aA b1 w1", 9, 86, false},    {"aAa w1 b9", 26, 1281, true},
	{"aa r09 v1", 6, 27, false},   {"aa r19 v1", 7, 38, true},
	{"ab o11", 7, 38, false},      {"aab r09 w1 v1", 18, 616, false},
	{"aa c19 s1 v9", 7, 51, true}, {"aa w1 r09 v1", 11, 136, true},
	{"aa s1 w1", 3, 27, false},
};

static void script_check(size_t index, const char *strategy, bool is_reduced)
{
	bool outcomes[256];
	char command[64];
	json_t *result;
	int count = 0;

	snprintf(command, sizeof(command), "futexes script %s", scripts[index].calls);
	result = explore(strategy, command);
	outcomes_of(result, outcomes);
	for (int i = 0; i < 256; i++)
		count += outcomes[i];
	cr_expect(count == scripts[index].outcomes, "%s, %s: %d outcomes", command, strategy,
		  count);
	cr_expect(is_complete(result) != scripts[index].chosen, "%s, %s", command, strategy);
	cr_expect(json_integer_value(json_object_get(result, "redundant")) == 0);
	cr_expect(!is_reduced || json_integer_value(json_object_get(result, "executions")) ==
					 scripts[index].classes,
		  "%s: %lld classes", command,
		  json_integer_value(json_object_get(result, "executions")));
	json_decref(result);
}

Test(futexes, every_outcome_of_every_class)
{
	for (size_t i = 0; i < sizeof(scripts) / sizeof(*scripts); i++)
		script_check(i, "--strategy dpor", true);
}

Test(futexes, every_outcome_of_every_interleaving)
{
	for (size_t i = 0; i < sizeof(scripts) / sizeof(*scripts); i++)
		script_check(i, "--strategy dfs", false);
}

Test(futexes, writes_are_events_where_their_order_counts)
{
	json_t *with = explore("--strategy dpor --output-order", "futexes writes");
	json_t *without = explore("--strategy dpor", "futexes writes");

	cr_expect(json_integer_value(json_object_get(with, "executions")) == 2);
	cr_expect(json_integer_value(json_object_get(without, "executions")) == 1);
	json_decref(with);
	json_decref(without);
}

/* As many classes as dpor executes, in another order. */
Test(futexes, every_class_by_preemptions)
{
	static const char *const commands[] = {"script aa w1 w1", "script aaa w2", "requeue 1",
					       "script aab r09 w1 v1"};

	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
		char command[64];
		json_t *simplest, *dpor;

		snprintf(command, sizeof(command), "futexes %s", commands[i]);
		simplest = explore("--preemptions ..", command);
		dpor = explore("--strategy dpor", command);
		cr_expect(is_complete(simplest) && is_complete(dpor), "%s", command);
		cr_expect(json_equal(json_object_get(simplest, "executions"),
				     json_object_get(dpor, "executions")),
			  "%s", command);
		json_decref(simplest);
		json_decref(dpor);
	}
}

/* What happens without heddle is one of the outcomes that it finds. */
Test(futexes, natively_it_is_one_of_them)
{
	bool outcomes[256];
	json_t *result = explore("--strategy dpor", "futexes script aaa w2");

	outcomes_of(result, outcomes);
	for (int i = 0; i < 20; i++) {
		struct child child = child_run("\"$T/futexes\" script aaa w2");

		/* 0: nobody had come yet, which is no failure. */
		cr_expect(!child.status || outcomes[child.status], "%d", child.status);
		child_free(&child);
	}
	json_decref(result);
}

/* ---- verdicts */

static void check(const char *strategy, const char *command, const char *failure)
{
	json_t *result = explore(strategy, command);
	const json_t *failures = json_object_get(result, "failures");
	const char *kind = json_string_value(json_object_get(json_array_get(failures, 0), "kind"));

	cr_expect(is_complete(result), "%s %s: incomplete", command, strategy);
	cr_expect(json_array_size(failures) == (failure ? 1 : 0), "%s %s: %zu failures", command,
		  strategy, json_array_size(failures));
	cr_expect(!failure || (kind && !strcmp(kind, failure)), "%s: %s", command, kind);
	cr_expect(json_array_size(json_object_get(result, "races")) == 0, "%s: races", command);
	json_decref(result);
}

Test(futexes, a_wake_that_comes_too_early)
{
	check("--strategy dfs", "futexes early", "deadlock");
	check("--strategy dpor", "futexes early", "deadlock");
	check("--strategy dfs", "futexes late", NULL);
	check("--strategy dpor", "futexes late", NULL);
}

Test(futexes, waiters_that_are_moved_to_a_lock)
{
	check("--strategy dfs", "futexes requeue 1", NULL);
	check("--strategy dpor", "futexes requeue 2", NULL);
}

Test(futexes, a_deadlock_names_the_word)
{
	struct child child = child_run("cd \"$T\" && \"$B/heddle\" explore -j 1 ./futexes early");

	cr_expect(child.status == 1 &&
			  strstr(child.out, "T1 wait_for_flag  waits to be woken from X1 `words"),
		  "%s%s", child.out, child.err);
	child_free(&child);
}

/* ---- C++ */

static bool has_known_defect(void)
{
	struct child child = child_run("test $(g++ -dumpversion) -le 12");
	bool has = child.status == 0;

	child_free(&child);
	return has;
}

Test(futexes, of_cxx_are_right)
{
	static const char *const right[] = {"latch", "barrier", "one", "all", "proxy"};

	for (size_t i = 0; i < sizeof(right) / sizeof(*right); i++) {
		char command[32];

		snprintf(command, sizeof(command), "cxx %s", right[i]);
		check("--strategy dpor", command, NULL);
	}
	check("--strategy dfs", "cxx one", NULL);
	check("--strategy dpor", "cxx forgotten", "deadlock");
}

/* Up to gcc 12 at least, a semaphore of libstdc++ remembers what it held before it looked whether
 * it could be had, and waits for as long as it is that: for ever, where another thread has taken it
 * and given it back meanwhile (its bug 104928). */
Test(futexes, of_cxx_have_a_defect)
{
	if (!has_known_defect())
		return;
	check("--strategy dpor", "cxx binary", "deadlock");
	check("--strategy dpor", "cxx counting", "deadlock");
}

/* Each way natively, with hooks and without; under heddle twice. */
Test(futexes, of_cxx_run_the_same_twice)
{
	struct child child = child_run(
		"cd \"$T\" && for a in latch barrier one all proxy; do for p in cxx plain; do "
		"./$p $a && for s in 1 2 3; do for t in 1 2; do "
		"\"$B/heddle\" run --seed $s --trace $p$t ./$p $a || exit; done; "
		"cmp ${p}1 ${p}2 || exit; done || exit; done || "
		"exit; "
		"done");

	cr_expect(child.status == 0, "%d %s%s", child.status, child.out, child.err);
	child_free(&child);
}
