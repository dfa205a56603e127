/* Time is virtual, whoever asks for it and how; what goes by real time is told. */
#include "system/child.h"

#include <criterion/criterion.h>
#include <string.h>

static void program_build(void)
{
	struct child child;

	folder_make();
	child = child_run("p=tests/system/programs/clocks.c; \"$B/heddle-cc\" -g -D_GNU_SOURCE "
			  "-pthread -o \"$T/clocks\" $p && cc -g -D_GNU_SOURCE -pthread -o "
			  "\"$T/plain_clocks\" $p");
	cr_assert(child.status == 0, "%s", child.err);
	child_free(&child);
}

TestSuite(clocks, .init = program_build, .fini = folder_remove);

/* A day passes in a moment; clocks agree, go on, and show the same in each run. */
Test(clocks, virtual)
{
	static const char *const kinds[] = {"hour", "monotone", "ask", "huge"};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		struct child child = child_run(
			"cd \"$T\" && for p in clocks plain_clocks; do for w in 'run --seed 7' "
			"'explore --strategy dpor' 'explore --seed 1 --executions 200'; do timeout "
			"60 "
			"\"$B/heddle\" $w ./$p %s 2>&1 > $p.out || echo \"$p $w: $?\"; done; done",
			kinds[i]);

		cr_expect_str_eq(child.out, "", "%s: %s", kinds[i], child.out);
		child_free(&child);
	}
}

Test(clocks, are_the_same_again)
{
	struct child child = child_run(
		"cd \"$T\" && for i in 1 2; do \"$B/heddle\" run --seed 3 --trace $i.trace "
		"./clocks "
		"ask || echo fails; done > out; sort -u out | wc -l; cmp 1.trace 2.trace");

	cr_expect_str_eq(child.out, "1\n", "%s", child.out);
	child_free(&child);
}

/* What goes by real time is told. */
Test(clocks, of_the_kernel)
{
	struct child child =
		child_run("cd \"$T\" && printf '#include <unistd.h>\\nint main(void) { "
			  "alarm(1000); alarm(0); "
			  "return 0; }' > a.c && cc -o a a.c && \"$B/heddle\" run ./a");

	cr_expect(strstr(child.err, "not controlled: alarm"), "%s", child.err);
	child_free(&child);
}

/* A join with a deadline ends in time or with the thread. An exhaustive search knows no order
 * between the two, and says so; it takes the one that is left out for no deadlock. */
Test(clocks, joins)
{
	struct child child = child_run(
		"cd \"$T\" && for s in 1 2 3; do \"$B/heddle\" run --seed $s ./clocks join || echo "
		"fails; done; \"$B/heddle\" explore ./clocks join");

	cr_expect(!strstr(child.out, "fails"), "%s", child.err);
	cr_expect(strstr(child.out, "not controlled: a join with a deadline, in dpor and dfs"),
		  "%s", child.out);
	cr_expect(strstr(child.out, " 0 distinct failures"), "%s", child.out);
	child_free(&child);
}
