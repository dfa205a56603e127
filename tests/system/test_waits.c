/* Loops that only read and wait end in an exhaustive search: a turn in vain costs its events once
 * for each change of what it reads. The numbers were counted by an enumeration of these programs
 * that has nothing of heddle in it; those of `four` are C(7, 3), all orders of its seven events. */
#include "system/child.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static void program_build(void)
{
	struct child child;

	folder_make();
	child = child_run("for o in 0 1 2; do \"$B/heddle-cc\" -g -O$o -D_GNU_SOURCE -pthread -o "
			  "\"$T/waits$o\" tests/system/programs/waits.c || exit 1; done; "
			  "\"$B/heddle-cc\" -g -pthread -o \"$T/once\" "
			  "tests/system/programs/once.c && \"$B/heddle-c++\" -g -pthread -o "
			  "\"$T/call_once\" tests/system/programs/once.cc");
	cr_assert(child.status == 0, "%s", child.err);
	child_free(&child);
}

TestSuite(waits, .init = program_build, .fini = folder_remove);

static json_t *explore(const char *strategy, const char *command)
{
	struct child child = child_run("cd \"$T\" && \"$B/heddle\" explore --strategy %s "
				       "--keep-going --json ./%s",
				       strategy, command);
	json_t *result = child_json(child.out);

	cr_assert(result, "%s", child.err);
	child_free(&child);
	return result;
}

static void check_command(const char *strategy, const char *command, long executions,
			  const char *failure)
{
	json_t *result = explore(strategy, command);
	const json_t *failures = json_object_get(result, "failures");
	const char *kind = json_string_value(json_object_get(json_array_get(failures, 0), "kind"));

	cr_expect(json_is_true(json_object_get(result, "complete")), "%s %s: incomplete", command,
		  strategy);
	cr_expect(json_integer_value(json_object_get(result, "executions")) == executions,
		  "%s %s: %lld executions instead of %ld", command, strategy,
		  json_integer_value(json_object_get(result, "executions")), executions);
	cr_expect(json_integer_value(json_object_get(result, "redundant")) == 0);
	cr_expect(json_array_size(failures) == (failure ? 1 : 0), "%s %s: %zu failures", command,
		  strategy, json_array_size(failures));
	cr_expect(!failure || (kind && !strcmp(kind, failure)), "%s: %s", command, kind);
	json_decref(result);
}

static void check(const char *strategy, int optimisation, const char *arguments, long executions,
		  const char *failure)
{
	char command[64];

	snprintf(command, sizeof(command), "waits%d %s", optimisation, arguments);
	check_command(strategy, command, executions, failure);
}

static const struct {
	const char *arguments;
	long interleavings, classes; /* interleavings 0: too many */
} programs[] = {
	{"flag", 2, 2},		  {"plain", 2, 2},	     {"poll", 2, 2},
	{"exchange 2", 8, 4},	  {"exchange 2 2", 198, 34}, {"exchange 3", 186, 42},
	{"compare 2", 8, 4},	  {"compare 2 2", 198, 34},  {"compare 3", 186, 36},
	{"try 2", 8, 4},	  {"try 3", 186, 36},	     {"ticket 2", 30, 4},
	{"ticket 3", 6600, 48},	  {"ticket 2 2", 7230, 28},  {"peterson 2", 412, 12},
	{"peterson 2 2", 0, 516}, {"four", 35, 35},
};

Test(waits, numbers)
{
	for (size_t i = 0; i < sizeof(programs) / sizeof(*programs); i++)
		for (int optimisation = 0; optimisation <= 2; optimisation++) {
			check("dpor", optimisation, programs[i].arguments, programs[i].classes,
			      NULL);
			if (programs[i].interleavings)
				check("dfs", optimisation, programs[i].arguments,
				      programs[i].interleavings, NULL);
		}
}

/* A flag that is set and taken back may be missed: then the loop never ends. The trace shows that
 * again. */
Test(waits, for_ever)
{
	struct child child;

	check("dpor", 1, "blink", 4, "livelock");
	check("dfs", 1, "blink", 4, "livelock");
	child = child_run("cd \"$T\" && \"$B/heddle\" replay ./waits1-*.trace");
	cr_expect(child.status == 1, "%d", child.status);
	cr_expect(strstr(child.err, "waits in a loop for a change of `flag` (tests/system"), "%s",
		  child.err);
	cr_expect(strstr(child.err, "the same as in the trace: livelock"), "%s", child.err);
	child_free(&child);
}

/* Who comes first runs the initialiser, and nothing else is a matter of order; but where the
 * initialiser and main each add one, that is, in four classes. The interleavings: after T1 has been
 * the first, its read of `who` and then main's with T2's once and read, C(4, 2); after T2, its
 * read with T1's once and read and main's read, C(4, 1). */
Test(waits, once)
{
	check_command("dpor", "once 2", 2, NULL);
	check_command("dpor", "once 3", 3, NULL);
	check_command("dpor", "once 2 events", 8, NULL);
	check_command("dpor", "once 3 events", 12, NULL);
	check_command("dpor", "once 2 fails", 2, "assertion");
	check_command("dpor", "once 3 c11 fails", 3, "assertion");
	check_command("dfs", "once 2", 10, NULL);
	check_command("dfs", "once 2 fails", 10, "assertion");
	check_command("dpor", "call_once", 2, NULL);
	check_command("dfs", "call_once", 2, NULL);
}
