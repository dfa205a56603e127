/* Loops that wait, in code without hooks: they end where somebody ends them, and are a livelock
 * where nobody can. */
#include "system/child.h"

#include <criterion/criterion.h>
#include <stdio.h>

static void programs_build(void)
{
	struct child child;

	folder_make();
	child = child_run("P=tests/system/programs; for o in 0 2; do "
			  "cc -O$o -g -pthread -o \"$T/loops$o\" $P/loops.c || exit; done");
	cr_assert(child.status == 0, "%s", child.err);
	child_free(&child);
}

TestSuite(loops, .init = programs_build, .fini = folder_remove, .timeout = 300);

static const char *const kinds[] = {"flag",	   "pause",   "yield",	  "ticket",
				    "exchange",	   "compare", "sequence", "sleep",
				    "yield-sleep", "input",   "long"};

#define KINDS (sizeof(kinds) / sizeof(*kinds))

/* Runs a command in the test's folder for each kind, at both levels of optimisation. */
static void each(const char *command, const char *more, size_t count, int status)
{
	for (size_t i = 0; i < 2 * count; i++) {
		const char *kind = kinds[i / 2];
		struct child child =
			child_run("cd \"$T\" && H=\"$B/heddle\" P=./loops%d K='%s%s' && %s",
				  i % 2 ? 2 : 0, kind, more, command);

		cr_expect(child.status == status, "%s, %s: %d: %s", command, kind, child.status,
			  child.err);
		child_free(&child);
	}
}

Test(loops, end_in_a_run_and_each_seed_repeats_itself)
{
	each("for s in 1 2 3; do \"$H\" run --seed $s --trace a $P $K && "
	     "\"$H\" run --seed $s --trace b $P $K && cmp a b && \"$H\" replay a || exit; done",
	     "", KINDS, 0);
}

Test(loops, end_in_searches)
{
	each("\"$H\" explore --seed 1 --executions 30 $P $K && \"$H\" explore --strategy dfs $P $K",
	     "", KINDS, 0);
	/* Either it met none or it says that it may have left orders out. */
	each("\"$H\" explore $P $K > out 2>&1; s=$?; test $s = 0 || "
	     "{ test $s = 5 && grep -q 'not controlled: a loop' out; }",
	     "", KINDS, 0);
}

/* The first six: in the seventh it depends on the order. */
Test(loops, that_nobody_ends_are_livelocks)
{
	static const char *const searches[] = {"run --trace t", "explore --seed 1",
					       "explore --strategy dfs", "explore"};

	for (size_t i = 0; i < sizeof(searches) / sizeof(*searches); i++) {
		char command[300];

		snprintf(
			command, sizeof(command),
			"\"$H\" %s $P $K > out 2>&1; test $? = 1 && "
			"grep -q 'livelock: T1' out && grep -q 'for a change of `' out && "
			"grep -q 'loops.c:[0-9]' out && t=$(ls -t *.trace t 2>/dev/null | head -1) "
			"&& \"$H\" replay $t 2>&1 | grep -q 'livelock: T1'",
			searches[i]);
		each(command, " forever", 6, 0);
	}
}
