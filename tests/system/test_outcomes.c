/* What programs say of their executions, and what a search makes of it. The numbers are worked out
 * in tests/system/programs/outcomes.c or where they stand. */
#include "system/child.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

/* Of its own for each test, since tests run side by side and one kills by the name. */
static void programs_build(void)
{
	struct child child;

	folder_make();
	child = child_run("p=tests/system/programs; cd \"$T\" && I=\"-I$OLDPWD/include\" && cd - > "
			  "/dev/null && \"$B/heddle-cc\" $I -g -Wall -Wextra -Werror -pthread -o "
			  "\"$T/outcomes\" $p/outcomes.c && gcc $I -g -std=c11 -Wall -Wextra "
			  "-Werror -Wpedantic -pthread -o \"$T/plain\" $p/outcomes.c && "
			  "\"$B/heddle-c++\" $I -O1 -g -Wall -Wextra -Werror -pthread -o "
			  "\"$T/choices\" $p/choices.cc && g++ $I -DNDEBUG -g -Wall -Wextra "
			  "-Werror -no-pie -fno-pie -pthread -o \"$T/plain_choices\" "
			  "$p/choices.cc");
	cr_assert(child.status == 0, "%s", child.err);
	child_free(&child);
}

TestSuite(outcomes, .init = programs_build, .fini = folder_remove);

static json_t *explore(const char *options, const char *program)
{
	struct child child =
		child_run("cd \"$T\" && \"$B/heddle\" explore --json %s ./%s", options, program);
	json_t *result = child_json(child.out);

	cr_assert(result, "%s", child.err);
	child_free(&child);
	return result;
}

