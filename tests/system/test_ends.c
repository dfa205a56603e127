/* Threads that end the process in the midst of a search, while others could go on: each way to do
 * so is an event like any other, and the search is exact. The number of classes is that of the same
 * program in tests/unit/test_dpor_ends.c, counted there from all interleavings. */
#include "system/child.h"

#include <criterion/criterion.h>
#include <string.h>

#define CLASSES	      26
#define INTERLEAVINGS 231

static void program_build(void)
{
	struct child child;

	folder_make();
	child = child_run("\"$B/heddle-cc\" -g -pthread -o \"$T/need_not_end\" "
			  "tests/system/programs/need_not_end.c");
	cr_assert(child.status == 0, "%s", child.err);
	child_free(&child);
}

TestSuite(ends, .init = program_build, .fini = folder_remove);

static json_t *explore(const char *options, const char *way)
{
	struct child child = child_run("cd \"$T\" && \"$B/heddle\" explore %s --keep-going --json "
				       "./need_not_end %s",
				       options, way);
	json_t *result = child_json(child.out);

	cr_assert(result, "%s", child.err);
	child_free(&child);
	return result;
}

static void check(const char *options, const char *way, long executions)
{
	json_t *result = explore(options, way);
	long got = (long)json_integer_value(json_object_get(result, "executions"));

	cr_expect(json_is_true(json_object_get(result, "complete")), "%s %s", options, way);
	cr_expect(got == executions, "%s %s: %ld executions", options, way, got);
	cr_expect(json_integer_value(json_object_get(result, "redundant")) == 0, "%s %s", options,
		  way);
	json_decref(result);
}

static const char *const ways[] = {"exit", "abort", "assert", "crash", "call"};

Test(ends, classes)
{
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++)
		check("--strategy dpor", ways[i], CLASSES);
	check("--strategy dpor --fork", "crash", CLASSES);
}

Test(ends, interleavings)
{
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++)
		check("--strategy dfs", ways[i], INTERLEAVINGS);
}

/* Replayed, a crash is announced where it was. */
Test(ends, crash_again)
{
	struct child child = child_run("cd \"$T\" && \"$B/heddle\" explore --strategy dpor "
				       "--keep-going ./need_not_end crash; for t in *.trace; do "
				       "\"$B/heddle\" replay $t; test $? = 1 || exit 9; done");

	cr_expect(child.status == 0, "%d: %s", child.status, child.err);
	cr_expect(strstr(child.err, "the same as in the trace: crash"), "%s", child.err);
	child_free(&child);
}

/* What cannot be announced is said not to be complete. */
Test(ends, in_a_library)
{
	json_t *result = explore("--strategy dpor", "library");

	cr_expect(json_is_false(json_object_get(result, "complete")));
	json_decref(result);
}
