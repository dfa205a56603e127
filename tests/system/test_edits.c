/* Traces of a program that was edited since: how far they are followed, and that another execution
 * is never shown as if it were theirs. */
#include "system/child.h"

#include <criterion/criterion.h>
#include <string.h>

TestSuite(edits, .init = folder_make, .fini = folder_remove);

/* An edit of a program: with which status its replay ends, and what it says. */
struct edit {
	int number, status;
	const char *says, *says_too;
};

#define REACHED(kind)	  "heddle: the end is that of the trace: " kind "\n"
#define SAME(count, kind) "heddle: replayed " count " events, the same as in the trace: " kind "\n"
#define DIFFERENCES(count, more, less)                                                             \
	"heddle: replayed with " count ": " more " more than in the trace, " less " left out\n"
#define IMPOSSIBLE                                                                                 \
	"heddle: replay diverged: the program as it is now cannot go in the order of the trace\n"

static void build(const char *program, int edit)
{
	struct child child = child_run("\"$B/heddle-cc\" -g -O1 -pthread -DEDIT=%d -o \"$T/prog\" "
				       "tests/system/programs/%s.c",
				       edit, program);

	cr_assert(child.status == 0, "%s", child.err);
	child_free(&child);
}

static void trace(const char *program)
{
	struct child child;

	build(program, 0);
	child = child_run("cd \"$T\" && \"$B/heddle\" explore -j 1 --races=off ./prog; "
			  "mv prog-*.trace t.trace && \"$B/heddle\" replay --races=off t.trace");
	cr_assert(child.status == 1, "%s", child.err);
	cr_assert(strstr(child.err, "the same as in the trace"), "%s", child.err);
	child_free(&child);
}

static void check(const char *program, const struct edit *edits, size_t count)
{
	trace(program);
	for (size_t i = 0; i < count; i++) {
		struct child child;

		build(program, edits[i].number);
		child = child_run("cd \"$T\" && \"$B/heddle\" replay --races=off t.trace");
		cr_expect(child.status == edits[i].status, "%s %d: %d: %s", program,
			  edits[i].number, child.status, child.err);
		cr_expect(strstr(child.err, edits[i].says), "%s %d: no `%s` in %s", program,
			  edits[i].number, edits[i].says, child.err);
		cr_expect(strstr(child.err, edits[i].says_too), "%s %d: no `%s` in %s", program,
			  edits[i].number, edits[i].says_too, child.err);
		/* Of what does not fit nothing else is told. */
		if (edits[i].status == 4)
			cr_expect_null(strstr(child.err, "Assertion"), "%s", child.err);
		child_free(&child);
	}
}

Test(edits, counter)
{
	static const struct edit edits[] = {
		{1, 1, DIFFERENCES("2 differences", "2 events", "0"), REACHED("assertion")},
		{2, 1, SAME("24", "assertion"), "  `counter` is now `total`\n"},
		{3, 1, SAME("24", "assertion"), "Assertion `counter == 2' failed"},
		{4, 1, DIFFERENCES("16 differences", "16 events", "0"), REACHED("assertion")},
		{5, 1, "heddle: replayed with ", REACHED("assertion")},
		{6, 1, DIFFERENCES("8 differences", "0 events", "8"), REACHED("assertion")},
		{7, 1, DIFFERENCES("6 differences", "0 events", "6"), REACHED("assertion")},
		{8, 4, IMPOSSIBLE, "  this would have to come earlier: T2   lock          outer "},
		{9, 4, "heddle: replay diverged: the program has changed too much: only ",
		 "events of the trace are there\n"},
		{10, 6, "left out\n", "heddle: the end is another one: passed, not assertion\n"},
		{11, 1, "Assertion `counter > 5' failed", SAME("24", "assertion")},
	};

	check("edited_counter", edits, sizeof(edits) / sizeof(edits[0]));
}

Test(edits, deadlock)
{
	static const struct edit edits[] = {
		{1, 1, "the same as in the trace: deadlock\n", "no thread can run"},
		{2, 1, "  `right` is now `fork_right`\n", "no thread can run"},
		{3, 1, DIFFERENCES("4 differences", "4 events", "0"), REACHED("deadlock")},
		{4, 4, "heddle: replay diverged: ", "heddle show t.trace\n"},
		{5, 1, "heddle: replayed with ", REACHED("deadlock")},
	};

	check("edited_deadlock", edits, sizeof(edits) / sizeof(edits[0]));
}

/* The program that the trace is of does the same, or it is an error; what it writes is written
 * once. */
Test(edits, output_is_that_of_one_execution)
{
	struct child child;

	trace("edited_counter");
	build("edited_counter", 1);
	child = child_run("cd \"$T\" && \"$B/heddle\" replay --races=off t.trace");
	cr_expect_str_eq(child.out, "found 0\nfound 0\n");
	child_free(&child);
}
