/*
 * test_counts.c - numbers of classes that the literature on partial-order reduction gives.
 *
 * readers(N) has 2^N: each read comes before the write or after it, and reads do not count among
 * each other. lastzero(N) has (N + 3) * 2^(N - 2): 2, 5, 12, 28, ... Both programs stem from
 * Abdulla, Aronis, Jonsson and Sagonas, "Optimal dynamic partial order reduction" (2014).
 */
#include "system/child.h"

#include <criterion/criterion.h>
#include <string.h>

static const struct count {
	const char *program;
	int size;
	long long classes;
} counts[] = {
	{"readers", 1, 2},   {"readers", 2, 4},	  {"readers", 3, 8},	{"readers", 4, 16},
	{"readers", 8, 256}, {"lastzero", 1, 2},  {"lastzero", 2, 5},	{"lastzero", 3, 12},
	{"lastzero", 4, 28}, {"lastzero", 5, 64}, {"lastzero", 8, 704},
};

static void programs_build(void)
{
	struct child child;

	folder_make();
	child = child_run("for p in readers lastzero; do \"$B/heddle-cc\" -g -O1 -pthread -o "
			  "\"$T/$p\" tests/system/programs/$p.c || exit 1; done");
	cr_assert(child.status == 0, "%s", child.err);
	child_free(&child);
}

TestSuite(counts, .init = programs_build, .fini = folder_remove);

static void check(const struct count *count)
{
	struct child child = child_run("\"$B/heddle\" explore --strategy dpor --json \"$T/%s\" %d",
				       count->program, count->size);
	json_t *result = child_json(child.out);

	cr_assert(result, "%s %d: no result: %s", count->program, count->size, child.err);
	cr_expect(json_is_true(json_object_get(result, "complete")), "%s %d: incomplete",
		  count->program, count->size);
	cr_expect(json_integer_value(json_object_get(result, "classes")) == count->classes,
		  "%s %d: %lld classes instead of %lld", count->program, count->size,
		  json_integer_value(json_object_get(result, "classes")), count->classes);
	cr_expect(json_integer_value(json_object_get(result, "redundant")) == 0,
		  "%s %d: redundant executions", count->program, count->size);
	json_decref(result);
	child_free(&child);
}

Test(counts, classes_of_the_literature)
{
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		check(&counts[i]);
}

/* Sets of readers that have read before the write are planned each by itself: 2^13 sequences of up
 * to 14 steps, for which a megabyte is too little. Also with two workers. */
Test(counts, little_memory)
{
	for (int workers = 1; workers <= 2; workers++) {
		struct child child = child_run("\"$B/heddle\" explore -j %d --memory 1 --json "
					       "\"$T/readers\" 14",
					       workers);
		json_t *result = child_json(child.out);

		cr_assert(result, "no result: %s", child.err);
		cr_expect(json_is_true(json_object_get(result, "complete")), "%s", child.err);
		cr_expect(json_is_true(json_object_get(result, "source_sets")), "%s", child.err);
		cr_expect(json_integer_value(json_object_get(result, "classes")) == 1 << 14,
			  "%lld classes", json_integer_value(json_object_get(result, "classes")));
		json_decref(result);
		child_free(&child);
	}
}

/* Executions of 40,000 events, with as many races. The search ends when it is to, for any reason;
 * a minute is what a machine may take that has much else to do. */
Test(counts, long_executions)
{
	static const char *const ways[] = {
		"timeout 60 \"$B/heddle\" explore --keep-going --time 1",
		"timeout -k 60 -s INT 1 \"$B/heddle\" explore --keep-going",
		"timeout 60 \"$B/heddle\" explore",
	};

	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		struct child child = child_run("cd \"$T\" && %s --strategy dpor --races off "
					       "\"$B/scenarios/counter_unlocked\"",
					       ways[i]);

		cr_expect(strstr(child.out, "dpor, incomplete: "), "%s: %s%s", ways[i], child.out,
			  child.err);
		child_free(&child);
	}
}
