/* A search whose workers are killed loses nothing and counts nothing twice; one that is interrupted
 * says what it has found. */
#include "system/child.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* 24! / (12!)^2 */
#define INTERLEAVINGS 2704156

/* Of its own for each test, since tests run side by side. */
static char program[16];

static void counter_build(void)
{
	struct child child;

	folder_make();
	snprintf(program, sizeof(program), "kill%d", (int)getpid());
	child = child_run("gcc -O1 -pthread -o \"$T/%s\" "
			  "tests/system/programs/mutex_counter.c",
			  program);
	cr_assert(child.status == 0, "%s", child.err);
	child_free(&child);
}

TestSuite(kill, .init = counter_build, .fini = folder_remove);

/* Nothing of the search is there any more: no process of its group, none of the program's, no
 * shared memory. */
static void check_nothing_left(pid_t group)
{
	struct child child = child_run("ls /dev/shm /dev/mqueue 2>/dev/null | grep -i heddle");

	cr_expect(processes_of(program) == 0);
	cr_expect(kill(-group, 0) < 0 && errno == ESRCH, "a process of the group is left");
	cr_expect_str_empty(child.out, "left: %s", child.out);
	child_free(&child);
	child = child_run("cd \"$T\" && ls -A | grep -vx -e out -e err -e %s", program);
	cr_expect_str_empty(child.out, "left: %s", child.out);
	child_free(&child);
}

/* Kills a worker, the youngest process of the program; false where there was none to kill. */
static bool worker_kill(void)
{
	struct child child = child_run("pkill -KILL -n -x %s", program);
	bool killed = child.status == 0;

	child_free(&child);
	return killed;
}

static pid_t search_start(const char *options, const char *arguments)
{
	return child_start("cd \"$T\" && exec \"$B/heddle\" explore --keep-going -j 2 %s ./%s %s "
			   "> out 2> err",
			   options, program, arguments);
}

/* Searches all interleavings, or as many at random, while `kills` workers are killed. */
static void check_killed(const char *options, int kills, long executions)
{
	pid_t pid = search_start(options, "2 12");
	int killed = 0;
	struct child child;
	json_t *result;

	for (int tries = 0; killed < kills && tries < 1000; tries++) {
		usleep(50000);
		killed += worker_kill();
	}
	cr_expect(child_wait(pid) == 0);
	cr_expect(killed == kills, "the search ended after %d kills", killed);
	child = child_run("cat \"$T/out\"");
	result = child_json(child.out);
	cr_assert(result, "%s", child.out);
	cr_expect(json_integer_value(json_object_get(result, "executions")) == executions, "%s",
		  child.out);
	cr_expect(json_array_size(json_object_get(result, "failures")) == 0, "%s", child.out);
	cr_expect(json_is_true(json_object_get(result, "complete")) ==
		  (executions == INTERLEAVINGS));
	cr_expect(json_integer_value(json_object_get(result, "redundant")) == 0, "%s", child.out);
	json_decref(result);
	child_free(&child);
	check_nothing_left(pid);
}

Test(kill, no_worker)
{
	check_killed("--json --strategy dfs", 0, INTERLEAVINGS);
}

Test(kill, workers_of_an_exhaustive_search)
{
	check_killed("--json --strategy dfs", 3, INTERLEAVINGS);
}

/* A class for each interleaving of this program. */
Test(kill, workers_of_a_reduced_search)
{
	check_killed("--json --strategy dpor", 6, INTERLEAVINGS);
}

Test(kill, workers_of_a_random_search)
{
	check_killed("--json --strategy random --executions 2000000", 3, 2000000);
}

static void check_interrupted(int signal, const char *options, const char *said)
{
	pid_t pid = search_start(options, "3 9");
	struct child child;

	sleep(1);
	kill(pid, signal);
	cr_expect(child_wait(pid) == 5);
	child = child_run("cat \"$T/out\" \"$T/err\"");
	cr_expect(strstr(child.out, said), "%s", child.out);
	child_free(&child);
	check_nothing_left(pid);
}

Test(kill, interrupted)
{
	check_interrupted(SIGINT, "--strategy dfs", "dfs, incomplete: interrupted by a signal");
}

