/* In `run` time passes while threads go on: deadlines pass in their order, loops that wait for a
 * sleeper end, and a replay's clock is the same. */
#include "system/child.h"

#include <criterion/criterion.h>
#include <string.h>

static void program_build(void)
{
	struct child child;

	folder_make();
	child = child_run("p=tests/system/programs/pace.c; \"$B/heddle-cc\" -g -D_GNU_SOURCE "
			  "-pthread -o \"$T/pace\" $p && cc -g -D_GNU_SOURCE -pthread -o "
			  "\"$T/plain_pace\" $p");
	cr_assert(child.status == 0, "%s", child.err);
	child_free(&child);
}

TestSuite(pace, .init = program_build, .fini = folder_remove);

/* Under some seeds, with hooks and without; each twice, and once more as its trace says. */
static void check(const char *arguments)
{
	struct child child = child_run(
		"cd \"$T\" && for p in pace plain_pace; do for s in 1 2 3 4; do "
		"\"$B/heddle\" run --seed $s --trace one ./$p %s || echo $p $s fails; "
		"\"$B/heddle\" run --seed $s --trace two ./$p %s || echo $p $s fails; "
		"cmp one two; timeout 60 \"$B/heddle\" replay one > replayed 2>&1 || cat replayed; "
		"done; done",
		arguments, arguments);

	cr_expect_str_eq(child.out, "", "%s: %s", arguments, child.out);
	cr_expect_str_eq(child.err, "", "%s: %s", arguments, child.err);
	child_free(&child);
}

Test(pace, deadlines_in_order)
{
	check("order");
}

Test(pace, no_timeout_too_early)
{
	check("enough");
}

Test(pace, timer)
{
	check("timer");
}

/* Nobody waits for ten hours for a signal that the program could handle. */
Test(pace, of_who_handles_signals)
{
	check("handled");
}

Test(pace, processor_time)
{
	check("busy");
}

/* Who only waits gets what it waits for. A read takes less time than a call. */
Test(pace, loops_end)
{
	struct child child = child_run(
		"cd \"$T\" && for s in 1 2 3; do for p in 'pace spin yield 3600' "
		"'plain_pace spin yield 3600' 'pace spin lock 1' 'plain_pace spin lock 1' "
		"'pace spin read 1'; do timeout 60 \"$B/heddle\" run --seed $s ./$p || echo $p $s; "
		"done; done");

	cr_expect_str_eq(child.out, "", "%s", child.out);
	cr_expect_str_eq(child.err, "", "%s", child.err);
	child_free(&child);
}

/* The exhaustive searches know no time: a timeout is a choice. The random one has both. */
Test(pace, in_searches)
{
	struct child child = child_run(
		"cd \"$T\" && for w in '--seed 1 --executions 50' '--seed 2 --executions 50 "
		"--races=off'; do timeout 60 \"$B/heddle\" explore $w ./pace spin yield 5; done");

	cr_expect(!child.status, "%s", child.err);
	cr_expect(strstr(child.out, "50 executions"), "%s", child.err);
	child_free(&child);
}
