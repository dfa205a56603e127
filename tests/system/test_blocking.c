/*
 * test_blocking.c - calls that wait in the kernel: one thread waits, the others go on.
 *
 * What each program prints depends on no order, so it is the same natively, under each seed, and in
 * each execution of a search. A producer of N bytes and a consumer, that close and read to the end:
 * the i-th of N + 1 takes is after the i-th of N + 1 gives, and each end of them in its own order,
 * so there are as many orders as sequences of balanced brackets: 2, 5, 14, 42.
 */
#include "system/child.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define SEEDS 8

static void program_build(void)
{
	struct child child;

	folder_make();
	child = child_run("for p in pipes polls; do cc -g -O1 -D_GNU_SOURCE -pthread -o "
			  "\"$T/$p\" tests/system/programs/$p.c || exit 1; done");
	cr_assert(child.status == 0, "%s", child.err);
	child_free(&child);
}

TestSuite(blocking, .init = program_build, .fini = folder_remove);

static const struct {
	const char *command, *prints;
} programs[] = {
	{"pipes pipe 5", "15\n"},
	{"pipes large", "300000\n"},
	{"pipes large_sockets", "300000\n"},
	{"pipes ping_pong", "4\n"},
	{"pipes counter", "3\n"},
	{"pipes semaphore", "3\n"},
	{"pipes lines", "3\n"},
	{"polls poll", "241\n"},
	{"polls select", "241\n"},
	{"polls epoll", "241\n"},
	{"polls epoll_edge", "241\n"},
	{"polls tcp", "111\n"},
	{"polls child", "220\n"},
	{"polls lock", "2\n"},
	{"polls fifo", "105\n"},
};

#define PROGRAMS (sizeof(programs) / sizeof(programs[0]))

static void check_output(const char *how, const char *command, const char *prints)
{
	struct child child = child_run("cd \"$T\" && %s ./%s", how, command);

	cr_expect(child.status == 0, "%s %s: %d: %s", how, command, child.status, child.err);
	cr_expect_str_eq(child.out, prints, "%s %s: %s%s", how, command, child.out, child.err);
	child_free(&child);
}

/* A thread that waits in the kernel is cancelled, or runs a handler that writes to a pipe itself:
 * statuses by their bits. */
Test(blocking, reads_are_interrupted)
{
	static const struct {
		const char *how;
		unsigned outcomes;
	} ways[] = {{"cancel", 1 << 4}, {"fail", 1 << 1 | 1 << 2}, {"restart", 1 << 1}};
	struct child child = child_run("gcc -g -pthread -o \"$T/interrupted\" "
				       "tests/system/programs/interrupted.c");

	cr_assert(child.status == 0, "%s", child.err);
	child_free(&child);
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		child = child_run(
			"cd \"$T\" && ./interrupted %s; echo $?; "
			"for s in 1 2 3 4 5; do \"$B/heddle\" run --seed $s "
			"./interrupted %s 2>&1 | sed -n 's/.*ended with status //p'; done; "
			"\"$B/heddle\" explore --strategy dfs --keep-going --json "
			"./interrupted %s 2> /dev/null | grep -o 'with status [0-9]' | "
			"sed 's/.*status //'",
			ways[i].how, ways[i].how, ways[i].how);
		for (const char *at = child.out; *at; at++)
			cr_expect(*at == '\n' || ways[i].outcomes >> (*at - '0') & 1, "%s: %s",
				  ways[i].how, child.out);
		cr_expect(strlen(child.out) >= 14, "%s: %s", ways[i].how, child.out);
		child_free(&child);
		child = child_run("cd \"$T\" && \"$B/heddle\" explore ./interrupted %s",
				  ways[i].how);
		cr_expect(child.status == 1 || child.status == 5, "%s: %d %s", ways[i].how,
			  child.status, child.out);
		child_free(&child);
	}
}

Test(blocking, natively_and_under_each_seed)
{
	for (size_t i = 0; i < PROGRAMS; i++) {
		check_output("", programs[i].command, programs[i].prints);
		for (int seed = 1; seed <= SEEDS; seed++) {
			char how[64];

			snprintf(how, sizeof(how), "\"$B/heddle\" run --seed %d", seed);
			check_output(how, programs[i].command, programs[i].prints);
		}
	}
}

Test(blocking, a_seed_repeats_itself_and_can_be_replayed)
{
	for (size_t i = 0; i < PROGRAMS; i++) {
		struct child child = child_run(
			"cd \"$T\" && for t in a b; do \"$B/heddle\" run --seed 7 --trace $t ./%s "
			">out 2>&1 || exit 1; done; cmp a b && \"$B/heddle\" replay a",
			programs[i].command);

		cr_expect(child.status == 0, "%s: %s%s", programs[i].command, child.out, child.err);
		cr_expect(strstr(child.err, "the same as in the trace: passed"), "%s: %s",
			  programs[i].command, child.err);
		child_free(&child);
	}
}

/* Hours go by in a moment. */
Test(blocking, timeouts_are_virtual)
{
	for (int seed = 1; seed <= SEEDS; seed++) {
		char how[64];

		snprintf(how, sizeof(how), "\"$B/heddle\" run --seed %d", seed);
		check_output(how, "polls time_out", "60\n");
		check_output(how, "polls timer", "64\n");
	}
}