Test(kill, terminated)
{
	check_interrupted(SIGTERM, "--strategy dfs", "dfs, incomplete: interrupted by a signal");
}

Test(kill, hung_up)
{
	check_interrupted(SIGHUP, "--strategy dpor", "dpor, incomplete: interrupted by a signal");
}

Test(kill, interrupted_at_random)
{
	check_interrupted(SIGINT, "--strategy random --time 100",
			  "random, seed 1, interrupted by a signal");
}

/* Ctrl-C reaches the whole group, the workers too. */
Test(kill, interrupted_from_a_terminal)
{
	pid_t pid = search_start("--json --strategy dfs", "3 9");
	struct child child;
	json_t *result;

	sleep(1);
	kill(-pid, SIGINT);
	cr_expect(child_wait(pid) == 5);
	child = child_run("cat \"$T/out\"");
	result = child_json(child.out);
	cr_assert(result, "%s", child.out);
	cr_expect(json_is_false(json_object_get(result, "complete")));
	cr_expect_str_eq(json_string_value(json_object_get(result, "reason")), "interrupted");
	cr_expect(json_array_size(json_object_get(result, "failures")) == 0, "%s", child.out);
	json_decref(result);
	child_free(&child);
	check_nothing_left(pid);
}

/* Nothing outlives the command, even when it has no chance to clean up. */
Test(kill, the_command_itself)
{
	pid_t pid = search_start("--strategy dfs", "3 9");

	sleep(1);
	kill(pid, SIGKILL);
	cr_expect(child_wait(pid) == 128 + SIGKILL);
	for (int i = 0; i < 100 && processes_of(program); i++)
		usleep(50000);
	check_nothing_left(pid);
}

/* Killed with everything that belongs to it, again and again, a search goes on where it was. */
static void check_resumed(const char *strategy)
{
	char options[128];
	json_t *result = NULL;

	snprintf(options, sizeof(options), "--json --strategy %s --resume state", strategy);
	for (int run = 0; run < 4; run++) {
		pid_t pid = search_start(options, "2 12");
		struct child child;

		if (run < 3) {
			usleep(200000);
			kill(-pid, SIGKILL);
			cr_expect(child_wait(pid) == 128 + SIGKILL, "it ended by itself");
			continue;
		}
		cr_expect(child_wait(pid) == 0);
		child = child_run("cd \"$T\" && cat out && rm state");
		result = child_json(child.out);
		cr_assert(result, "%s", child.out);
		child_free(&child);
		/* Those of the commands that were killed end by themselves. */
		for (int i = 0; i < 100 && processes_of(program); i++)
			usleep(50000);
		check_nothing_left(pid);
	}
	cr_expect(json_is_true(json_object_get(result, "complete")));
	cr_expect(json_integer_value(json_object_get(result, "executions")) == INTERLEAVINGS,
		  "%lld", json_integer_value(json_object_get(result, "executions")));
	cr_expect(json_integer_value(json_object_get(result, "redundant")) == 0);
	json_decref(result);
}

Test(kill, all_of_it_and_resumed)
{
	check_resumed("dpor");
}

/* What the search has found is there when it goes on, with both places of a race. */
Test(kill, findings_are_resumed)
{
	static const char *const lists[] = {"failures", "races"};
	json_t *results[2];

	for (int run = 0; run < 2; run++) {
		struct child child = child_run("\"$B/heddle\" explore --json --keep-going --resume "
					       "\"$T/state\" --out \"$T\" "
					       "\"$B/scenarios/counter_unlocked\" 2");

		cr_expect(child.status == 1, "status %d", child.status);
		results[run] = child_json(child.out);
		cr_assert(results[run], "%s", child.err);
		child_free(&child);
	}
	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
		json_t *list = json_object_get(results[0], lists[i]);

		cr_expect(json_array_size(list) > 0);
		cr_expect(json_equal(list, json_object_get(results[1], lists[i])), "%s", lists[i]);
	}
	json_decref(results[0]);
	json_decref(results[1]);
}

Test(kill, all_of_it_and_resumed_depth_first)
{
	check_resumed("dfs");
}
