/* Whether a timed wait times out is a choice of a search, and so is a wakeup without a signal. The
 * numbers are worked out where they stand; depth-first search and reduction come to the same, for
 * all that happens is under one lock. */
#include "system/child.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static void program_build(void)
{
	struct child child;

	folder_make();
	child = child_run("p=tests/system/programs/timeouts.c; \"$B/heddle-cc\" -g -D_GNU_SOURCE "
			  "-pthread -o \"$T/timeouts\" $p && cc -g -D_GNU_SOURCE -pthread -o "
			  "\"$T/plain_timeouts\" $p");
	cr_assert(child.status == 0, "%s", child.err);
	child_free(&child);
}

TestSuite(timeouts, .init = program_build, .fini = folder_remove);

static json_t *explore(const char *options, const char *program)
{
	struct child child = child_run("cd \"$T\" && \"$B/heddle\" explore --keep-going --json %s "
				       "%s%s",
				       options, *program == '/' ? "\"$B\"" : "./", program);
	json_t *result = child_json(child.out);

	cr_assert(result, "%s", child.err);
	child_free(&child);
	return result;
}

static void check(const char *options, const char *program, long executions, long failing,
		  const char *reason)
{
	json_t *result = explore(options, program);
	const json_t *failures = json_object_get(result, "failures");
	const json_t *first = json_array_get(failures, 0);

	cr_expect_str_eq(json_string_value(json_object_get(result, "reason")), reason, "%s %s: %s",
			 options, program, json_string_value(json_object_get(result, "reason")));
	cr_expect(json_integer_value(json_object_get(result, "executions")) == executions,
		  "%s %s: %lld executions instead of %ld", options, program,
		  json_integer_value(json_object_get(result, "executions")), executions);
	cr_expect(json_integer_value(json_object_get(result, "redundant")) == 0);
	cr_expect(json_array_size(failures) == (failing ? 1 : 0) &&
			  json_integer_value(json_object_get(first, "count")) == failing,
		  "%s %s: %zu failures, %lld times", options, program, json_array_size(failures),
		  json_integer_value(json_object_get(first, "count")));
	json_decref(result);
}

/* In instrumented code and in plain one, from a snapshot and forked, one by one and by classes. */
static void check_everywhere(const char *options, const char *arguments, long executions,
			     long failing, const char *reason)
{
	static const char *const ways[] = {"--strategy dfs", "--strategy dpor",
					   "--strategy dpor --fork", "--strategy dpor -j 1",
					   "--preemptions .."};

	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++)
		for (int plain = 0; plain <= 1; plain++) {
			char all[128], program[64];

			snprintf(all, sizeof(all), "%s %s", ways[i], options);
			snprintf(program, sizeof(program), "%stimeouts %s", plain ? "plain_" : "",
				 arguments);
			check(all, program, executions, failing, reason);
		}
}

/* Before, within and after the other's section; it times out only within. A post comes before or
 * after. */
Test(timeouts, of_locks)
{
	static const char *const locks[] = {"mutex never", "reader never", "writer never"};

	for (size_t i = 0; i < sizeof(locks) / sizeof(*locks); i++)
		check_everywhere("", locks[i], 3, 1, "complete");
	check_everywhere("", "semaphore never", 2, 1, "complete");
	check_everywhere("--timeouts 1", "mutex", 3, 0, "complete");
}

/* As scenarios/timeout_trusted.c says: the signal comes too late for one that has timed out. */
Test(timeouts, of_a_condition)
{
	check_everywhere("--spurious 0", "cond never", 4, 1, "complete");
	check_everywhere("--spurious 1", "cond never", 8, 2, "complete");
}

/* The other's section comes before it, after it, or in between, and nothing else can happen. */
Test(timeouts, of_the_past)
{
	check_everywhere("", "past never", 3, 0, "complete");
}

/* The other comes before the first wait; or after 1, ..., N timeouts and before the lock that
 * follows: 1 + N. With a signal also during the first N + 1 waits. It "fails" from the second
 * timeout on. */
Test(timeouts, of_a_loop)
{
	check_everywhere("--spurious 0 --timeouts 0", "silent never", 1, 0, "timeouts");
	check_everywhere("--spurious 0 --timeouts 2", "silent never", 3, 1, "timeouts");
	check_everywhere("--spurious 0 --timeouts 5", "silent never", 6, 4, "timeouts");
	check_everywhere("--spurious 0 --timeouts 2", "loop never", 6, 2, "timeouts");
	check_everywhere("--spurious 0 --timeouts 3", "loop never", 8, 4, "timeouts");
}

/* Of the other's section the lock is taken before, after, or after k timeouts within. Who is cut
 * off there stops nobody else: no failure. */
Test(timeouts, of_a_lock_in_a_loop)
{
	check_everywhere("--timeouts 2", "lock_loop", 4, 0, "timeouts");
	check_everywhere("--timeouts 4", "lock_loop", 6, 0, "timeouts");
}

/* Nobody else can come near: there is no choice, and time passes. */
Test(timeouts, alone)
{
	check_everywhere("", "alone", 1, 0, "complete");
}

