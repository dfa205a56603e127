/* Threads that end the process in the midst of a search, while others could go on: each way to do
 * so is an event like any other, and the search is exact. The number of classes is that of the same
 * program in tests/unit/test_dpor_ends.c, counted there from all interleavings. */
#include "system/child.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define CLASSES	      26
#define INTERLEAVINGS 231

static void program_build(void)
{
	struct child child;

	folder_make();
	child = child_run(
		"for p in need_not_end leaves rings handler; do \"$B/heddle-cc\" -g -pthread -o "
		"\"$T/$p\" tests/system/programs/$p.c || exit 1; done");
	cr_assert(child.status == 0, "%s", child.err);
	child_free(&child);
}

TestSuite(ends, .init = program_build, .fini = folder_remove);

static json_t *explore(const char *options, const char *command)
{
	struct child child = child_run(
		"cd \"$T\" && \"$B/heddle\" explore --keep-going --json --strategy %s ./%s",
		options, command);
	json_t *result = child_json(child.out);

	cr_assert(result, "%s", child.err);
	child_free(&child);
	return result;
}

static json_t *check_number(const char *options, const char *command, long executions)
{
	json_t *result = explore(options, command);
	long got = (long)json_integer_value(json_object_get(result, "executions"));

	cr_expect(json_is_true(json_object_get(result, "complete")), "%s %s", options, command);
	cr_expect(got == executions, "%s %s: %ld executions", options, command, got);
	cr_expect(json_integer_value(json_object_get(result, "redundant")) == 0, "%s %s", options,
		  command);
	return result;
}

static void check(const char *options, const char *way, long executions)
{
	char command[64];

	snprintf(command, sizeof(command), "need_not_end %s", way);
	json_decref(check_number(options, command, executions));
}

static const char *const ways[] = {"exit", "abort", "assert", "crash", "call", "free"};

Test(ends, classes)
{
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++)
		check("dpor", ways[i], CLASSES);
	check("dpor --fork", "crash", CLASSES);
}

Test(ends, interleavings)
{
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++)
		check("dfs", ways[i], INTERLEAVINGS);
}

/* Replayed, a crash is announced where it was. */
Test(ends, crash_again)
{
	struct child child = child_run("cd \"$T\" && \"$B/heddle\" explore --strategy dpor "
				       "--keep-going ./need_not_end crash; for t in *.trace; do "
				       "\"$B/heddle\" replay $t; test $? = 1 || exit 9; done");

	cr_expect(child.status == 0, "%d: %s", child.status, child.err);
	cr_expect(strstr(child.err, "the same as in the trace: crash"), "%s", child.err);
	child_free(&child);
}

/* What cannot be announced is said not to be complete. */
Test(ends, in_a_library)
{
	json_t *result = explore("dpor", "need_not_end library");

	cr_expect(json_is_false(json_object_get(result, "complete")));
	json_decref(result);
}

/* The exit comes before any of the four locks and unlocks, or after one of them, in either of two
 * orders: 1 + 2 * 4. What its handlers do after it comes after all that, or where they wait for a
 * thread after what that does meanwhile. */
Test(ends, exit_handlers)
{
	json_t *result;

	json_decref(check_number("dfs", "handler", 9));
	json_decref(check_number("dpor", "handler", 9));
	json_decref(check_number("dpor", "handler both", 39));
	result = explore("dpor --preemptions ..", "handler both");
	cr_expect(json_is_false(json_object_get(result, "complete")));
	cr_expect(json_array_size(json_object_get(result, "failures")) == 0);
	json_decref(result);
}

static void check_leaves(const char *options, const char *arguments, long executions,
			 const char *failure)
{
	char command[64];
	json_t *result, *failures;
	const char *kind;

	snprintf(command, sizeof(command), "leaves %s", arguments);
	result = check_number(options, command, executions);
	failures = json_object_get(result, "failures");
	kind = json_string_value(json_object_get(json_array_get(failures, 0), "kind"));
	cr_expect(json_array_size(failures) == (failure ? 1 : 0), "%s %s", options, arguments);
	cr_expect(!failure || (kind && !strcmp(kind, failure)), "%s %s: %s", options, arguments,
		  kind);
	json_decref(result);
}

/* Each thread has two events, and main's return or the other's failed assertion is one more, which
 * cuts off what the other would still have done: 1 + 3 + 6 interleavings by how much it has done,
 * 1 + 2 + 4 classes. Twice as many where both may come. */
