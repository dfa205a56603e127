/* The machine under the threads: many of them, deep ones, every way to end, forked executions. */
#include "system/child.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static void programs_build(void)
{
	struct child child;

	folder_make();
	child = child_run("for p in threads ends results opens_file heap barrier winner "
			  "processors sleeps; do gcc -g -O1 "
			  "-D_GNU_SOURCE -pthread -o "
			  "\"$T/$p\" tests/system/programs/$p.c || exit 1; done");
	cr_assert(child.status == 0, "%s", child.err);
	child_free(&child);
}

TestSuite(machine, .init = programs_build, .fini = folder_remove);

static void expect(const char *command, int status, const char *out, const char *err)
{
	struct child child = child_run("cd \"$T\" && %s", command);

	cr_expect(child.status == status, "%s: status %d: %s", command, child.status, child.err);
	cr_expect(strstr(child.out, out), "%s: `%s'", command, child.out);
	cr_expect(strstr(child.err, err), "%s: `%s'", command, child.err);
	child_free(&child);
}

Test(machine, a_thousand_threads)
{
	expect("\"$B/heddle\" run ./threads 1000", 0, "1000 threads", "");
	expect("\"$B/heddle\" explore --strategy random --executions 20 ./threads 300", 0,
	       "0 distinct failures", "");
}

/* With as many threads as there can be in one process, also of the kernel. */
Test(machine, thousands_of_threads)
{
	expect("\"$B/heddle\" run ./threads 9000", 0, "9000 threads", "");
	expect("\"$B/heddle\" explore --strategy random -j 1 --executions 1 ./threads 5000", 0,
	       "0 distinct failures", "");
}

/* A program that asks how many processors there are gets the same answer as without heddle. */
Test(machine, processors_of_the_program)
{
	expect("\"$B/heddle\" run ./processors \"$(nproc)\"", 0, "in a thread", "");
	expect("\"$B/heddle\" explore ./processors \"$(nproc)\"", 0, "0 distinct failures", "");
	expect("\"$B/heddle\" explore --fork --strategy random --executions 20 -j 1 "
	       "./processors \"$(nproc)\"",
	       0, "0 distinct failures", "");
	expect("\"$B/heddle\" run ./processors \"$(($(nproc) + 1))\"", 1, "in a thread", "");
}

/* A lock is waited for also by one whose sleep is over. */
Test(machine, locks_after_sleeps)
{
	expect("for s in 1 2 3 4 5; do \"$B/heddle\" run --seed $s ./sleeps || exit 1; done", 0, "",
	       "");
	expect("\"$B/heddle\" explore --strategy random --executions 200 ./sleeps", 0,
	       "0 distinct failures", "");
}

Test(machine, posix_results)
{
	expect("./results", 0, "0 wrong", "");
	expect("\"$B/heddle\" run ./results", 0, "0 wrong", "");
	expect("\"$B/heddle\" explore --strategy random --executions 50 ./results", 0,
	       "0 distinct failures", "");
}

Test(machine, ways_to_end)
{
	expect("\"$B/heddle\" run ./ends fine", 0, "about to end", "");
	expect("\"$B/heddle\" run ./ends deep", 0, "about to end", "");
	expect("\"$B/heddle\" run ./ends assert", 1, "", "heddle: assertion: ");
	expect("\"$B/heddle\" run ./ends abort", 1, "", "heddle: abort: ");
	expect("\"$B/heddle\" run ./ends crash", 1, "", "heddle: crash: segmentation fault");
	expect("\"$B/heddle\" run ./ends overflow", 1, "", "heddle: stack overflow: ");
	expect("\"$B/heddle\" run ./ends status", 1, "about to end", "heddle: exit status: ");
	expect("\"$B/heddle\" run ./ends at-once", 1, "", "heddle: exit status: ");
	expect("\"$B/heddle\" run ./ends wait", 1, "", "heddle: deadlock: ");
	expect("\"$B/heddle\" run --stuck 1 ./ends loop", 1, "", "heddle: livelock: ");
}

Test(machine, ways_to_end_in_a_search)
{
	static const char *const ways[] = {"assert",   "abort",	 "crash",
					   "overflow", "status", "wait"};

	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		char command[256];

		for (int forked = 0; forked < 2; forked++) {
			snprintf(command, sizeof(command),
				 "\"$B/heddle\" explore %s ./ends %s 2>&1", forked ? "--fork" : "",
				 ways[i]);
			expect(command, 1, "1 distinct failure", "");
			expect(command, 1, "about to end", "");
		}
	}
	expect("\"$B/heddle\" explore ./ends fine", 0, "0 distinct failures", "");
}

/* The run says with which status the program ended and keeps what it wrote before. */
Test(machine, exit_status_is_told)
{
	expect("\"$B/heddle\" run ./ends status", 1, "about to end\n", "status 7");
	expect("\"$B/heddle\" run ./ends at-once", 1, "", "status 8");
	expect("\"$B/heddle\" explore ./ends status 2>&1", 1, "status 7", "");
	expect("\"$B/heddle\" explore --json --out . ./ends status", 1, "\"exit_status\": 1", "");
}

