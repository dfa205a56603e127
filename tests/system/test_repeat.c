/* The same seed is the same run: byte-identical traces, exact replays, whatever the number of
 * workers and the environment. */
#include "system/child.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEEDS 8

static const char *const scenarios[] = {
	"hello",
	"ten_tasks",
	"counter_unlocked 50",
	"counter_locked 50",
	"lost_wakeup",
	"wait_if",
	"counter_read_locked 50",
	"deadlock_abba",
	"wait_while",
	"spurious_if",
	"spurious_while",
	"timeout_trusted",
	"timeout_checked",
	"bank_torn",
	"bounded_buffer",
	"bounded_buffer_one_cond",
	"philosophers",
	"double_checked",
	"lost_wakeup_fixed",
	"deadlock_ordered",
	"bank_locked",
	"philosophers_ordered",
	"double_checked_fixed",
	"counter_load_store 3 3",
	"counter_fetch_add 3 3",
	"read_copy_counter_store 3 2",
	"read_copy_counter 3 2",
	"seqlock_odd 2 2",
	"seqlock 2 2",
	"treiber_stack_aba 20",
	"treiber_stack 3",
	"ms_queue_store",
	"ms_queue",
	"chase_lev_last 2 2",
	"chase_lev 2 2",
	"rcu_no_grace 2 2",
	"rcu 2 2",
	"peterson_turn_first 10",
	"peterson 10",
	"dekker_look_first",
	"dekker 10",
	"bakery_not_choosing 3 3",
	"bakery 3 3",
	"szymanski_no_room 3 3",
	"szymanski 3 3",
	"ticket_lock_hasty",
	"ticket_lock 3 3",
	"mcs_lock_reused",
	"mcs_lock 3 3",
	"sense_barrier_one_way",
	"sense_barrier 3 3",
	"futex_mutex",
	"futex_mutex_lost",
	"pipe_token",
	"pipe_token_kept",
	"destroy_early",
	"destroy_after_unlock",
	"cancel_keeps_lock",
	"cancel_gives_back",
	"use_after_free 3",
	"use_after_free_fixed 3",
	"double_free",
	"double_free_fixed",
	"store_buffering",
	"choose_withdraw",
	"choose_withdraw_locked",
};

#define SCENARIOS (sizeof(scenarios) / sizeof(*scenarios))

static int run(const char *scenario, int seed, const char *trace, const char *before)
{
	struct child child = child_run("%s \"$B/heddle\" run --seed %d --trace \"$T/%s\" "
				       "\"$B\"/scenarios/%s",
				       before, seed, trace, scenario);
	int status = child.status;

	cr_assert(status == 0 || status == 1, "%s: %d: %s", scenario, status, child.err);
	child_free(&child);
	return status;
}

static int replay(const char *trace)
{
	struct child child = child_run("\"$B/heddle\" replay \"$T/%s\"", trace);
	int status = child.status;

	cr_expect(status == 0 || status == 1, "%s", child.err);
	child_free(&child);
	return status;
}

TestSuite(repeat, .init = folder_make, .fini = folder_remove);

Test(repeat, seeds)
{
	for (size_t i = 0; i < SCENARIOS; i++) {
		for (int seed = 1; seed <= SEEDS; seed++) {
			int first = run(scenarios[i], seed, "a", "");
			int second = run(scenarios[i], seed, "b", "");

			cr_expect(first == second);
			cr_expect(files_equal("a", "b"), "%s, seed %d", scenarios[i], seed);
			cr_expect(replay("a") == first, "%s, seed %d", scenarios[i], seed);
		}
	}
}

Test(repeat, environment_does_not_matter)
{
	for (size_t i = 0; i < SCENARIOS; i++) {
		int seed = (int)i + 1;
		int status = run(scenarios[i], seed, "a", "");

		cr_expect(run(scenarios[i], seed, "b",
			      "env FILL=$(head -c 2000 /dev/zero | tr '\\0' x)") == status);
		cr_expect(files_equal("a", "b"), "%s, seed %d", scenarios[i], seed);
	}
}

Test(repeat, no_scenario_is_forgotten)
{
	struct child child = child_run("ls scenarios/*.c | wc -l");

	cr_expect(strtoul(child.out, NULL, 10) == SCENARIOS, "%zu of %s are tested", SCENARIOS,
		  child.out);
	child_free(&child);
}

static json_t *search(const char *options, const char *scenario, const char *out)
{
	struct child child = child_run("rm -rf \"$T/%s\"; \"$B/heddle\" explore %s --json "
				       "--out \"$T/%s\" \"$B\"/scenarios/%s",
				       out, options, out, scenario);
	json_t *result = child_json(child.out);

	cr_assert(result, "%s", child.err);
	child_free(&child);
	return result;
}

static void check_same(const char *scenario, const char *key, const json_t *one, const json_t *two)
{
	cr_expect(json_equal(json_object_get(one, key), json_object_get(two, key)),
		  "%s: %s differs", scenario, key);
}

static void check_failures(const char *scenario, const json_t *one, const json_t *two)
{
	static const char *const keys[] = {"kind", "where", "count", "execution"};
	const json_t *a = json_object_get(one, "failures"), *b = json_object_get(two, "failures");

	cr_assert(json_array_size(a) == json_array_size(b), "%s", scenario);
	for (size_t i = 0; i < json_array_size(a); i++)
		for (size_t k = 0; k < 4; k++)
			check_same(scenario, keys[k], json_array_get(a, i), json_array_get(b, i));
}

/* Counts, failures and traces of one worker and of two. */
static void check_workers(const char *options, const char *scenario)
{
	char with_one[128], with_two[128];
	struct child difference;
	json_t *one, *two;

	snprintf(with_one, sizeof(with_one), "%s -j 1", options);
	snprintf(with_two, sizeof(with_two), "%s -j 2", options);
	one = search(with_one, scenario, "one");
	two = search(with_two, scenario, "two");
	check_same(scenario, "executions", one, two);
	check_failures(scenario, one, two);
	difference = child_run("diff -r \"$T/one\" \"$T/two\"");
	cr_expect(difference.status == 0, "%s %s: %s", scenario, options, difference.out);
	child_free(&difference);
	json_decref(one);
	json_decref(two);
}

Test(repeat, random_is_the_same_for_any_number_of_workers)
{
	for (size_t i = 0; i < SCENARIOS; i++)
		check_workers("--strategy random --executions 500 --keep-going", scenarios[i]);
}

Test(repeat, the_first_failure_is_the_same_for_any_number_of_workers)
{
	check_workers("--strategy random --executions 3000", "lost_wakeup");
	check_workers("--executions 3000 --seed 9", "wait_if");
	check_workers("--executions 3000 --seed 2", "double_checked");
}

Test(repeat, forked_executions_are_the_same)
{
	json_t *one = search("--strategy random --executions 500 --keep-going", "wait_if", "one");
	json_t *two =
		search("--strategy random --executions 500 --keep-going --fork", "wait_if", "two");

	check_same("wait_if", "executions", one, two);
	check_failures("wait_if", one, two);
	cr_expect_str_eq(json_string_value(json_object_get(one, "mode")), "snapshot");
	cr_expect_str_eq(json_string_value(json_object_get(two, "mode")), "fork");
	json_decref(one);
	json_decref(two);
}