static void check_search(const char *options, const char *command, long executions)
{
	struct child child = child_run(
		"cd \"$T\" && \"$B/heddle\" explore %s --keep-going --json ./%s", options, command);
	json_t *result = child_json(child.out);

	cr_assert(result, "%s", child.err);
	cr_expect(json_is_true(json_object_get(result, "complete")), "%s %s: %s", options, command,
		  child.err);
	cr_expect(json_array_size(json_object_get(result, "failures")) == 0, "%s %s: %s", options,
		  command, child.err);
	cr_expect(json_integer_value(json_object_get(result, "redundant")) == 0, "%s %s", options,
		  command);
	if (executions)
		cr_expect(json_integer_value(json_object_get(result, "executions")) == executions,
			  "%s %s: %lld executions", options, command,
			  json_integer_value(json_object_get(result, "executions")));
	json_decref(result);
	child_free(&child);
}

/* All orders of one pipe's operations are different ones. */
Test(blocking, each_order_is_explored)
{
	static const char *const options[] = {"--strategy dpor", "--strategy dfs",
					      "--preemptions .."};

	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++) {
		char alone[64];

		/* The folder is one, and the FIFO in it. */
		snprintf(alone, sizeof(alone), "-j 1 %s", options[i]);
		check_search(options[i], "pipes pipe 1", 2);
		check_search(options[i], "pipes pipe 2", 5);
		check_search(options[i], "pipes pipe 3", 14);
		check_search(options[i], "pipes pipe 4", 42);
		check_search(options[i], "pipes ping_pong", 1);
		check_search(options[i], "pipes counter 2", 2);
		check_search(options[i], "pipes semaphore 2", 2);
		check_search(options[i], "polls lock", 4);
		check_search(options[i], "polls stream", 2);
		check_search(alone, "polls fifo", 0);
		check_search(options[i], "polls epoll", 0);
		check_search(options[i], "polls epoll_edge", 0);
		check_search(options[i], "polls tcp", 0);
	}
	/* The two writes are to different pipes: the order in which they are taken is all. */
	check_search("--strategy dpor", "polls poll", 2);
	check_search("--strategy dfs", "polls poll", 3);
	check_search("--strategy dpor", "polls select", 2);
}

/* Which numbers they have depends on what the test was started with. */
static int reading_threads(const char *text)
{
	static const char waits[] = "waits to read from fd[";
	int count = 0;

	for (; (text = strstr(text, waits)); text += strlen(waits))
		count += !strncmp(text + strlen(waits) + 1,
				  "] pipe (tests/system/programs/pipes.c:", 38);
	return count;
}

static void check_deadlock(const char *command)
{
	struct child child =
		child_run("cd \"$T\" && \"$B/heddle\" %s ./pipes deadlock 2>&1", command);

	cr_expect(child.status == 1, "%s: %d", command, child.status);
	cr_expect(strstr(child.out, "heddle: deadlock: no thread can run"), "%s: %s", command,
		  child.out);
	cr_expect(reading_threads(child.out) == 2, "%s: %s", command, child.out);
	child_free(&child);
}

Test(blocking, a_deadlock_is_told_in_words)
{
	struct child child;

	check_deadlock("run --seed 1");
	check_deadlock("explore --strategy dfs");
	check_deadlock("explore --strategy dpor");
	child = child_run("cd \"$T\" && \"$B/heddle\" replay pipes-*.trace");
	cr_expect(child.status == 1 && strstr(child.err, "the same as in the trace: deadlock"),
		  "%s", child.err);
	child_free(&child);
}

/* Whoever is outside takes a while. */
Test(blocking, the_outside_is_waited_for)
{
	struct child child = child_run(
		"cd \"$T\" && cat > lines.c <<'E'\n"
		"#include <pthread.h>\n#include <stdio.h>\n#include <unistd.h>\n"
		"static char a[9];\n"
		"static void *take(void *unused) { read(0, a, 1); return unused; }\n"
		"int main(void) { pthread_t t; char b[9] = \"\"; pthread_create(&t, 0, take, 0);\n"
		"pthread_join(t, 0); fgets(b, 9, stdin); printf(\"%%s%%s\", a, b); return 0; }\nE\n"
		"cc -w -g -pthread -o lines lines.c && (sleep 0.3; printf h; sleep 0.3; "
		"printf 'ello\\n') | \"$B/heddle\" run ./lines");

	cr_expect(child.status == 0, "%d %s", child.status, child.err);
	cr_expect_str_eq(child.out, "hello\n", "%s%s", child.out, child.err);
	cr_expect(strstr(child.err, "not controlled: a wait for the outside"), "%s", child.err);
	child_free(&child);
}

/* In a search there is nobody who could give it that: no deadlock, but stuck. */
Test(blocking, a_search_is_stuck_that_waits_for_the_outside)
{
	struct child child =
		child_run("cd \"$T\" && \"$B/heddle\" explore --stuck 0.5 ./polls nobody");

	cr_expect(child.status == 1, "%d", child.status);
	cr_expect(strstr(child.out, "heddle: stuck: no thread can go on before something comes "
				    "from outside of the program"),
		  "%s%s", child.out, child.err);
	cr_expect(strstr(child.out, "T1 accept_one  waits to read from fd["), "%s", child.out);
	child_free(&child);
}
