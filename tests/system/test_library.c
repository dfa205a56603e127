/* Programs that explore functions of their own: heddle_explore() and HEDDLE_TEST. */
#include "system/child.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LINK "-L$B -lheddle -Wl,-rpath,\"$B\" -Wl,-z,now"

/* Runs it; what it writes to both is in `out`. */
static void must(int status, const char *command, const char *out)
{
	struct child child = child_run("(%s) 2>&1", command);

	cr_expect(child.status == status, "%s: %d: %s", command, child.status, child.out);
	cr_expect(strstr(child.out, out), "%s: not `%s': %s", command, out, child.out);
	child_free(&child);
}

static void build(void)
{
	/* By this Criterion tells its workers what they are; what is tested has its own. */
	unsetenv("BXFI_MAP");
	folder_make();
	must(0,
	     "$B/heddle-cc -g -O1 -pthread -Iinclude tests/system/programs/embedded.c "
	     "-o \"$T/embedded\" " LINK,
	     "");
}

TestSuite(library, .init = build, .fini = folder_remove);

struct expected {
	const char *name, *line, *text;
};

/* Each case with what its first line says, and what stands in the text. The number of executions is
 * that of a whole program that does the same: both lock orders, for one. */
static const struct expected cases[] = {
	{"passing", "result 0, 2 executions, 0 redundant, 0 failures, 0 races, complete 1", ""},
	{"failing", "result 1, ", "failing: Assertion `counter == 2' failed"},
	{"failing", "reason 'failure', verdict 'assertion'", "its output:\n    the end\n"},
	{"all", "result 1, 4 executions, 0 redundant, 1 failures, 0 races, complete 1", ""},
	{"raced", "verdict 'data race'", "access `counter` (4 bytes) with nothing that orders"},
	{"locking", "verdict 'deadlock'", "waits for M2 `other`"},
	{"freeing", "verdict 'use after free'", "embedded.c:113 in freeing"},
	{"using", "result 0, 3 executions", ""},
	{"using-wrongly", "result 1, ", "Assertion `*block == 3' failed"},
	{"piping", "result 0, ", "in forked children"},
	{"leaving", "result 0, ", ""},
	{"leaving-ill", "verdict 'exit status'", "the program ended with status 3"},
	{"crashing", "verdict 'crash'", "segmentation fault"},
	{"nesting", "result 0, ", ""},
	{"keeping", "result 0, 2 executions", ""},
	{"bounded", "result 5, 24 executions", "reason 'preemptions'"},
	{"random", "result 1, ", "search:     random, seed 7, stopped at the first failure"},
	{"nonsense", "result 2, 0 executions", "there is no strategy `nonsense`"},
};

Test(library, tells_what_was_found)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct expected *expected = &cases[i];
		struct child child = child_run("cd \"$T\" && ./embedded %s", expected->name);

		cr_expect(child.status == 0, "%s: %d: %s", expected->name, child.status, child.err);
		cr_expect(strstr(child.out, expected->line) && strstr(child.out, expected->text),
			  "%s: not `%s', `%s': %s", expected->name, expected->line, expected->text,
			  child.out);
		child_free(&child);
	}
}

/* Nothing of the program's own end happens in what is explored, and what it had yet to write is
 * written once. */
Test(library, leaves_the_caller_alone)
{
	struct child child = child_run("cd \"$T\" && ./embedded passing leaving failing piping");
	const char *first = strstr(child.out, "not flushed"), *last = strstr(child.out, "at exit");

	cr_assert(first && last);
	cr_expect(!strstr(first + 1, "not flushed") && !strstr(last + 1, "at exit"), "%s",
		  child.out);
	cr_expect(strstr(child.out, "passing: result 0, 2 ") && strstr(child.out, "failing: "));
	child_free(&child);
}

Test(library, does_not_mind_what_a_framework_has_done)
{
	must(0, "cd \"$T\" && ./embedded --busy passing", "passing: result 0, 2 executions");
	must(0, "cd \"$T\" && ./embedded --busy failing", "verdict 'assertion'");
	must(0, "cd \"$T\" && ./embedded --hammer passing", "passing: result 0, 2 executions");
	must(0, "cd \"$T\" && ./embedded --no-children failing", "verdict 'assertion'");
	must(0, "cd \"$T\" && ./embedded --closed passing", "passing: result 0, 2 executions");
	/* Two at once, on the stacks of threads. */
	must(0, "cd \"$T\" && ./embedded --threads | grep -c 'thread: result 0, 2 '", "2\n");
}

/* What the C library itself has done to locks and the like means what it should. */
Test(library, objects_that_were_used_before)
{
	must(0,
	     "$B/heddle-cc -g -O1 -pthread -Iinclude tests/system/programs/used_before.c "
	     "-o \"$T/used\" " LINK " && cd \"$T\" && ./used",
	     "0 distinct failures\n  search:     dpor, complete for at most 1 preemption, ");
}

/* Code without hooks, and functions that are bound late. */
Test(library, plain_compilers)
{
	must(0,
	     "cc -g -pthread -Iinclude tests/system/programs/embedded.c -o \"$T/plain\" -L$B "
	     "-lheddle -Wl,-rpath,\"$B\" -Wl,-z,lazy && cd \"$T\" && ./plain locking",
	     "verdict 'deadlock'");
	must(0, "cd \"$T\" && ./plain passing", "./plain was not built with heddle-cc");
	must(0,
	     "$B/heddle-cc --heddle-compiler=clang -O1 -pthread -Iinclude "
	     "tests/system/programs/embedded.c -o \"$T/clang\" " LINK
	     " && cd \"$T\" && ./clang all",
	     "result 1, 4 executions");
}

