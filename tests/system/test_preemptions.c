/* The search by preemptions: how many classes need how many, of programs for which that was counted
 * by trying all interleavings (tests/unit/test_bounded.c), and what it says about what it left out.
 */
#include "system/child.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static void programs_build(void)
{
	struct child child;

	folder_make();
	child = child_run("for p in atomic_counter endless exit_handler held_before waits; do "
			  "\"$B/heddle-cc\" -g -O1 -D_GNU_SOURCE -pthread -o \"$T/$p\" "
			  "tests/system/programs/$p.c || exit 1; done; "
			  "cp \"$B\"/scenarios/counter_* \"$T\"");
	cr_assert(child.status == 0, "%s", child.err);
	child_free(&child);
}

TestSuite(preemptions, .init = programs_build, .fini = folder_remove);

static json_t *explore(const char *options, const char *program, int *status)
{
	struct child child = child_run("cd \"$T\" && \"$B/heddle\" explore --keep-going --json %s "
				       "./%s",
				       options, program);
	json_t *result = child_json(child.out);

	cr_assert(result, "%s", child.err);
	*status = child.status;
	child_free(&child);
	return result;
}

static long number(const json_t *object, const char *key)
{
	return (long)json_integer_value(json_object_get(object, key));
}

static const char *reason(const json_t *result)
{
	return json_string_value(json_object_get(result, "reason"));
}

/* How many classes need at most so many. */
static long sum_of(const json_t *result, size_t most)
{
	const json_t *list = json_object_get(result, "preemptions");
	long sum = 0;

	for (size_t i = 0; i <= most && i < json_array_size(list); i++)
		sum += (long)json_integer_value(json_array_get(list, i));
	return sum;
}

/* `known`: of classes that need at most 0, 1, ... */
static const struct {
	const char *program;
	long known[12];
} programs[] = {
	{"atomic_counter 2 2", {2, 8, 22, 32, 34}},
	{"atomic_counter 2 3", {2, 12, 56, 132, 236, 304, 326, 328}},
	{"atomic_counter 3 1", {6, 24, 36}},
	{"counter_locked 3", {2, 6, 14, 18, 20}},
	{"waits peterson 2", {2, 8, 12}},
	{"waits ticket 3", {6, 36, 48}},
	{"exit_handler", {2, 5}},
	{"held_before", {2}},
};

static void check_bound(const char *program, const long *known, size_t bound)
{
	char options[32];
	bool is_all = !known[bound + 1];
	int status;
	json_t *result;

	snprintf(options, sizeof(options), "--preemptions %s%zu", bound % 2 ? ".." : "", bound);
	result = explore(options, program, &status);
	cr_expect(number(result, "executions") == known[bound], "%s, %zu: %ld", program, bound,
		  number(result, "executions"));
	cr_expect(number(result, "redundant") == 0);
	cr_expect(number(result, "preemptions_bound") == (long)bound);
	for (size_t k = 0; k <= bound; k++)
		cr_expect(sum_of(result, k) == known[k], "%s, %zu: %ld at most %zu", program, bound,
			  sum_of(result, k), k);
	cr_expect_str_eq(reason(result), is_all ? "complete" : "preemptions", "%s, %zu", program,
			 bound);
	cr_expect(status == (is_all ? 0 : 5), "%s, %zu: status %d", program, bound, status);
	json_decref(result);
}

Test(preemptions, bounds)
{
	for (size_t i = 0; i < sizeof(programs) / sizeof(*programs); i++)
		for (size_t bound = 0; programs[i].known[bound]; bound++)
			check_bound(programs[i].program, programs[i].known, bound);
}

/* Executions in forked children follow the same plan. */
Test(preemptions, forked)
{
	int status;
	json_t *result = explore("--preemptions .. --fork", "atomic_counter 2 2", &status);

	cr_expect(status == 0 && number(result, "classes") == 34 && sum_of(result, 1) == 8);
	json_decref(result);
}

/* Without a bound, and in any order, the reduction counts them, too. */
Test(preemptions, counted)
{
	int status;
	json_t *result =
		explore("--strategy dpor --count-preemptions", "atomic_counter 2 3", &status);

	cr_expect(status == 0 && number(result, "executions") == 328);
	cr_expect(sum_of(result, 0) == 2 && sum_of(result, 3) == 132 && sum_of(result, 7) == 328);
	cr_expect(number(result, "preemptions_unknown") == 0);
	json_decref(result);
	result = explore("--strategy dpor", "atomic_counter 2 3", &status);
	cr_expect(json_is_null(json_object_get(result, "preemptions")));
	json_decref(result);
}

static void expect(const char *options, int status, const char *text)
{
	struct child child = child_run("cd \"$T\" && \"$B/heddle\" explore %s 2>&1", options);

	cr_expect(child.status == status, "%s: status %d", options, child.status);
	cr_expect(strstr(child.out, text), "%s: not \"%s\" but: %s", options, text, child.out);
	child_free(&child);
}

Test(preemptions, summary)
{
	expect("--preemptions 1 ./counter_locked 3", 5,
	       "dpor, complete for at most 1 preemption, 0 redundant; incomplete: classes that "
	       "need "
	       "more preemptions were left out");
	expect("--preemptions 1 ./counter_locked 3", 5,
	       "  classes:    2 need no preemption, 4 need 1\n");
	expect("--preemptions .. ./counter_locked 3", 0, "complete: one execution of every class");
}

/* Executions that are too long are left out, which is said; others are executed all the same. */
Test(preemptions, endless)
{
	expect("--preemptions 0 --keep-going ./endless", 5,
	       "incomplete: an execution was longer than --depth allows");
	expect("--strategy dpor --count-preemptions --time 2 --keep-going ./endless", 5,
	       "incomplete: ");
}

/* Where it ends early it says how far it has got. */
Test(preemptions, done)
{
	static const struct {
		const char *options;
		long executions, done;
	} cases[] = {
		{"--preemptions .. --executions 2", 2, 0},
		{"--preemptions .. --executions 3", 3, 0},
		{"--preemptions .. --executions 6", 6, 1},
		{"--preemptions .. --executions 19", 19, 3},
		{"--preemptions 4 --executions 14", 14, 2},
		{"--preemptions 2", 14, 2},
	};
	int status;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		json_t *result = explore(cases[i].options, "counter_locked 3", &status);

		cr_expect(status == 5 && number(result, "executions") == cases[i].executions &&
				  json_is_integer(json_object_get(result, "preemptions_done")) &&
				  number(result, "preemptions_done") == cases[i].done,
			  "%s: %ld", cases[i].options, number(result, "preemptions_done"));
		json_decref(result);
	}
	expect("--preemptions .. --executions 7 ./counter_locked 3", 5,
	       "4 need 1, 1 needs 2; none that needs at most 1 is left\n");
}

/* The two executions without preemptions pass, so the third is the first with one. The trace that
 * it leaves has no more than that. */
Test(preemptions, simple_bugs_come_first)
{
	expect("--preemptions ..3 ./counter_unlocked 3", 1, "heddle: 3 executions of ");
	expect("--preemptions ..3 ./counter_unlocked 3", 1,
	       "  classes:    2 need no preemption, 1 needs 1; none that needs at most 0 is "
	       "left\n");
	expect("--races off --preemptions 0 --keep-going ./counter_unlocked 3", 5,
	       "0 distinct failures");
}
