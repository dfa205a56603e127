/* What other threads are at when main exits, in an exhaustive search. */
#include "system/child.h"

#include <criterion/criterion.h>

static void programs_build(void)
{
	struct child child;

	folder_make();
	child = child_run("for p in crash_early dies exits exit_handler exit_locks; do "
			  "\"$B/heddle-cc\" -g -O1 -D_GNU_SOURCE -pthread -o \"$T/$p\" "
			  "tests/system/programs/$p.c || exit 1; done");
	cr_assert(child.status == 0, "%s", child.err);
	child_free(&child);
}

TestSuite(exits, .init = programs_build, .fini = folder_remove);

static void check(const char *strategy, const char *program, long executions, size_t failures)
{
	struct child child = child_run("cd \"$T\" && \"$B/heddle\" explore --strategy %s "
				       "--keep-going --races off --json ./%s",
				       strategy, program);
	json_t *result = child_json(child.out);

	cr_assert(result, "%s", child.err);
	cr_expect(json_is_true(json_object_get(result, "complete")), "%s", strategy);
	cr_expect(json_integer_value(json_object_get(result, "executions")) == executions,
		  "%s: %lld", strategy, json_integer_value(json_object_get(result, "executions")));
	cr_expect(json_integer_value(json_object_get(result, "redundant")) == 0, "%s", program);
	cr_expect(json_array_size(json_object_get(result, "failures")) == failures, "%s", strategy);
	json_decref(result);
	child_free(&child);
}

/* Two orders of arrivals, and then of both ways past the barrier and to an end, of which the first
 * cuts the other off: 2 * 6. The order of the arrivals does not matter, nor that of getting past;
 * who ends it does, and whether the other has got past: 4. */
Test(exits, before_another_gets_past_a_barrier)
{
	check("dfs", "exits pass", 12, 1);
	check("dpor", "exits pass", 4, 1);
}

/* A semaphore is no condition variable: it has been waited for once only, in vain. */
Test(exits, while_another_waits_again)
{
	check("dfs --spurious 0", "exits twice", 8, 0);
	check("dpor --spurious 0", "exits twice", 8, 0);
}

static void check_reason(const char *way, const char *program, const char *reason, long executions)
{
	struct child child = child_run("cd \"$T\" && \"$B/heddle\" explore %s --keep-going "
				       "--races off --json ./%s",
				       way, program);
	json_t *result = child_json(child.out);
	const char *got;

	cr_assert(result, "%s", child.err);
	got = json_string_value(json_object_get(result, "reason"));
	cr_expect_str_eq(got, reason, "%s %s: %s", way, program, got);
	cr_expect(json_integer_value(json_object_get(result, "executions")) == executions,
		  "%s %s: %lld", way, program,
		  json_integer_value(json_object_get(result, "executions")));
	json_decref(result);
	child_free(&child);
}

/* What runs at the end has events of its own. Others come before the exit, or after it where the
 * handler waits for them, or never. */
Test(exits, handlers)
{
	check("dfs", "exit_handler", 5, 0);
	check("dpor", "exit_handler", 5, 0);
	check("dpor", "exit_locks", 217, 0);
	check("dpor --fork", "exit_locks", 217, 0);
	check("dpor", "exit_locks lock", 241, 0);
	check_reason("--preemptions ..", "exit_locks", "complete", 217);
	check_reason("--preemptions ..", "exit_locks lock", "uncontrolled", 235);
	check("dpor", "exit_locks join", 30, 0);
}

/* As many as the search by states finds, also where the counter is what others are at when the
 * process dies. But whether they could have come before that is not known in general. */
Test(exits, without_a_word)
{
	check_reason("--strategy dpor", "dies", "lost", 56);
	check_reason("--strategy dpor --fork", "dies", "lost", 56);
	check_reason("--preemptions ..", "dies", "lost", 56);
}

/* That the other thread reads what main writes nobody has seen where main cannot say before that it
 * crashes. Where it can, it is one of the orders of the write, the read and the crash. */
Test(exits, before_another_has_begun)
{
	check_reason("--strategy dfs", "crash_early", "uncontrolled", 1);
	check_reason("--strategy dpor", "crash_early", "uncontrolled", 1);
	check_reason("--strategy dfs", "crash_early program", "complete", 3);
	check_reason("--strategy dpor", "crash_early program", "complete", 3);
}
