/* Threads, and what they allocate and have on their stacks, are the same in all executions that
 * differ only in the order of what is independent, whoever creates a thread first: else a reduced
 * search takes one for another. */
#include "system/child.h"

#include <criterion/criterion.h>
#include <string.h>

static void program_build(void)
{
	struct child child;

	folder_make();
	child = child_run("\"$B/heddle-cc\" -g -pthread -o \"$T/families\" "
			  "tests/system/programs/families.c");
	cr_assert(child.status == 0, "%s", child.err);
	child_free(&child);
}

TestSuite(names, .init = program_build, .fini = folder_remove);

/* Two orders of the lock, and in each of three families the 4 classes of two unlocked additions. */
#define CLASSES (2 * 4 * 4 * 4)

static void check(const char *arguments)
{
	struct child child = child_run("cd \"$T\" && \"$B/heddle\" explore --strategy dpor "
				       "--keep-going --json %s",
				       arguments);
	json_t *result = child_json(child.out);

	cr_assert(result, "%s", child.err);
	cr_expect(json_is_true(json_object_get(result, "complete")), "%s", arguments);
	cr_expect(json_integer_value(json_object_get(result, "executions")) == CLASSES, "%s: %lld",
		  arguments, json_integer_value(json_object_get(result, "executions")));
	cr_expect(json_integer_value(json_object_get(result, "redundant")) == 0, "%s: %lld",
		  arguments, json_integer_value(json_object_get(result, "redundant")));
	json_decref(result);
	child_free(&child);
}

Test(names, heap)
{
	check("./families heap");
	check("--fork ./families heap");
}

Test(names, stack)
{
	check("./families stack");
}

/* The replay knows nothing of the search, and has the same addresses. */
Test(names, replayed)
{
	struct child child =
		child_run("cd \"$T\" && \"$B/heddle\" explore --strategy dpor "
			  "--races off ./families check; \"$B/heddle\" replay *.trace");

	cr_expect(child.status == 1, "%d", child.status);
	cr_expect(strstr(child.err, "the same as in the trace: assertion"), "%s", child.err);
	child_free(&child);
}
