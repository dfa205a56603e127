/* What other threads are at when main exits, in an exhaustive search. */
#include "system/child.h"

#include <criterion/criterion.h>

static void program_build(void)
{
	struct child child;

	folder_make();
	child = child_run("\"$B/heddle-cc\" -g -O1 -pthread -o \"$T/exits\" "
			  "tests/system/programs/exits.c");
	cr_assert(child.status == 0, "%s", child.err);
	child_free(&child);
}

TestSuite(exits, .init = program_build, .fini = folder_remove);

static void check(const char *strategy, const char *argument, long executions, size_t failures)
{
	struct child child = child_run("cd \"$T\" && \"$B/heddle\" explore --strategy %s "
				       "--keep-going --json ./exits %s",
				       strategy, argument);
	json_t *result = child_json(child.out);

	cr_assert(result, "%s", child.err);
	cr_expect(json_is_true(json_object_get(result, "complete")), "%s", strategy);
	cr_expect(json_integer_value(json_object_get(result, "executions")) == executions,
		  "%s: %lld", strategy, json_integer_value(json_object_get(result, "executions")));
	cr_expect(json_array_size(json_object_get(result, "failures")) == failures, "%s", strategy);
	json_decref(result);
	child_free(&child);
}

/* Two orders of arrivals, and then of both ways past the barrier and to an end, of which the first
 * cuts the other off: 2 * 6. The order of the arrivals does not matter, nor that of getting past;
 * who ends it does, and whether the other has got past: 4. */
Test(exits, before_another_gets_past_a_barrier)
{
	check("dfs", "pass", 12, 1);
	check("dpor", "pass", 4, 1);
}

/* A semaphore is no condition variable: it has been waited for once only, in vain. */
Test(exits, while_another_waits_again)
{
	check("dfs", "twice", 8, 0);
	check("dpor", "twice", 8, 0);
}