Test(ends, main_returns)
{
	check_leaves("dfs", "0", 10, NULL);
	check_leaves("dpor", "0", 7, NULL);
	check_leaves("dfs", "0 fails", 20, "assertion");
	check_leaves("dpor", "0 fails", 14, "assertion");
	check_leaves("dpor", "4", 7, "exit status");
	check_leaves("dpor", "0 blocked", 7, NULL);
}

/* Main's return ends nothing: C(4, 2) interleavings, the 4 classes of two unlocked additions. An
 * exit() still ends all. */
Test(ends, main_returns_and_waits)
{
	check_leaves("dfs --wait-for-threads", "0", 6, NULL);
	check_leaves("dpor --wait-for-threads", "0", 4, NULL);
	check_leaves("dfs --wait-for-threads", "0 fails", 10, "assertion");
	check_leaves("dpor --wait-for-threads", "0 fails", 7, "assertion");
	check_leaves("dpor --wait-for-threads", "4", 4, "exit status");
	check_leaves("dpor --wait-for-threads", "4 exit", 7, "exit status");
	check_leaves("dpor --wait-for-threads", "0 blocked", 4, "deadlock");
}

/* Whatever the seed, the other thread has finished; and the trace says that it was to. */
Test(ends, run_that_waits)
{
	struct child child =
		child_run("cd \"$T\" && for i in 1 2 3 4 5 6 7 8; do \"$B/heddle\" run --seed $i "
			  "--races off --wait-for-threads ./leaves 0 || exit 1; done | sort | uniq "
			  "-c; \"$B/heddle\" run "
			  "--races off --wait-for-threads --trace t ./leaves 5; grep wait t; "
			  "\"$B/heddle\" replay --races off t");

	cr_expect(strstr(child.out, "8 the other has finished"), "%s", child.out);
	cr_expect(strstr(child.out, "setting wait-for-threads 1"), "%s", child.out);
	cr_expect(strstr(child.err, "the program ended with status 5"), "%s", child.err);
	cr_expect(strstr(child.err, "the same as in the trace: exit status"), "%s", child.err);
	child_free(&child);
}

static void check_ring(const char *options, const char *way, const char *message)
{
	char command[64];
	json_t *result, *failures, *failure;

	snprintf(command, sizeof(command), "rings %s", way);
	result = explore(options, command);
	failures = json_object_get(result, "failures");
	failure = json_array_get(failures, 0);
	cr_expect(json_array_size(failures) == (message ? 1 : 0), "%s %s: %zu failures", way,
		  options, json_array_size(failures));
	if (message && failure) {
		cr_expect_str_eq(json_string_value(json_object_get(failure, "kind")), "deadlock");
		cr_expect_str_eq(json_string_value(json_object_get(failure, "message")), message);
	}
	json_decref(result);
}

/* Two threads that wait for each other are a deadlock, also where main goes on and returns. */
Test(ends, deadlock_in_part)
{
	static const char *const strategies[] = {"dfs", "dpor", "random --executions 1000"};
	static const char both[] =
		"the process ended while T1 one and T2 two waited for each other";

	for (size_t i = 0; i < sizeof(strategies) / sizeof(*strategies); i++) {
		check_ring(strategies[i], "mutex", both);
		check_ring(strategies[i], "spin", both);
		check_ring(strategies[i], "rwlock", both);
		check_ring(strategies[i], "self",
			   "the process ended while T1 one waited for itself");
		check_ring(strategies[i], "dead",
			   "the process ended while T2 two waited for one that had ended");
	}
	check_ring("dfs", "join",
		   "the process ended while T1 one and T3 locked waited for each other");
}

/* Threads that are merely cut off by the end are none. */
Test(ends, no_deadlock_in_part)
{
	static const char *const fine[] = {"ordered", "main", "cond", "sem", "timed"};

	for (size_t i = 0; i < sizeof(fine) / sizeof(*fine); i++) {
		check_ring("dfs", fine[i], NULL);
		check_ring("dpor", fine[i], NULL);
		check_ring("random --executions 1000", fine[i], NULL);
	}
}

/* What a run wrote is not lost: the process goes on to its end. */
Test(ends, deadlock_in_part_of_a_run)
{
	struct child child =
		child_run("cd \"$T\" && i=0; while \"$B/heddle\" run --trace t --seed $i ./rings "
			  "mutex slow >out && test $i -lt 30; do i=$((i + 1)); done; cat out; "
			  "\"$B/heddle\" replay t");

	cr_expect(child.status == 1, "%d", child.status);
	cr_expect(strstr(child.out, "main returns\n"), "%s", child.out);
	cr_expect(strstr(child.err, "waited for each other\n  T1 one "), "%s", child.err);
	cr_expect(strstr(child.err, "the same as in the trace: deadlock"), "%s", child.err);
	child_free(&child);
}
