/* The table of what POSIX says that the thread functions return
 * (tests/system/programs/conformance.c): the C library agrees with it, and so does heddle, row for
 * row. */
#include "system/child.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_LEAST 130

static void programs_build(void)
{
	struct child child;

	folder_make();
	child = child_run("gcc -g -D_GNU_SOURCE -pthread -o \"$T/conformance\" "
			  "tests/system/programs/conformance.c "
			  "tests/system/programs/conformance_locks.c && "
			  "gcc -g -D_GNU_SOURCE -pthread -o \"$T/robust\" "
			  "tests/system/programs/robust.c && \"$B/heddle-cc\" -g -D_GNU_SOURCE "
			  "-pthread -o \"$T/robust_hooks\" tests/system/programs/robust.c");
	cr_assert(child.status == 0, "%s", child.err);
	child_free(&child);
}

TestSuite(conformance, .init = programs_build, .fini = folder_remove);

Test(conformance, natively_and_under_heddle)
{
	struct child native = child_run("\"$T/conformance\"");
	const char *total = strrchr(native.out, '\n');

	cr_assert(native.status == 0, "%s", native.out);
	while (total > native.out && total[-1] != '\n')
		total--;
	cr_assert(atoi(total) >= ROWS_LEAST, "%s", total);
	for (int seed = 1; seed <= 10; seed++) {
		struct child child =
			child_run("\"$B/heddle\" run --seed %d \"$T/conformance\"", seed);

		cr_expect(child.status == 0, "%s", child.err);
		cr_expect_str_eq(child.out, native.out);
		child_free(&child);
	}
	child_free(&native);
}

static void check(const char *program, const char *strategy, const char *argument, long executions,
		  const char *kind)
{
	struct child child = child_run("cd \"$T\" && \"$B/heddle\" explore --races=off --strategy "
				       "%s --keep-going --json ./%s %s",
				       strategy, program, argument);
	json_t *result = child_json(child.out);
	json_t *failures = json_object_get(result, "failures");

	cr_assert(result, "%s", child.err);
	cr_expect(json_is_true(json_object_get(result, "complete")));
	cr_expect(json_integer_value(json_object_get(result, "redundant")) == 0);
	cr_expect(json_integer_value(json_object_get(result, "executions")) == executions,
		  "%s %s %s: %lld", program, strategy, argument,
		  json_integer_value(json_object_get(result, "executions")));
	cr_expect(json_array_size(failures) == (kind ? 1 : 0), "%s %s: %s", strategy, argument,
		  child.out);
	if (kind)
		cr_expect_str_eq(
			json_string_value(json_object_get(json_array_get(failures, 0), "kind")),
			kind);
	json_decref(result);
	child_free(&child);
}

/* Threads that end with a robust mutex, and others that get it then: the orders in which they take
 * it are all that counts, 2 of two threads and 6 of three. Where the first one does not say that
 * all is well, the last ones get it no more. */
Test(conformance, robust_mutexes_in_every_order)
{
	static const char *const programs[] = {"robust", "robust_hooks"};

	for (int i = 0; i < 2; i++) {
		check(programs[i], "dpor", "2", 2, NULL);
		check(programs[i], "dfs", "2", 2, NULL);
		check(programs[i], "dpor", "3", 6, NULL);
		check(programs[i], "dfs", "3", 6, NULL);
		check(programs[i], "dpor", "3 left", 6, "assertion");
		check(programs[i], "dfs", "3 left", 6, "assertion");
	}
}
