/* Programs on the real processors. What the machine does is chance: what is looked at are things
 * that are so in every run, or in so many runs that it would be a wonder if none were. */
#include "system/child.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static void programs_build(void)
{
	struct child child;

	folder_make();
	child = child_run(
		"p=tests/system/programs; for cc in heddle-cc gcc; do test $cc = gcc || "
		"c=\"$B/\"; for f in outcomes native; do \"$c$cc\" -Iinclude -D_GNU_SOURCE -O1 "
		"-g -Wall -Wextra -Werror -pthread -o \"$T/$cc-$f\" $p/$f.c || exit 1; done; "
		"c=; done");
	cr_assert(child.status == 0, "%s", child.err);
	child_free(&child);
}

TestSuite(native, .init = programs_build, .fini = folder_remove);

static struct child native(const char *options, const char *program)
{
	return child_run("cd \"$T\" && \"$B/heddle\" native %s ./%s", options, program);
}

/* "TEXT ... COUNT of RUNS runs": the count, or -1. */
static long count_of(const struct child *child, const char *text)
{
	const char *row = strstr(child->out, text), *of;
	long count;

	if (!row)
		return -1;
	of = strstr(row, " of ");
	while (of > row && of[-1] != ' ')
		of--;
	return sscanf(of, "%ld of", &count) == 1 ? count : -1;
}

/* Each way to end is taken by some of 200 runs. */
Test(native, ways_to_end)
{
	static const char *const ends[] = {
		"passed",	   "(no outcome)",	  "(assertion at ", "(crash: SIGSEGV)",
		"(exit status 3)", "(hang: longer than ", "(abort)"};
	struct child child = native("--runs 200 --hang 0.2", "gcc-native ends");
	long sum = 0, assumed = 0;

	cr_expect(child.status == 1);
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		cr_expect(count_of(&child, ends[i]) > 0, "%s: %s", ends[i], child.out);
		sum += count_of(&child, ends[i]);
	}
	cr_assert(strstr(child.out, " free of control, "), "%s", child.out);
	sscanf(strstr(child.out, " free of control, "), " free of control, %ld", &assumed);
	cr_expect(assumed > 0 && sum + assumed == 200, "%s", child.out);
	child_free(&child);
}

/* Pinned apart, and each run to its end. */
Test(native, threads_are_apart)
{
	struct child child = child_run("nproc");
	bool alone = !strcmp(child.out, "1\n");

	child_free(&child);
	child = native("--runs 50", "heddle-cc-native apart");
	cr_expect(child.status == 0 && count_of(&child, alone ? "together" : "apart") == 50, "%s",
		  child.out);
	child_free(&child);
}

/* The machine comes to both orders, and what a thread says is put in order. */
Test(native, outcomes_are_counted)
{
	struct child child = native("--runs 300", "gcc-outcomes ends 1");

	cr_expect(count_of(&child, "1 2") > 0 && count_of(&child, "2 1") > 0 &&
			  count_of(&child, "1 2") + count_of(&child, "2 1") == 300,
		  "%s", child.out);
	cr_expect(strstr(child.out, "acceptable"));
	child_free(&child);
	child = native("--runs 100", "gcc-outcomes joined 3");
	cr_expect(count_of(&child, "main, 1 a, 1 b, 2 a, 2 b") == 100, "%s", child.out);
	child_free(&child);
	child = native("--runs 300", "heddle-cc-outcomes forbidden 1");
	cr_expect(child.status == 1 && count_of(&child, "2 1") > 0, "%s", child.out);
	child_free(&child);
}

/* A lost update. */
Test(native, a_race_is_seen)
{
	struct child child = native("--runs 100 --explore", "gcc-native lost 2>&1 | tail -6");

	cr_expect(count_of(&child, "lost") > 0, "%s", child.out);
	child_free(&child);
}

/* Both stand side by side. */
Test(native, beside_a_search)
{
	struct child child = native("--runs 100 --explore", "heddle-cc-outcomes ends 1 | tail -5");

	cr_expect(strstr(child.out, "classes    share  seen on this machine"), "%s", child.out);
	cr_expect(strstr(child.out, "1   50.0 %") && count_of(&child, "50.0 %") >= 0, "%s",
		  child.out);
	cr_expect(!strstr(child.out, "see below"), "%s", child.out);
	child_free(&child);
}

/* What depends on the real time is not what heddle's clock shows: the machine contradicts a
 * complete search, which all of its accesses are ordered for. */
Test(native, an_error_of_heddles)
{
	struct child child = native("--runs 20 --explore", "heddle-cc-outcomes time 1");

	cr_expect(child.status == 1);
	cr_expect(strstr(child.out, "this machine shows `the machine's` in 20 of 20 runs"), "%s",
		  child.out);
	cr_expect(strstr(child.out, "this is an error of heddle's"), "%s", child.out);
	child_free(&child);
}

/* The same, where weaker orders are asked for, or a race is there. */
Test(native, weak_memory)
{
	struct child child = native("--runs 20 --explore", "heddle-cc-native relaxed");

	cr_expect(child.status == 1 &&
			  strstr(child.out, "weak memory at work (or an error of heddle's): the "
					    "program has atomic operations weaker than"),
		  "%s", child.out);
	child_free(&child);
	child = native("--runs 20 --explore", "heddle-cc-native raced");
	cr_expect(child.status == 1 && strstr(child.out, "the program has data races,"), "%s",
		  child.out);
	child_free(&child);
}

/* Of code without hooks a search does not know what is impossible. */
Test(native, nothing_is_impossible)
{
	struct child child = native("--runs 20 --explore", "gcc-outcomes time 1");

	cr_expect(child.status == 0 && !strstr(child.out, "this machine shows"), "%s", child.out);
	cr_expect(strstr(child.out, "not seen"), "%s", child.out);
	child_free(&child);
}

Test(native, limits_and_errors)
{
	struct child child = native("--time 0.5 --runs 1000000", "gcc-outcomes ends 1");

	cr_expect(child.status == 0 && strstr(child.out, " runs of ./gcc-outcomes"), "%s",
		  child.out);
	child_free(&child);
	child = child_run(
		"\"$B/heddle\" native; echo $?; \"$B/heddle\" native --runs 0 ls; echo $?; "
		"\"$B/heddle\" native \"$T/none\"; echo $?");
	cr_expect_str_eq(child.out, "2\n2\n3\n");
	child_free(&child);
}

/* The preloaded library is for the program alone. */
Test(native, children_run_without)
{
	struct child child = child_run("cd \"$T\" && LD_PRELOAD= \"$B/heddle\" native --runs 3 "
				       "./gcc-native child");

	cr_expect(count_of(&child, "clean") == 3, "%s", child.out);
	child_free(&child);
}