/* The failing order can be seen and repeated. */
Test(timeouts, repeated)
{
	struct child child =
		child_run("cd \"$T\" && \"$B/heddle\" explore --spurious 0 ./timeouts cond never "
			  "> /dev/null 2>&1; \"$B/heddle\" show timeouts-*.trace && \"$B/heddle\" "
			  "replay timeouts-*.trace");

	cr_expect(strstr(child.out, "wait cond,mutex, to time out"), "%s", child.out);
	cr_expect(strstr(child.err, "the same as in the trace: assertion"), "%s", child.err);
	cr_expect(!strstr(child.err, "without a signal"), "%s", child.err);
	child_free(&child);
}

/* Nothing but a wakeup without a signal makes it fail, and that is said. */
Test(timeouts, spurious)
{
	struct child child;

	check("--strategy dpor --spurious 0", "/scenarios/spurious_if", 2, 0, "complete");
	check("--strategy dfs --spurious 0", "/scenarios/spurious_if", 2, 0, "complete");
	check("--strategy dpor", "/scenarios/spurious_if", 4, 1, "complete");
	check("--preemptions ..", "/scenarios/spurious_if", 4, 1, "complete");
	check("--strategy dpor --spurious 3", "/scenarios/spurious_while", 8, 0, "complete");
	check("--preemptions .. --spurious 3", "/scenarios/spurious_while", 8, 0, "complete");
	check("--seed 3 --executions 1000 --spurious 0", "/scenarios/spurious_if", 1000, 0,
	      "executions");
	child = child_run("cd \"$T\" && \"$B/heddle\" explore \"$B/scenarios/spurious_if\"; "
			  "\"$B/heddle\" show spurious_if-*.trace && "
			  "\"$B/heddle\" replay spurious_if-*.trace");
	cr_expect(strstr(child.err, "1 wait woke without a signal"), "%s", child.err);
	cr_expect(strstr(child.err, "the same as in the trace: assertion"), "%s", child.err);
	cr_expect(strstr(child.out, "to wake without a signal"), "%s", child.out);
	child_free(&child);
}

/* Without it, the numbers in the scenarios' headers. */
Test(timeouts, without_spurious_wakeups)
{
	static const struct {
		const char *scenario;
		long executions, failing;
	} rows[] = {
		{"/scenarios/wait_if", 26, 2},	      {"/scenarios/wait_while", 26, 0},
		{"/scenarios/lost_wakeup", 4, 1},     {"/scenarios/lost_wakeup_fixed", 2, 0},
		{"/scenarios/bounded_buffer", 32, 0}, {"/scenarios/bounded_buffer_one_cond", 40, 4},
		{"/scenarios/timeout_trusted", 4, 1}, {"/scenarios/timeout_checked", 4, 0}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		check("--spurious 0", rows[i].scenario, rows[i].executions, rows[i].failing,
		      "complete");
}

/* `run` wakes nobody without a signal, unless it is asked to, and lets nobody time out who need
 * not. */
Test(timeouts, in_run)
{
	struct child child =
		child_run("cd \"$T\" && for s in $(seq 40); do \"$B/heddle\" run --seed $s "
			  "\"$B/scenarios/spurious_if\" || echo fails; \"$B/heddle\" run --seed $s "
			  "./timeouts cond never || echo fails; done");

	cr_expect_str_eq(child.out, "", "%s", child.err);
	child_free(&child);
	child = child_run(
		"cd \"$T\" && for s in $(seq 40); do \"$B/heddle\" run --spurious 1 --seed "
		"$s \"$B/scenarios/spurious_if\" 2> told && continue; grep 'replay with' told; "
		"\"$B/heddle\" run --spurious 1 --seed $s --trace a.trace "
		"\"$B/scenarios/spurious_if\" 2> told; \"$B/heddle\" replay a.trace; exit; "
		"done");
	cr_expect(strstr(child.out, " --spurious 1 --trace "), "%s", child.out);
	cr_expect(strstr(child.err, "the same as in the trace: assertion"), "%s", child.err);
	child_free(&child);
}

/* A random search finds it too, the same each time, and its trace leads there. */
Test(timeouts, in_a_random_search)
{
	struct child first = child_run(
			     "cd \"$T\" && \"$B/heddle\" explore --seed 5 -j 1 ./timeouts "
			     "cond never 2>&1 | grep -v 'speed:\\|time:'; cp *.trace once"),
		     second = child_run(
			     "cd \"$T\" && \"$B/heddle\" explore --seed 5 -j 1 ./timeouts "
			     "cond never 2>&1 | grep -v 'speed:\\|time:'; "
			     "cmp *.trace once; \"$B/heddle\" replay *.trace");

	cr_expect(strstr(first.out, "assertion"), "%s", first.out);
	cr_expect_str_eq(first.out, second.out);
	cr_expect(strstr(second.err, "the same as in the trace: assertion"), "%s", second.err);
	child_free(&first);
	child_free(&second);
}
