/* Cancellation and signals between threads: each rule of POSIX has a small program, whose exit
 * status tells what happened. An exhaustive search finds all that can, with reduction and without
 * the same, and what happens natively is among it; each failure that it reports is replayed as it
 * was. */
#include "system/child.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void programs_build(void)
{
	struct child child;

	folder_make();
	child = child_run(
		"for p in cancels signals; do for o in 0 2; do \"$B/heddle-cc\" -g -O$o "
		"-D_GNU_SOURCE -pthread -o \"$T/$p$o\" tests/system/programs/$p.c && gcc -g "
		"-O$o -D_GNU_SOURCE -pthread -o \"$T/${p}_plain$o\" "
		"tests/system/programs/$p.c || exit 1; done; done; "
		"\"$B/heddle-c++\" -g -pthread -o \"$T/unwinds\" "
		"tests/system/programs/unwinds.cc && g++ -g -pthread -o \"$T/unwinds_plain\" "
		"tests/system/programs/unwinds.cc");
	cr_assert(child.status == 0, "%s", child.err);
	child_free(&child);
}

TestSuite(cancel, .init = programs_build, .fini = folder_remove);

/* A bit for each exit status; bit 0 for a deadlock. */
static unsigned outcomes_of(const json_t *result)
{
	const json_t *failure;
	unsigned outcomes = 0;
	size_t i;

	json_array_foreach(json_object_get(result, "failures"), i, failure)
	{
		const char *text = json_string_value(json_object_get(failure, "message"));
		const char *status = strstr(text, "with status ");

		outcomes |= 1u << (status ? atoi(status + 12) : 0);
	}
	return outcomes;
}

static json_t *explore(const char *strategy, const char *command)
{
	struct child child =
		child_run("cd \"$T\" && \"$B/heddle\" explore --spurious 0 --strategy %s "
			  "--keep-going --races=off --json ./%s",
			  strategy, command);
	json_t *result = child_json(child.out);

	cr_assert(result, "%s", child.err);
	child_free(&child);
	return result;
}

/* Every failure that was reported. */
static void check_replays(const char *command)
{
	struct child child =
		child_run("cd \"$T\" && for t in *.trace; do \"$B/heddle\" replay $t 2>&1 | "
			  "grep -q 'the same as in the trace' || { echo $t; \"$B/heddle\" "
			  "replay $t 2>&1; }; done; rm -f *.trace");

	cr_expect_str_eq(child.out, "", "%s: %s", command, child.out);
	child_free(&child);
}

/* `classes` 0: as many as there are, and the search says what it does not control; -1: as many as
 * there are. */
static void check_search(const char *strategy, const char *command, unsigned outcomes, long classes)
{
	json_t *result = explore(strategy, command);
	long executions = json_integer_value(json_object_get(result, "executions"));
	bool complete = json_is_true(json_object_get(result, "complete"));

	cr_expect(outcomes_of(result) == outcomes, "%s %s: %x instead of %x", strategy, command,
		  outcomes_of(result), outcomes);
	cr_expect(complete == (classes != 0), "%s %s: complete %d", strategy, command, complete);
	cr_expect(classes <= 0 || strncmp(strategy, "dpor", 4) || executions == classes,
		  "%s: %ld executions instead of %ld", command, executions, classes);
	cr_expect(json_integer_value(json_object_get(result, "redundant")) == 0, "%s", command);
	check_replays(command);
	json_decref(result);
}

/* One that waits for ever is ended. */
static void check_native(const char *command, unsigned outcomes)
{
	struct child child = child_run("cd \"$T\" && timeout 6 ./%s", command);
	int status = child.status == 124 ? 0 : child.status;

	cr_expect(outcomes >> status & 1, "%s: natively %d", command, status);
	child_free(&child);
}

/* The same seed, the same trace, and it is replayed. */
static void check_seeds(const char *command)
{
	for (int seed = 1; seed <= 2; seed++) {
		struct child child =
			child_run("cd \"$T\" && for k in 1 2; do \"$B/heddle\" run --seed %d "
				  "--trace t$k ./%s "
				  ">/dev/null 2>&1; done; \"$B/heddle\" replay t1 2>&1",
				  seed, command);

		cr_expect(files_equal("t1", "t2"), "%s: seed %d", command, seed);
		cr_expect(strstr(child.out, "the same as in the trace"), "%s: %s", command,
			  child.out);
		child_free(&child);
	}
}

