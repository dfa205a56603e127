/* Programs that nobody here wrote: they run, their results are right, and each seed repeats itself.
 */
#include "system/child.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#define SEEDS	 20
#define INPUT_MB 10
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

static void pigz(int seed, const char *trace, const char *output)
{
	struct child child = child_run("\"$B/heddle\" run --seed %d --trace \"$T/%s\" "
				       "/usr/bin/pigz -p 4 -c \"$T/input\" > \"$T/%s\"",
				       seed, trace, output);

	cr_assert(child.status == 0, "%s", child.err);
	child_free(&child);
}

Test(others, pigz_under_twenty_seeds)
{
	int different = 0;

	for (int seed = 1; seed <= SEEDS; seed++) {
		struct child child;

		pigz(seed, "a", "a.gz");
		pigz(seed, "b", "b.gz");
		cr_expect(files_equal("a", "b"), "seed %d", seed);
		child = child_run("gzip -dc \"$T/a.gz\" | cmp - \"$T/input\"");
		cr_expect(child.status == 0);
		child_free(&child);
		child = child_run("grep -v '^seed ' \"$T/a\" > \"$T/now\"; "
				  "cmp -s \"$T/now\" \"$T/before\"; s=$?; "
				  "mv \"$T/now\" \"$T/before\"; exit $s");
		different += child.status != 0;
		child_free(&child);
	}
	cr_expect(different == SEEDS);
}
