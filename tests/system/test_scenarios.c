/* Every row of scenarios/EXPECTED: verdict, and for an exhaustive search the exact number of
 * interleavings, or of classes of them, and of those that fail. */
#include "system/child.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct row {
	char program[64], arguments[64], strategy[16], verdict[64], interleavings[24], failing[24],
		races[24];
};

static bool row_read(FILE *table, struct row *row)
{
	char line[256];

	while (fgets(line, sizeof(line), table)) {
		if (line[0] == '#')
			continue;
		if (sscanf(line, "%63s %63s %15s %63s %23s %23s %23s", row->program, row->arguments,
			   row->strategy, row->verdict, row->interleavings, row->failing,
			   row->races) != 7)
			continue;
		for (char *c = row->arguments; *c; c++)
			*c = *c == ',' ? ' ' : *c;
		if (!strcmp(row->arguments, "-"))
			row->arguments[0] = '\0';
		return true;
	}
	return false;
}

static json_t *explore(const struct row *row, const char *options)
{
	struct child child = child_run("\"$B/heddle\" explore %s --keep-going --json --out \"$T\" "
				       "\"$B/scenarios/%s\" %s",
				       options, row->program, row->arguments);
	json_t *result = child_json(child.out);

	cr_assert(result, "%s %s: no result; standard error: %s", row->program, options, child.err);
	child_free(&child);
	return result;
}

static long long number(const json_t *result, const char *key)
{
	return json_integer_value(json_object_get(result, key));
}

/* `word` is one of the words of `list`, with hyphens for spaces. */
static bool is_listed(const char *list, const char *word)
{
	char key[64], *rest = strcpy((char[64]){""}, list);

	snprintf(key, sizeof(key), "%s", word);
	for (char *c = key; *c; c++)
		*c = *c == ' ' ? '-' : *c;
	for (char *next = strtok(rest, ","); next; next = strtok(NULL, ","))
		if (!strcmp(next, key))
			return true;
	return false;
}

static size_t count_listed(const char *list)
{
	size_t count = 1;

	for (; *list; list++)
		count += *list == ',';
	return count;
}

/* All that failed, failed in one of the ways that are listed, and each of these was seen; for
 * `passed`, nothing failed. */
static void check_kind(const struct row *row, const json_t *result, const char *verdict)
{
	const json_t *failures = json_object_get(result, "failures");

	cr_expect(strcmp(verdict, "passed") ? json_array_size(failures) >= count_listed(verdict)
					    : json_array_size(failures) == 0,
		  "%s %s: %zu distinct failures where the verdict is %s", row->program,
		  row->arguments, json_array_size(failures), verdict);
	for (size_t i = 0; i < json_array_size(failures); i++) {
		const json_t *kind = json_object_get(json_array_get(failures, i), "kind");

		cr_expect(is_listed(verdict, json_string_value(kind)), "%s %s: %s instead of %s",
			  row->program, row->arguments, json_string_value(kind), verdict);
	}
}

/* Each is told once, with two places and at least one execution. */
static void check_races(const struct row *row, const json_t *result)
{
	const json_t *races = json_object_get(result, "races");

	cr_expect((long)json_array_size(races) == atol(row->races), "%s %s: %zu races, not %s",
		  row->program, row->arguments, json_array_size(races), row->races);
	for (size_t i = 0; i < json_array_size(races); i++) {
		const json_t *race = json_array_get(races, i);

		cr_expect_str_eq(json_string_value(json_object_get(race, "kind")), "data race");
		cr_expect(json_is_string(json_object_get(race, "with")));
		cr_expect(number(race, "count") > 0 &&
			  number(race, "count") <= number(result, "executions"));
	}
}

/* How many executions failed, of whatever kind. */
static long failing(const json_t *result)
{
	const json_t *failures = json_object_get(result, "failures");
	long sum = 0;

	for (size_t i = 0; i < json_array_size(failures); i++)
		sum += number(json_array_get(failures, i), "count");
	return sum;
}