struct rule {
	const char *name;
	unsigned outcomes;
	long classes;
	bool polls; /* in a loop: without hooks that has no end */
};

#define S(status) (1u << (status))

static void check_rule(const char *program, const struct rule *rule, int optimisation, bool plain)
{
	char command[64];

	snprintf(command, sizeof(command), "%s%s%d %s", program, plain ? "_plain" : "",
		 optimisation, rule->name);
	if (plain)
		check_native(command, rule->outcomes);
	check_seeds(command);
	if (plain && rule->polls)
		return;
	check_search("dfs", command, rule->outcomes, rule->classes);
	check_search("dpor", command, rule->outcomes, plain && rule->classes ? -1 : rule->classes);
	check_search("dpor --preemptions ..", command, rule->outcomes,
		     plain && rule->classes ? -1 : rule->classes);
}

static void check_rules(const char *program, const struct rule *rules, int optimisation, bool plain)
{
	for (; rules->name; rules++)
		check_rule(program, rules, optimisation, plain);
}

static const struct rule cancels[] = {
	{"cond", S(12) | S(13), 3, false},
	{"sem", S(10) | S(13), 2, false},
	{"test", S(11), 2, true},
	{"sleep", S(11), 2, true},
	{"join", S(11) | S(12), 2, false},
	{"disabled", S(10) | S(11), 2, false},
	{"async", S(11) | S(13) | S(14), 6, false},
	{"once", S(12) | S(15), 4, false},
	{"keys", S(17), 1, false},
	{"pass", S(17) | S(21) | S(24), 28, false},
	{"calls", S(11) | S(13) | S(15) | S(16), 4, false},
	{"self", S(13), 1, false},
	{"main", S(10), 1, false},
	{"timed", S(11), 0, false},
	{0},
};

static const struct rule signals[] = {
	{"eintr", S(11) | S(13), 2, false},
	{"restart", S(11), 2, false},
	{"mutex", S(13), 1, false},
	{"cond", S(13), 5, false},
	{"sigwait", S(10) | S(11), 3, false},
	{"mask", S(10) | S(11) | S(13) | S(15), 6, false},
	{"raise", S(10), 1, false},
	{"sleep", S(10) | S(11) | S(13), 4, false},
	{"pause", S(0) | S(11), 2, false},
	{"suspend", S(11), 1, false},
	{"kill", S(10), 1, false},
	{"main", S(11), 1, false},
	{"timed", S(10), 0, false},
	{0},
};

Test(cancel, cancellations)
{
	check_rules("cancels", cancels, 0, false);
}

Test(cancel, cancellations_without_hooks)
{
	check_rules("cancels", cancels, 2, true);
}

Test(cancel, signals)
{
	check_rules("signals", signals, 0, false);
}

Test(cancel, signals_without_hooks)
{
	check_rules("signals", signals, 2, true);
}

Test(cancel, unwinding_of_cplusplus)
{
	check_native("unwinds_plain", S(13) | S(20));
	check_seeds("unwinds");
	check_search("dfs", "unwinds_plain", S(13) | S(20), 2);
	check_search("dpor", "unwinds_plain", S(13) | S(20), 2);
}

/* The table and the verdict name the thread that is sent something, and what came of that. */
Test(cancel, words)
{
	struct child child =
		child_run("cd \"$T\" && \"$B/heddle\" explore --spurious 0 --keep-going ./signals0 "
			  "pause 2>&1; "
			  "for t in *.trace; do \"$B/heddle\" show $t; done; rm -f *.trace");

	cr_expect(strstr(child.out, "kill T1"), "%s", child.out);
	cr_expect(strstr(child.out, "waits for a signal (tests/system/programs/signals.c:"), "%s",
		  child.out);
	child_free(&child);
	child = child_run("cd \"$T\" && \"$B/heddle\" run --trace t --seed 2 ./cancels0 sem; "
			  "\"$B/heddle\" show t");
	cr_expect(strstr(child.out, "cancel T1"), "%s", child.out);
	child_free(&child);
}
