/* A passing and a failing execution of a program, compared. */
#include "system/child.h"

#include <criterion/criterion.h>
#include <string.h>

static void program_build(void)
{
	struct child child;

	folder_make();
	child = child_run(
		"cp scenarios/counter_unlocked.c scenarios/must.h \"$T\" && cd \"$T\" && "
		"\"$B/heddle-cc\" -g -O1 -pthread -o prog counter_unlocked.c && "
		"{ for s in 1 2 3 4 5 6 7 8; do "
		"\"$B/heddle\" run --races=off --seed $s --trace $s.trace ./prog 1 && "
		"cp $s.trace pass.trace || cp $s.trace fail.trace; done; } >/dev/null 2>&1; "
		"test -e pass.trace && test -e fail.trace");
	cr_assert(child.status == 0, "%s", child.err);
	child_free(&child);
}

TestSuite(diff, .init = program_build, .fini = folder_remove);

Test(diff, passing_and_failing)
{
	struct child child = child_run("cd \"$T\" && LC_ALL=C.UTF-8 \"$B/heddle\" diff pass.trace "
				       "fail.trace");
	const char *verdicts = strstr(child.out, "pass.trace: passed: ");
	const char *pair = strstr(child.out, "\nthe first that come in another order:\n");
	const char *value = strstr(child.out, "\nthe first that has another value or result:\n");

	cr_expect(child.status == 1, "%d", child.status);
	cr_expect(verdicts == child.out, "%s", child.out);
	cr_expect(strstr(child.out, "\nfail.trace: assertion: "), "%s", child.out);
	cr_assert(pair && value && pair < value, "%s", child.out);
	cr_expect(strstr(pair, "  counter ") < value, "%s", child.out);
	/* The locals of main() have their names in both: none is only in one. */
	cr_expect_null(strstr(child.out, "stack("), "%s", child.out);
	child_free(&child);
}

Test(diff, the_same)
{
	struct child child = child_run("cd \"$T\" && \"$B/heddle\" diff fail.trace fail.trace");

	cr_expect(child.status == 0, "%d", child.status);
	cr_expect(strstr(child.out, "\nthe same execution\n"), "%s", child.out);
	child_free(&child);
}

Test(diff, usage)
{
	struct child child = child_run("cd \"$T\" && \"$B/heddle\" diff fail.trace");

	cr_expect(child.status == 2, "%d", child.status);
	cr_expect(strstr(child.err, "heddle diff needs the names of two traces"), "%s", child.err);
	child_free(&child);
	child = child_run("cd \"$T\" && \"$B/heddle\" diff fail.trace pass.trace x.trace");
	cr_expect(child.status == 2, "%d", child.status);
	child_free(&child);
	child = child_run("cd \"$T\" && \"$B/heddle\" diff fail.trace nothing.trace");
	cr_expect(child.status == 3, "%d", child.status);
	cr_expect(strstr(child.err, "cannot read the trace `nothing.trace`"), "%s", child.err);
	child_free(&child);
}