static void check_complete(const struct row *row, const json_t *result)
{
	cr_expect(json_is_true(json_object_get(result, "complete")), "%s %s: %s", row->program,
		  row->arguments, json_string_value(json_object_get(result, "reason")));
}

static void check_all(const struct row *row)
{
	char options[32];
	json_t *result;

	snprintf(options, sizeof(options), "--strategy %s", row->strategy);
	result = explore(row, options);
	check_complete(row, result);
	cr_expect(number(result, "executions") == atol(row->interleavings),
		  "%s %s: %lld executions under %s instead of %s", row->program, row->arguments,
		  number(result, "executions"), row->strategy, row->interleavings);
	cr_expect(failing(result) == atol(row->failing), "%s %s: %ld fail under %s instead of %s",
		  row->program, row->arguments, failing(result), row->strategy, row->failing);
	cr_expect(number(result, "redundant") == 0, "%s %s: %lld redundant", row->program,
		  row->arguments, number(result, "redundant"));
	check_kind(row, result, atol(row->failing) ? row->verdict : "passed");
	check_races(row, result);
	json_decref(result);
}

/* A search by preemptions knows nothing of numbers that threads choose. It says so. */
static void check_left_out(const struct row *row)
{
	json_t *result = explore(row, "--preemptions ..");

	cr_expect_str_eq(json_string_value(json_object_get(result, "reason")), "uncontrolled");
	json_decref(result);
}

/* In whichever order the classes are executed, there are as many, that need as many preemptions,
 * and as many of them fail. */
static void check_preemptions(const struct row *row)
{
	json_t *counted = explore(row, "--strategy dpor --count-preemptions"),
	       *ordered = explore(row, "--preemptions ..");

	if (!strncmp(row->program, "choose_", strlen("choose_"))) {
		json_decref(counted);
		json_decref(ordered);
		check_left_out(row);
		return;
	}
	check_complete(row, ordered);
	cr_expect(number(ordered, "classes") == number(counted, "classes") &&
			  number(ordered, "redundant") == 0 && failing(ordered) == failing(counted),
		  "%s %s: %lld classes, %lld redundant, %ld fail", row->program, row->arguments,
		  number(ordered, "classes"), number(ordered, "redundant"), failing(ordered));
	cr_expect(json_array_size(json_object_get(counted, "preemptions")) > 0 &&
			  json_equal(json_object_get(counted, "preemptions"),
				     json_object_get(ordered, "preemptions")),
		  "%s %s", row->program, row->arguments);
	json_decref(counted);
	json_decref(ordered);
}

static void check_random(const struct row *row)
{
	bool is_long = !strcmp(row->arguments, "10000");
	json_t *result = explore(row, is_long ? "--strategy random --executions 10"
					      : "--strategy random --executions 1000");

	check_kind(row, result, row->verdict);
	cr_expect(number(result, "executions") == (is_long ? 10 : 1000), "%s %s: %lld executions",
		  row->program, row->arguments, number(result, "executions"));
	check_races(row, result);
	json_decref(result);
}

static void each_row(const char *strategy, void (*check)(const struct row *row))
{
	FILE *table = fopen("scenarios/EXPECTED", "r");
	struct row row;
	int rows = 0;

	cr_assert(table);
	while (row_read(table, &row)) {
		if (strcmp(row.strategy, strategy))
			continue;
		check(&row);
		rows++;
	}
	fclose(table);
	cr_assert(rows > 10);
}

TestSuite(scenarios, .init = folder_make, .fini = folder_remove);

Test(scenarios, every_interleaving)
{
	each_row("dfs", check_all);
}

Test(scenarios, every_class)
{
	each_row("dpor", check_all);
}

Test(scenarios, preemptions)
{
	each_row("dpor", check_preemptions);
}

Test(scenarios, random_search)
{
	each_row("random", check_random);
}

Test(scenarios, none_without_a_row)
{
	struct child child =
		child_run("for f in scenarios/*.c; do p=${f##*/}; grep -q \"^${p%%.c} \" "
			  "scenarios/EXPECTED || echo $p; done");

	cr_expect_str_eq(child.out, "", "not in the table: %s", child.out);
	child_free(&child);
}
