/* A search whose workers are killed loses nothing and counts nothing twice; one that is interrupted
 * says what it has found. */
#include "system/child.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

/* 22! / (11!)^2 */
#define INTERLEAVINGS 705432

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

static void kill_some(const char *options, int times, unsigned pause_us)
{
	pid_t pid = child_start("\"$B/heddle\" explore --keep-going %s --json -j 2 \"$T/%s\" "
				"2 11 > \"$T/out\" 2> \"$T/err\"",
				options, program);
	struct child child;
	json_t *result;

	for (int i = 0; i < times; i++) {
		usleep(pause_us);
		child = child_run("pkill -KILL -n -x %s", program);
		child_free(&child);
	}
	cr_expect(child_wait(pid) == 0);
	child = child_run("cat \"$T/out\"");
	result = child_json(child.out);
	cr_assert(result, "%s", child.out);
	cr_expect(json_is_true(json_object_get(result, "complete")) ||
		  json_integer_value(json_object_get(result, "executions")) == 2000000);
	if (json_is_true(json_object_get(result, "complete")))
		cr_expect(json_integer_value(json_object_get(result, "executions")) ==
			  INTERLEAVINGS);
	cr_expect(json_array_size(json_object_get(result, "failures")) == 0);
	json_decref(result);
	child_free(&child);
	cr_expect(processes_of(program) == 0);
}

Test(kill, workers_of_an_exhaustive_search)
{
	kill_some("--strategy dfs", 5, 100000);
}

Test(kill, workers_of_a_random_search)
{
	kill_some("--executions 2000000", 5, 100000);
}

static void interrupt(int signal)
{
	pid_t pid = child_start("exec \"$B/heddle\" explore --keep-going --strategy dfs "
				"\"$T/%s\" 3 9 > \"$T/out\" 2> \"$T/err\"",
				program);
	struct child child;

	sleep(1);
	kill(pid, signal);
	cr_expect(child_wait(pid) == 5);
	child = child_run("grep -q incomplete \"$T/out\"");
	cr_expect(child.status == 0);
	child_free(&child);
	cr_expect(processes_of(program) == 0);
}

Test(kill, interrupted)
{
	interrupt(SIGINT);
}

Test(kill, terminated)
{
	interrupt(SIGTERM);
}

/* Nothing outlives the command, even when it has no chance to clean up. */
Test(kill, the_command_itself)
{
	pid_t pid = child_start("exec \"$B/heddle\" explore --keep-going --strategy dfs "
				"\"$T/%s\" 3 9 > \"$T/out\" 2> \"$T/err\"",
				program);

	sleep(1);
	kill(pid, SIGKILL);
	cr_expect(child_wait(pid) == 128 + SIGKILL);
	for (int i = 0; i < 100 && processes_of(program); i++)
		usleep(50000);
	cr_expect(processes_of(program) == 0);
}