static long long number(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

static const json_t *list_of(const json_t *result, const char *key)
{
	return json_object_get(json_object_get(result, "outcomes"), key);
}

/* The outcome of that text, or null. */
static const json_t *outcome(const json_t *result, const char *list, const char *text)
{
	const json_t *rows = list_of(result, list);

	for (size_t i = 0; i < json_array_size(rows); i++) {
		const json_t *row = json_array_get(rows, i);

		if (!strcmp(json_string_value(json_object_get(row, "text")), text))
			return row;
	}
	return NULL;
}

static bool has_grade(const json_t *row, const char *grade)
{
	const json_t *is = json_object_get(row, "grade");

	return grade ? json_is_string(is) && !strcmp(json_string_value(is), grade)
		     : json_is_null(is);
}

static void check_row(const json_t *result, const char *text, long long count, const char *grade)
{
	const json_t *row = outcome(result, "seen", text);

	cr_assert(row, "there is no `%s`", text);
	cr_expect(number(row, "count") == count, "%s: %lld, not %lld", text, number(row, "count"),
		  count);
	cr_expect(has_grade(row, grade), "%s", text);
}

static const char *const ways[] = {
	"--strategy dfs -j 1",	"--strategy dfs -j 2",	  "--strategy dpor -j 1",
	"--strategy dpor -j 2", "--strategy dpor --fork",
};
#define WAYS (sizeof(ways) / sizeof(*ways))

/* Of 20 orders of three sections each, 6 begin with one thread and end with the other, and 4 begin
 * and end with the same. */
Test(outcomes, are_counted)
{
	for (size_t i = 0; i < 2 * WAYS; i++) {
		json_t *result = explore(ways[i / 2], i % 2 ? "outcomes ends 3" : "plain ends 3");
		const json_t *unreached = outcome(result, "unreached", "3 *");

		cr_expect(json_array_size(list_of(result, "seen")) == 4);
		check_row(result, "1 1", 4, "interesting");
		check_row(result, "1 2", 6, "acceptable");
		check_row(result, "2 1", 6, "interesting");
		check_row(result, "2 2", 4, "interesting");
		cr_expect(unreached && has_grade(unreached, "forbidden"));
		/* Of code without hooks not all interleavings are known. */
		cr_expect(json_is_true(json_object_get(unreached, "unreachable")) == (i % 2 == 1));
		cr_expect(number(result, "exit_status") == 0);
		json_decref(result);
	}
}

/* Each has a trace, which ends so. */
Test(outcomes, have_traces)
{
	json_t *result = explore("", "outcomes ends 2");
	const json_t *rows = list_of(result, "seen");

	cr_expect(json_array_size(rows) == 4);
	for (size_t i = 0; i < json_array_size(rows); i++) {
		const json_t *row = json_array_get(rows, i);
		const char *trace = json_string_value(json_object_get(row, "trace"));
		const char *text = json_string_value(json_object_get(row, "text"));
		struct child child;

		cr_assert(trace);
		child = child_run("cd \"$T\" && grep -q '^message outcome `%s.$' %s && "
				  "\"$B/heddle\" replay %s",
				  text, trace, trace);
		cr_expect(child.status == 0 &&
				  strstr(child.err, "the same as in the trace: passed"),
			  "%s: %s", text, child.err);
		child_free(&child);
	}
	json_decref(result);
}

/* The same one in the same search, and for a random one also with other workers. */
Test(outcomes, repeat)
{
	struct child child = child_run(
		"cd \"$T\" && for o in one two three; do mkdir $o; s='--seed 5 --executions 300'; "
		"j=2; test $o = three || j=1; \"$B/heddle\" explore $s -j $j --out $o --json "
		"./outcomes order 3 | sed \"s|$o/||g; s/\\\"workers\\\": .//; "
		"s/\\\"executions_per_second\\\": [^,]*,//\" > $o.json; done; cmp one.json "
		"two.json && cmp "
		"one.json three.json && diff -r one two && diff -r one three && ls one | wc -l");

	cr_expect(child.status == 0, "%s%s", child.out, child.err);
	cr_expect_str_eq(child.out, "20\n");
	child_free(&child);
}

Test(outcomes, forbidden)
{
	for (size_t i = 0; i < WAYS; i++) {
		char options[64];
		json_t *result, *failure;
		struct child child;

		snprintf(options, sizeof(options), "--keep-going %s", ways[i]);
		result = explore(options, "outcomes forbidden 2");
		failure = json_array_get(json_object_get(result, "failures"), 0);
		check_row(result, "2 1", 2, "forbidden");
		check_row(result, "1 2", 2, NULL);
		cr_expect(number(result, "exit_status") == 1 && number(failure, "count") == 2);
		cr_expect_str_eq(json_string_value(json_object_get(failure, "kind")),
				 "forbidden outcome");
		child = child_run("cd \"$T\" && \"$B/heddle\" replay %s",
				  json_string_value(json_object_get(failure, "trace")));
		cr_expect(child.status == 1 && strstr(child.err, "outcome `2 1' is forbidden"),
			  "%s", child.err);
		child_free(&child);
		json_decref(result);
	}
}

/* Declared when the first execution had passed, it is forbidden all the same. */
Test(outcomes, forbidden_late)
{
	json_t *result = explore("--keep-going", "outcomes late 1");

	cr_expect(has_grade(outcome(result, "seen", "2 1"), "forbidden"));
	cr_expect(number(result, "exit_status") == 1);
	json_decref(result);
}

/* In the order of threads, not of time. */
Test(outcomes, are_joined_by_thread)
{
	for (size_t i = 0; i < WAYS; i++) {
		json_t *result = explore(ways[i], "outcomes joined 2");

		cr_expect(json_array_size(list_of(result, "seen")) == 1);
		check_row(result, "main, 1 a, 1 b, 2 a, 2 b", 6, NULL);
		json_decref(result);
	}
}

/* Behind what is kept they are told apart. */
Test(outcomes, that_are_long)
{
	json_t *result = explore("", "outcomes long 1");

	cr_expect(json_array_size(list_of(result, "seen")) == 2);
	json_decref(result);
}

Test(outcomes, that_are_none)
{
	json_t *result = explore("", "outcomes silent 2");

	check_row(result, "1", 3, NULL);
	check_row(result, "no outcome", 3, NULL);
	json_decref(result);
	result = explore("", "outcomes nothing 2");
	cr_expect(json_array_size(list_of(result, "seen")) == 0);
	json_decref(result);
	result = explore("-j 2", "outcomes alone");
	check_row(result, "nobody \\ else\n", 1, NULL);
	json_decref(result);
}

/* Half of the executions are of no interest, and the others are all there is. */
Test(outcomes, assumed_away)
{
	for (size_t i = 0; i < WAYS; i++) {
		json_t *result = explore(ways[i], "outcomes assumed 2");

		cr_expect(number(result, "executions") == 6 &&
			  number(result, "assumed_away") == 3 &&
			  number(result, "exit_status") == 0);
		check_row(result, "1 1", 1, NULL);
		check_row(result, "1 2", 2, NULL);
		cr_expect(json_real_value(
				  json_object_get(outcome(result, "seen", "1 2"), "share")) > 0.66);
		json_decref(result);
	}
}

Test(outcomes, that_fail)
{
	json_t *result = explore("--keep-going", "outcomes asserted 2");
	const json_t *failure = json_array_get(json_object_get(result, "failures"), 0);

	cr_expect_str_eq(json_string_value(json_object_get(failure, "kind")), "assertion");
	cr_expect(strstr(json_string_value(json_object_get(failure, "message")),
			 "Assertion `first == 1' failed"));
	cr_expect(strstr(json_string_value(json_object_get(failure, "where")), "outcomes.c:"));
	json_decref(result);
}

/* C(16, 8) classes with an outcome each: more than are told apart, and than have traces. */
Test(outcomes, that_are_many)
{
	json_t *result = explore("--keep-going", "outcomes order 8");
	struct child child;

	cr_expect(json_array_size(list_of(result, "seen")) == 8192);
	cr_expect(!outcome(result, "seen", "no outcome"));
	cr_expect(number(json_object_get(result, "outcomes"), "others") == 12870 - 8192, "%lld",
		  number(json_object_get(result, "outcomes"), "others"));
	json_decref(result);
	child = child_run(
		"cd \"$T\" && ls *.trace | wc -l && \"$B/heddle\" explore ./outcomes order "
		"8 | tail -2");
	cr_expect(strstr(child.out, "32\n") == child.out, "%s", child.out);
	cr_expect(strstr(child.out, "and 4678 classes with others: 8192 distinct outcomes") &&
			  strstr(child.out, "traces were written for the first 32"),
		  "%s", child.out);
	child_free(&child);
}

/* A search that is stopped and goes on comes to the same, with the same traces. */
Test(outcomes, over_resume)
{
	json_t *result;
	struct child child = child_run(
		"cd \"$T\" && for i in 1 2 3; do \"$B/heddle\" explore --resume file --executions "
		"$((i * 100)) ./outcomes ends 6 | grep '\\[A-Z\\]'; done; ls *.trace > traces");

	child_free(&child);
	result = explore("--resume file", "outcomes ends 6");
	check_row(result, "1 1", 210, "interesting");
	check_row(result, "1 2", 252, "acceptable");
	check_row(result, "2 1", 252, "interesting");
	check_row(result, "2 2", 210, "interesting");
	for (size_t i = 0; i < 4; i++)
		cr_expect(json_is_string(
			json_object_get(json_array_get(list_of(result, "seen"), i), "trace")));
	json_decref(result);
}

/* Of 22! / (11!)^2 classes 20! / (10!)^2 begin and end with one and the other, and the rest with
 * the same; killed workers neither lose nor double any. */
Test(outcomes, of_killed_workers)
{
	struct child child = child_run(
		"cd \"$T\" && p=out$$ && cp plain $p && (\"$B/heddle\" explore -j 2 --json ./$p "
		"ends 11 > out 2> err & h=$!; for i in 1 2 3 4 5 6; do sleep 0.3; "
		"pkill -KILL -n -x $p; done; wait $h); cat out");
	json_t *result = child_json(child.out);

	cr_assert(result, "%s%s", child.out, child.err);
	cr_expect(number(result, "executions") == 705432);
	check_row(result, "1 1", 167960, "interesting");
	check_row(result, "1 2", 184756, "acceptable");
	check_row(result, "2 1", 184756, "interesting");
	check_row(result, "2 2", 167960, "interesting");
	json_decref(result);
	child_free(&child);
}

/* ---- choices */

Test(outcomes, of_choices)
{
	for (size_t i = 0; i < WAYS; i++) {
		json_t *result = explore(ways[i], "choices 2");

		cr_expect(number(result, "executions") == 2 * 2 * 3 &&
				  json_array_size(list_of(result, "seen")) == 12 &&
				  number(result, "redundant") == 0,
			  "%s: %lld executions", ways[i], number(result, "executions"));
		check_row(result, "1 0 2", 1, NULL);
		json_decref(result);
		result = explore(ways[i], "plain_choices 2");
		cr_expect(number(result, "executions") == 2 * 2 * 3);
		json_decref(result);
	}
}

/* More than an event has ways. */
Test(outcomes, of_many_choices)
{
	for (size_t i = 0; i < WAYS; i++) {
		char options[64];
		json_t *result;

		snprintf(options, sizeof(options), "--keep-going %s", ways[i]);
		result = explore(options, "choices 1000 alone");
		cr_expect(number(result, "executions") == 1000 &&
				  number(result, "assumed_away") == 1,
			  "%s: %lld", ways[i], number(result, "executions"));
		cr_expect(json_array_size(list_of(result, "seen")) == 999);
		cr_expect(json_array_size(json_object_get(result, "failures")) == 1);
		json_decref(result);
	}
}

Test(outcomes, of_choices_at_random)
{
	json_t *result = explore("--seed 7 --executions 3000", "choices 2");

	cr_expect(json_array_size(list_of(result, "seen")) == 12);
	for (size_t i = 0; i < 12; i++) {
		const json_t *row = json_array_get(list_of(result, "seen"), i);

		cr_expect(number(row, "count") > 150 && number(row, "count") < 350);
	}
	json_decref(result);
}

/* From every kind of search, and from a run. */
Test(outcomes, choices_are_replayed)
{
	static const char *const options[] = {"explore --strategy dfs", "explore --strategy dpor",
					      "explore --seed 3 --executions 10"};
	struct child child;

	for (size_t i = 0; i < 3; i++) {
		child = child_run(
			"cd \"$T\" && rm -f *.trace && \"$B/heddle\" %s ./choices 2 > "
			"/dev/null; for t in *.trace; do \"$B/heddle\" replay $t || exit 1; "
			"done; cat $t",
			options[i]);
		cr_expect(child.status == 0, "%s: %s", options[i], child.err);
		cr_expect(strstr(child.out, "about\\sto\\schoose") &&
				  strstr(child.out, "choose ") &&
				  strstr(child.out, "the\\ssecond\\sof\\st"),
			  "%s", child.out);
		child_free(&child);
	}
	child = child_run("cd \"$T\" && \"$B/heddle\" run --seed 4 --trace t ./choices 200 && "
			  "\"$B/heddle\" replay t");
	cr_expect(child.status == 0 && strstr(child.err, "heddle: outcome: "), "%s", child.err);
	child_free(&child);
}

/* ---- without heddle */

Test(outcomes, without_heddle)
{
	struct child child = child_run(
		"cd \"$T\"; ./plain ends 3; echo $?; ./plain_choices; echo $?; ./plain_choices 1 "
		"alone; "
		"echo $?; HEDDLE_SEED=x ./choices 5; echo $?; for i in 1 2 3 4 5 6 7 8 9; do "
		"HEDDLE_SEED=$i ./plain_choices 3 alone 2> /dev/null; echo $? >> seeds; done; sort "
		"-u "
		"seeds");

	/* An assertion is one with NDEBUG, too; an assumption ends the process with 0. */
	cr_expect_str_eq(child.out, "0\n0\n134\n0\n0\n134\n", "%s", child.out);
	cr_expect(strstr(child.err, "Assertion `number != many - 1' failed"), "%s", child.err);
	child_free(&child);
}

/* ---- side by side */

Test(outcomes, listed)
{
	struct child child = child_run("cd \"$T\" && \"$B/heddle\" explore --strategy dfs --list "
				       "./outcomes ends 1 | head -4");

	cr_expect(strstr(child.out, "#1  ") && strstr(child.out, "#2") && !strstr(child.out, "#3"));
	cr_expect(strstr(child.out, "= 1 2") && strstr(child.out, "= 2 1"), "%s", child.out);
	cr_expect(strstr(child.out, "T1 lock lock") && strstr(child.out, "T2 lock lock"));
	child_free(&child);
	child = child_run(
		"cd \"$T\" && \"$B/heddle\" explore --strategy dfs --list ./outcomes ends 4");
	cr_expect(strstr(child.out, "#40") && !strstr(child.out, "#41"));
	cr_expect(strstr(child.out, "only the first 40 of 70 interleavings are listed"));
	child_free(&child);
	child = child_run(
		"\"$B/heddle\" explore --list ls; echo $?; \"$B/heddle\" explore --strategy "
		"dfs --list --json ls; echo $?");
	cr_expect_str_eq(child.out, "2\n2\n");
	child_free(&child);
}

/* As scenarios/counter_unlocked.c says: C(4, 2), of which 4 fail. */
Test(outcomes, listed_counter)
{
	struct child child = child_run("\"$B/heddle\" explore --strategy dfs --list --out \"$T\" "
				       "\"$B/scenarios/counter_unlocked\" 1 | head -2");
	int fail = 0;

	cr_expect(strstr(child.out, "#6") && !strstr(child.out, "#7"), "%s", child.out);
	for (const char *at = child.out; (at = strstr(at, "assertion")); at++)
		fail++;
	cr_expect(fail == 4, "%s", child.out);
	child_free(&child);
}