/* Blocks are the same size, place and content whether or not heddle makes them; and no access to a
 * block that one thread alone knows is a choice, so that only the order of the one lock remains. */
Test(machine, heap)
{
	expect("./heap", 0, "", "");
	expect("\"$B/heddle\" run ./heap", 0, "", "");
	expect("\"$B/heddle\" explore --strategy dfs ./heap", 0, "2 executions of ", "");
	expect("\"$B/heddle-cc\" -g -O1 -D_GNU_SOURCE -pthread -o hooked "
	       "\"$OLDPWD/tests/system/programs/heap.c\"",
	       0, "", "");
	expect("./hooked", 0, "", "");
	expect("\"$B/heddle\" explore --strategy dfs ./hooked", 0, "2 executions of ", "");
	expect("\"$B/heddle\" explore --strategy dpor ./hooked", 0, "2 executions of ", "");
}

static json_t *search(const char *options)
{
	struct child child = child_run("cd \"$T\" && \"$B/heddle\" explore --json --keep-going "
				       "--strategy dfs %s ./opens_file one two",
				       options);
	json_t *result = child_json(child.out);

	cr_assert(result, "%s", child.err);
	child_free(&child);
	return result;
}

/* A program that changes what only the kernel knows is run in forked children, which is said, and
 * gives the same result as when that was asked for. */
Test(machine, change_to_forked_executions)
{
	static const char *const same[] = {"executions", "complete", "failures"};
	json_t *found = search(""), *asked = search("--fork");

	cr_expect_str_eq(json_string_value(json_object_get(found, "mode")), "fork");
	cr_expect(strstr(json_string_value(json_object_get(found, "mode_reason")), "open"));
	cr_expect(json_integer_value(json_object_get(found, "executions")) == 2);
	cr_expect(json_is_true(json_object_get(found, "complete")));
	for (size_t i = 0; i < sizeof(same) / sizeof(*same); i++)
		cr_expect(json_equal(json_object_get(found, same[i]),
				     json_object_get(asked, same[i])),
			  "%s differs", same[i]);
	json_decref(found);
	json_decref(asked);
}

/* Arrivals of more threads than a barrier is for do not commute: which two meet there decides
 * whether the third thread ends the process or waits for ever. Those of the same threads each time
 * commute. */
Test(machine, changing_threads_at_a_barrier)
{
	static const char many[] =
		"\"$B/heddle\" explore --strategy dpor --keep-going ./barrier many";

	expect("\"$B/heddle\" explore --strategy dfs --keep-going ./barrier many", 1,
	       "complete: every interleaving", "");
	expect(many, 1, "dpor, complete: ", "");
	expect(many, 1, "2 distinct failures", "");
	expect("\"$B/heddle\" explore --strategy dpor --keep-going ./barrier", 0,
	       "dpor, complete: ", "");
}

/* Whoever is slow to pass, and whatever has come to the barrier meanwhile: each generation has one
 * serial thread. */
Test(machine, one_serial_thread_for_each_generation)
{
	expect("\"$B/heddle\" explore --strategy dfs --keep-going ./barrier serial", 0,
	       "dfs, complete: ", "");
	expect("\"$B/heddle\" explore --strategy dpor --keep-going ./barrier serial", 0,
	       "dpor, complete: ", "");
	expect("\"$B/heddle\" explore --executions 1000 ./barrier serial", 0, "0 distinct failures",
	       "");
}

/* Each of 31 can win, and the two that then are there have two orders. One more has no room, even
 * where no single execution has so many threads. */
Test(machine, threads_of_all_executions_together)
{
	expect("\"$B/heddle\" explore --strategy dpor --keep-going ./winner 31", 0, "62 executions",
	       "");
	expect("\"$B/heddle\" explore --strategy dpor --keep-going ./winner 31", 0,
	       "dpor, complete: ", "");
	expect("\"$B/heddle\" explore --strategy dpor --keep-going ./winner 40", 5,
	       "dpor, incomplete: ", "");
	expect("\"$B/heddle\" explore --strategy dpor --keep-going ./winner 40", 5,
	       "not controlled: more than 64 threads in all, in dpor", "");
}

/* What goes another way after the same choices ends the search, with what was expected and what
 * came. */
Test(machine, not_deterministic)
{
	static const char *const strategies[] = {"dfs", "dpor"};

	expect("\"$B/heddle-cc\" -g -O1 -pthread -o chance "
	       "\"$OLDPWD/tests/system/programs/chance.c\"",
	       0, "", "");
	for (size_t i = 0; i < 2; i++) {
		char command[128];

		snprintf(command, sizeof(command),
			 "\"$B/heddle\" explore --keep-going --strategy %s ./chance",
			 strategies[i]);
		expect(command, 1, "incomplete: the program is not deterministic", "");
		expect(command, 1, "heddle: diverged: after the same choices ", "");
	}
	expect("\"$B/heddle\" explore --strategy dpor ./chance", 1,
	       "after the same choices there was T", "");
}
