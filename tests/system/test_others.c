/* Programs that nobody here wrote: they run, their results are right, and each seed repeats itself.
 */
#include "system/child.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEEDS	 20
#define INPUT_MB 3
#define WORDS	 5000

/* Text of made-up words, the same each time. */
static void input_make(void)
{
	struct child child;

	folder_make();
	child = child_run("awk 'BEGIN { s = 12345; for (n = 0; n < %d * 1048576; ) { "
			  "s = (s * 16807) %% 2147483647; w = \"w\" s %% %d; printf \"%%s \", w; "
			  "n += length(w) + 1 } }' > \"$T/input\"",
			  INPUT_MB, WORDS);
	cr_assert(child.status == 0);
	child_free(&child);
}

TestSuite(others, .init = input_make, .fini = folder_remove);

static void run(int seed, const char *trace, const char *program, const char *output)
{
	struct child child = child_run("\"$B/heddle\" run --seed %d --trace \"$T/%s\" %s > "
				       "\"$T/%s\"",
				       seed, trace, program, output);

	cr_assert(child.status == 0, "%s, seed %d: %s", program, seed, child.err);
	/* All of it was controlled. */
	cr_expect_str_eq(child.err, "", "%s, seed %d: %s", program, seed, child.err);
	child_free(&child);
}

/* The trace is unlike the one of the seed before. */
static bool is_another(const char *trace)
{
	struct child child = child_run("grep -v '^seed ' \"$T/%s\" > \"$T/now\"; "
				       "cmp -s \"$T/now\" \"$T/before\"; s=$?; "
				       "mv \"$T/now\" \"$T/before\"; exit $s",
				       trace);
	bool another = child.status != 0;

	child_free(&child);
	return another;
}

/* Each seed twice; `right` is a command that looks at the output, $T/a.out. */
static void check(const char *program, const char *right)
{
	int different = 0;

	for (int seed = 1; seed <= SEEDS; seed++) {
		struct child child;

		run(seed, "a", program, "a.out");
		run(seed, "b", program, "b.out");
		cr_expect(files_equal("a", "b"), "%s, seed %d", program, seed);
		cr_expect(files_equal("a.out", "b.out"), "%s, seed %d", program, seed);
		child = child_run("cd \"$T\" && %s", right);
		cr_expect(child.status == 0, "%s, seed %d: %s%s", program, seed, child.out,
			  child.err);
		child_free(&child);
		different += is_another("a");
	}
	cr_expect(different > SEEDS / 2, "%s: %d", program, different);
}

Test(others, pigz)
{
	check("/usr/bin/pigz -p 4 -c \"$T/input\"", "gzip -dc a.out | cmp - input");
}

Test(others, pbzip2)
{
	check("/usr/bin/pbzip2 -p4 -b1 -c \"$T/input\"", "bzip2 -dc a.out | cmp - input");
}

Test(others, xz)
{
	check("/usr/bin/xz -0 -T 4 --block-size=512KiB -c \"$T/input\"",
	      "xz -dc a.out | cmp - input");
}

Test(others, xz_undone)
{
	struct child child = child_run("xz -0 -T 4 --block-size=512KiB -c \"$T/input\" > "
				       "\"$T/input.xz\"");

	child_free(&child);
	check("/usr/bin/xz -T 4 -dc \"$T/input.xz\"", "cmp a.out input");
}

Test(others, zstd)
{
	check("/usr/bin/zstd -q -T4 -B1MiB -c \"$T/input\"", "zstd -q -dc a.out | cmp - input");
}

/* ---- CPython, with the programs of the tutorial that all this began with ---- */

#define PYTHON(name) "/usr/bin/python3 scenarios/python/" name ".py"
#define PRINTS(text) "printf '" text "' | cmp - a.out"

Test(others, python_hello)
{
	check(PYTHON("hello"), PRINTS("hello from worker\\n"));
}

/* Lines and their ends are written one by one, so only letters can be counted. */
Test(others, python_ten_tasks)
{
	check(PYTHON("ten_tasks"), "test \"$(tr -cd 0-9 < a.out | fold -w 1 | sort | tr -d "
				   "'\\n')\" = 0123456789");
}

Test(others, python_counter)
{
	check(PYTHON("counter_locked"), PRINTS("20000\\n"));
}

Test(others, python_queue)
{
	check(PYTHON("queue_pool"), PRINTS("[0, 1, 4, 9, 16, 25, 36, 49, 64, 81]\\n"));
}

Test(others, python_condition)
{
	check(PYTHON("condition"), PRINTS("got [0, 1, 2, 3, 4]\\n"));
}

Test(others, python_barrier)
{
	check(PYTHON("barrier"), PRINTS("[0, 0, 0, 1, 1, 1]\\n"));
}

Test(others, python_timer)
{
	check(PYTHON("timer"), PRINTS("False True\\n"));
}

Test(others, python_larger)
{
	check(PYTHON("larger"), PRINTS("210\\nTrue\\nFalse\\n"));
}
