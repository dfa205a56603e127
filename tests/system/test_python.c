/* CPython as Debian has it: its threads take turns as time passes, so counters lose updates, and
 * each seed loses its own; larger work behaves. What else runs under it: test_others.c. */
#include "system/child.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNTER_SEEDS 20
#define POINT_SEEDS   6 /* a point takes some 20 us */
#define LARGER_SEEDS  5

TestSuite(python, .init = folder_make, .fini = folder_remove);

/* To $T/NAME.trace and $T/NAME.out. */
static void run(int seed, const char *options, const char *program, const char *name)
{
	struct child child = child_run("\"$B/heddle\" run --seed %d --trace \"$T/%s.trace\" %s "
				       "/usr/bin/python3 scenarios/python/%s > \"$T/%s.out\"",
				       seed, name, options, program, name);

	cr_assert(child.status == 0, "%s, seed %d: %s", program, seed, child.err);
	/* All of it was controlled. */
	cr_expect_str_eq(child.err, "", "%s, seed %d: %s", program, seed, child.err);
	child_free(&child);
}

/* Twice, all the same; what it printed. */
static struct child run_twice(int seed, const char *options, const char *program)
{
	run(seed, options, program, "a");
	run(seed, options, program, "b");
	cr_expect(files_equal("a.trace", "b.trace"), "%s, seed %d", program, seed);
	cr_expect(files_equal("a.out", "b.out"), "%s, seed %d", program, seed);
	return child_run("cat \"$T/a.out\"");
}

static void replay(const char *program)
{
	struct child child = child_run("\"$B/heddle\" replay \"$T/a.trace\" > \"$T/c.out\"");

	cr_expect(strstr(child.err, "the same as in the trace"), "%s: %s", program, child.err);
	cr_expect(files_equal("a.out", "c.out"), "%s", program);
	child_free(&child);
}

/* Most seeds lose some of the updates, and not all seeds as many. */
static void check_counter(int seeds, const char *options, const char *program, long right)
{
	int losing = 0, values = 0;
	long seen[COUNTER_SEEDS];

	for (int seed = 1; seed <= seeds; seed++) {
		struct child child = run_twice(seed, options, program);
		long value = atol(child.out);
		bool is_new = true;

		cr_expect(value > 0 && value <= right, "%s, seed %d: %s", program, seed, child.out);
		for (int i = 0; i < values; i++)
			is_new &= seen[i] != value;
		if (is_new)
			seen[values++] = value;
		losing += value < right;
		child_free(&child);
	}
	replay(program);
	cr_expect(losing > seeds / 2, "%s: %d of %d seeds lose updates", program, losing, seeds);
	cr_expect(values > seeds / 2, "%s: %d different values", program, values);
}

Test(python, counter_read_locked)
{
	check_counter(COUNTER_SEEDS, "", "counter_read_locked.py", 20000);
}

Test(python, counter_unlocked)
{
	check_counter(POINT_SEEDS, "--point PyNumber_Long", "counter_unlocked.py", 40000);
}

/* As its comment says: without the point there is no time in bytecode. */
Test(python, counter_without_a_point)
{
	for (int seed = 1; seed <= 3; seed++) {
		struct child child = run_twice(seed, "", "counter_unlocked.py");

		cr_expect_str_eq(child.out, "40000\n");
		child_free(&child);
	}
}

/* The lock keeps what it is for, also where threads change in the middle. */
Test(python, counter_locked_with_a_point)
{
	for (int seed = 1; seed <= 3; seed++) {
		struct child child =
			run_twice(seed, "--point PyObject_Vectorcall", "counter_locked.py");

		cr_expect_str_eq(child.out, "20000\n");
		child_free(&child);
	}
}

static void check_larger(const char *program, const char *output)
{
	for (int seed = 1; seed <= LARGER_SEEDS; seed++) {
		struct child child = run_twice(seed, "", program);

		cr_expect_str_eq(child.out, output, "%s, seed %d", program, seed);
		child_free(&child);
	}
	replay(program);
}

Test(python, timeouts)
{
	check_larger("timeouts.py", "lock False True\nsemaphore False True\nevent False True\n"
				    "get Empty True\nput Full True\ncondition False True\n"
				    "join True\ntimer True True True\nend False\n");
}

Test(python, futures)
{
	check_larger("futures.py", "[0, 1, 100, 121, 144, 16, 169, 196, 225, 25, 256, 289, 324, "
				   "36, 361, 4, 64, 81, 9, 'ValueError(7)']\n0 4 True False\n"
				   "[0, 1, 2]\n[0, 1, 4, 9, 16]\n");
}

Test(python, hundred)
{
	check_larger("hundred.py", "4950 0 True 2\n");
}