Test(library, replays)
{
	must(0, "cd \"$T\" && ./embedded passing failing using-wrongly", "");
	must(0,
	     "cd \"$T\" && for trace in *.trace; do $B/heddle replay $trace; test $? = 1 "
	     "|| exit 9; done | cat",
	     "left out: `2` is replayed, and this is `1`");
	must(0,
	     "cd \"$T\" && for trace in *.trace; do $B/heddle replay $trace 2>&1; done | "
	     "grep -c 'the same as in the trace: assertion'",
	     "2\n");
	must(0, "cd \"$T\" && $B/heddle show $(ls *.trace | head -1)", "T1 ");
	must(4,
	     "cd \"$T\" && sed 's/^setting call 2/setting call 7/' $(grep -l 'call 2' *.trace) > "
	     "7.trace && $B/heddle replay 7.trace",
	     "still come to the call `7`");
}

/* The same each time, whatever the environment is. */
Test(library, repeats)
{
	must(0,
	     "cd \"$T\" && export HEDDLE_OPTIONS='-j 1' && for i in 1 2 3; do ./embedded failing "
	     "&& "
	     "mv *.trace $i || exit 9; export MORE=$MORE$i$i$i$i$i$i$i$i; done && cmp 1 2 && cmp 2 "
	     "3 && cat 1",
	     "setting call 1\n");
	must(0,
	     "cd \"$T\" && HEDDLE_OPTIONS='-j 1' ./embedded --busy failing && grep -v ^argument "
	     "*.trace > busy && grep -v ^argument 1 | cmp - busy",
	     "search:     dpor");
}

Test(library, says_what_it_cannot_do)
{
	must(3,
	     "cc -Iinclude tests/system/programs/unlinked.c -o \"$T/unlinked\" && \"$T/unlinked\" "
	     "\"$B/libheddle.so\"",
	     "heddle: the program is not linked so that heddle's library stands in front of the C "
	     "library");
	must(0, "cd \"$T\" && $B/heddle run ./embedded passing", "passing: result 3, 0 executions");
	must(0, "cd \"$T\" && HEDDLE=/nowhere/heddle ./embedded passing",
	     "cannot start the command `/nowhere/heddle`: No such file or directory");
	must(0, "cd \"$T\" && HEDDLE=/bin/false ./embedded passing", "ended without a result");
	must(0, "cd \"$T\" && HEDDLE_OPTIONS=--nonsense ./embedded passing",
	     "has no option `--nonsense`");
}

static void pause_ms(long ms)
{
	struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

	nanosleep(&time, NULL);
}

/* Of the program, the command and the workers. */
static int left_over(void)
{
	struct child child = child_run("pgrep -c -f \"$T/[e]mbedded for-long\"");
	int count = child.out[0] - '0';

	child_free(&child);
	return count;
}

static void end_with(const char *name, int signal)
{
	pid_t pid = child_start("exec \"$T/embedded\" for-long");
	int rounds = 0;

	/* The program, the command, its image, workers. */
	for (rounds = 0; left_over() < 4 && rounds < 500; rounds++)
		pause_ms(10);
	cr_assert(rounds < 500, "%s: it did not begin", name);
	if (signal == SIGINT)
		kill(-pid, signal);
	else
		kill(pid, signal);
	cr_expect(child_wait(pid) == 128 + signal, "%s", name);
	for (rounds = 0; left_over() && rounds < 500; rounds++)
		pause_ms(10);
	cr_expect(rounds < 500, "%s: %d processes are left", name, left_over());
}

Test(library, leaves_nothing_behind, .timeout = 120)
{
	end_with("Ctrl-C", SIGINT);
	end_with("a kill", SIGKILL);
	must(0,
	     "cd \"$T\" && \"$T/embedded\" passing failing && pgrep -c -f \"$T/[e]mbedded "
	     "passing\"; true",
	     "\n0\n");
}

static const struct expected tests[] = {
	{"counter/passes", "Passing: 1 | Failing: 0", ""},
	{"counter/races", "Passing: 0 | Failing: 1", "access `counter` (4 bytes)"},
	{"counter/asserts", "Passing: 0 | Failing: 1", "the counter is 1"},
	{"counter/expects", "Passing: 0 | Failing: 1", "(counter) == (2) is false"},
	{"counter/is_bounded", "Passing: 1 | Failing: 0", ""},
	{"counter/gives_up", "Passing: 0 | Failing: 1", "incomplete: "},
	{"counter/*", "Tested: 7 | Passing: 3 | Failing: 4 | Crashing: 0", "heddle: data race: "},
};

static void run_tests(const char *program)
{
	for (size_t i = 0; i < sizeof(tests) / sizeof(*tests); i++) {
		const struct expected *expected = &tests[i];
		struct child child =
			child_run("cd \"$T\" && ./%s --filter '%s' 2>&1", program, expected->name);

		cr_expect(strstr(child.out, expected->line) && strstr(child.out, expected->text),
			  "%s: %s: not `%s', `%s': %s", program, expected->name, expected->line,
			  expected->text, child.out);
		child_free(&child);
	}
	must(0,
	     "cd \"$T\" && for trace in *.trace; do $B/heddle replay $trace 2>&1 | grep "
	     "'the same as in the trace' || exit 9; done",
	     "data race");
}

Test(library, criterion_tests)
{
	must(0,
	     "$B/heddle-cc -g -O1 -pthread -Iinclude tests/system/programs/embedded_tests.c "
	     "-o \"$T/tests\" -lcriterion " LINK,
	     "");
	run_tests("tests");
}

Test(library, criterion_tests_in_cxx)
{
	must(0,
	     "$B/heddle-c++ -g -O1 -pthread -Iinclude -x c++ "
	     "tests/system/programs/embedded_tests.c -o \"$T/tests_cxx\" -lcriterion " LINK,
	     "");
	run_tests("tests_cxx");
}
