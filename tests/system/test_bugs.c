/* Every row of tests/bugs/EXPECTED: the failure is found by each kind of search, with as few
 * preemptions as the program's comment says and not with fewer, and the twin never fails. */
#include "system/child.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_MAX     64
#define ROWS_LEAST   30
#define SOURCE_LINES 60
/* A twin's interleavings are tried up to there. */
#define DFS_MAX "20000"

struct row {
	char program[32], kind[32], line[8], least[8], first[8], second[8], classes[8], failing[8],
		races[8], random[8];
};

static struct row rows[ROWS_MAX];
static size_t row_count;

static const char *source_of(const struct row *row)
{
	static char source[64];
	bool is_cxx = !strncmp(row->program, "cxx_", 4);

	snprintf(source, sizeof(source), "tests/bugs/%.31s.%s", row->program, is_cxx ? "cc" : "c");
	return source;
}

static const char *where_of(const struct row *row)
{
	static char where[80];

	snprintf(where, sizeof(where), "%s:%s", source_of(row), row->line);
	return where;
}

static void table_read(void)
{
	FILE *table = fopen("tests/bugs/EXPECTED", "r");
	char line[256];

	cr_assert(table);
	while (fgets(line, sizeof(line), table)) {
		struct row *row = &rows[row_count];

		if (line[0] == '#')
			continue;
		cr_assert(row_count < ROWS_MAX);
		cr_assert(sscanf(line, "%31s %31s %7s %7s %7s %7s %7s %7s %7s %7s", row->program,
				 row->kind, row->line, row->least, row->first, row->second,
				 row->classes, row->failing, row->races, row->random) == 10,
			  "%s", line);
		for (char *c = row->kind; *c; c++)
			*c = *c == '-' ? ' ' : *c;
		row_count++;
	}
	fclose(table);
	cr_assert(row_count >= ROWS_LEAST);
}

static void prepare(void)
{
	folder_make();
	table_read();
}

TestSuite(bugs, .init = prepare, .fini = folder_remove);

/* Of a program with two rows, the second one. */
static bool is_again(const struct row *row)
{
	return row > rows && !strcmp(row[-1].program, row->program);
}

static bool is_race(const struct row *row)
{
	return !strcmp(row->kind, "data race");
}

static json_t *explore(const char *options, const char *program, int *status)
{
	struct child child = child_run("\"$B/heddle\" explore --json --out \"$T\" %s "
				       "\"$B/bugs/%s\"",
				       options, program);
	json_t *result = child_json(child.out);

	cr_assert(result, "%s %s: %s", program, options, child.err);
	*status = child.status;
	child_free(&child);
	return result;
}

static long number(const json_t *object, const char *key)
{
	return (long)json_integer_value(json_object_get(object, key));
}

static bool text_is(const json_t *object, const char *key, const char *text)
{
	const char *value = json_string_value(json_object_get(object, key));

	return value && !strcmp(value, text);
}

/* The finding of that row among the failures or the races, or null. Which access of a race comes
 * first is no part of it. */
static const json_t *find(const json_t *result, const char *list, const struct row *row)
{
	const json_t *findings = json_object_get(result, list);

	for (size_t i = 0; i < json_array_size(findings); i++) {
		const json_t *finding = json_array_get(findings, i);

		if (text_is(finding, "kind", row->kind) &&
		    (text_is(finding, "where", where_of(row)) ||
		     text_is(finding, "with", where_of(row))))
			return finding;
	}
	return NULL;
}

static const json_t *find_own(const json_t *result, const struct row *row)
{
	return find(result, is_race(row) ? "races" : "failures", row);
}

static size_t failures(const json_t *result)
{
	return json_array_size(json_object_get(result, "failures"));
}

static size_t races(const json_t *result)
{
	return json_array_size(json_object_get(result, "races"));
}

/* The trace has the first one of the decisive pair in it; the second one may not have come. */
static void check_trace(const struct row *row, const json_t *finding)
{
	struct child child = child_run("grep -c '%s:%s ' '%s'", source_of(row), row->first,
				       json_string_value(json_object_get(finding, "trace")));

	cr_expect(child.status == 0, "%s: nothing at line %s in the trace", row->program,
		  row->first);
	child_free(&child);
}

/* Nothing else fails than what the table lists. */
static void check_found(const struct row *row, const json_t *result)
{
	const json_t *finding = find_own(result, row);
	size_t kinds = is_race(row) ? 0 : 1 + (row[1].program[0] && is_again(row + 1));

	cr_expect(finding, "%s: no %s at %s", row->program, row->kind, where_of(row));
	if (!finding)
		return;
	cr_expect(is_again(row) || failures(result) == kinds, "%s: %zu distinct failures",
		  row->program, failures(result));
	cr_expect((long)races(result) == atol(row->races), "%s: %zu races", row->program,
		  races(result));
	cr_expect(number(result, "redundant") == 0, "%s", row->program);
	if (strcmp(row->classes, "-"))
		cr_expect(number(result, "classes") == atol(row->classes) &&
				  number(finding, "count") == atol(row->failing),
			  "%s: %ld classes, %ld fail", row->program, number(result, "classes"),
			  number(finding, "count"));
	if (!strcmp(row->least, "-"))
		check_trace(row, finding);
}

Test(bugs, found)
{
	for (const struct row *row = rows; row < rows + row_count; row++) {
		int status;
		json_t *result = explore("--keep-going", row->program, &status);

		cr_expect(status == 1, "%s: status %d", row->program, status);
		cr_expect(text_is(result, "reason", "complete"), "%s", row->program);
		check_found(row, result);
		json_decref(result);
	}
}

static void check_passes(const struct row *row, const char *options)
{
	char program[64];
	int status;
	json_t *result;

	snprintf(program, sizeof(program), "%s_fixed", row->program);
	result = explore(options, program, &status);
	cr_expect(failures(result) == 0 && races(result) == 0, "%s %s: %zu failures, %zu races",
		  program, options, failures(result), races(result));
	cr_expect(status == 0 || text_is(result, "reason", "executions"), "%s %s: status %d, %s",
		  program, options, status, json_string_value(json_object_get(result, "reason")));
	json_decref(result);
}

Test(bugs, fixed)
{
	for (const struct row *row = rows; row < rows + row_count; row++) {
		if (is_again(row))
			continue;
		check_passes(row, "--keep-going");
		check_passes(row, "--keep-going --strategy dfs --executions " DFS_MAX);
		check_passes(row, "--keep-going --seed 1 --executions 500");
	}
}

/* With so many preemptions at most, and no wait that ends without a signal: that can take the place
 * of a preemption. */
static bool is_found(const struct row *row, long preemptions)
{
	const json_t *finding;
	char options[64];
	int status;
	json_t *result;

	snprintf(options, sizeof(options), "--keep-going --spurious 0 --preemptions %ld",
		 preemptions);
	result = explore(options, row->program, &status);
	finding = find_own(result, row);
	if (finding)
		check_trace(row, finding);
	cr_expect(text_is(result, "reason", "complete") || text_is(result, "reason", "preemptions"),
		  "%s: %s", row->program, json_string_value(json_object_get(result, "reason")));
	json_decref(result);
	return finding;
}

Test(bugs, fewest_preemptions)
{
	for (const struct row *row = rows; row < rows + row_count; row++) {
		long least = atol(row->least);

		if (!strcmp(row->least, "-"))
			continue;
		cr_expect(is_found(row, least), "%s: not with %ld", row->program, least);
		cr_expect(!least || !is_found(row, least - 1), "%s: with %ld", row->program,
			  least - 1);
	}
}

/* Where one search has tried all, the other one finds the same. */
static bool is_same_by_dfs(const struct row *row)
{
	int status;
	json_t *result =
		explore("--keep-going --strategy dfs --executions " DFS_MAX, row->program, &status);
	bool is_whole = text_is(result, "reason", "complete");

	cr_expect(!is_whole || find_own(result, row), "%s: no %s", row->program, row->kind);
	cr_expect(!is_whole || (long)races(result) == atol(row->races), "%s: %zu races",
		  row->program, races(result));
	json_decref(result);
	return is_whole;
}

Test(bugs, every_interleaving)
{
	int compared = 0;

	for (const struct row *row = rows; row < rows + row_count; row++)
		compared += is_same_by_dfs(row);
	cr_expect(compared >= ROWS_LEAST, "%d", compared);
}

/* A search stops at its first failure: of a program with two, at either. */
static void check_random(const struct row *row)
{
	int status;
	json_t *result = explore(is_race(row) ? "--seed 1 --executions 10000 --races stop"
					      : "--seed 1 --executions 10000",
				 row->program, &status);
	bool found = find(result, "failures", row);

	for (const struct row *other = rows; other < rows + row_count; other++)
		if (!strcmp(other->program, row->program))
			found |= find(result, "failures", other) != NULL;
	cr_expect(status == 1 && found, "%s: status %d", row->program, status);
	json_decref(result);
}

Test(bugs, random_search)
{
	for (const struct row *row = rows; row < rows + row_count; row++)
		if (!strcmp(row->random, "yes"))
			check_random(row);
}

/* What somebody needs to know who has not seen the source. */
static const struct {
	const char *program, *text;
} words[] = {
	{"barrier_reused", "waits at B1 `barrier` for the others to come (tests/bugs/"},
	{"deadlock_four", "T1 move, T2 move, T3 move and T4 move wait for each other"},
	{"exit_locked", "held by T1 (which has ended) since tests/bugs/exit_locked.c:"},
	{"handler_locks", "T1 work waits for itself"},
	{"join_twice", "T3 stop joins T1 work, which T2 stop has joined"},
	{"livelock", "waits in a loop for a change of `wants[1]`"},
	{"once_inverted", "T1 use and T2 reload wait for each other"},
	{"once_inverted", "waits for the initialiser of O1 `once` to end (tests/bugs/"},
	{"once_inverted", ", which T1 runs\n"},
	{"spurious_if", "1 wait woke without a signal, as POSIX allows"},
	{"stale_length", "reads 8 bytes at offset 56 of a heap block of 16 bytes: past its end"},
	{"timeout_success", "T1 ask's wait for C1 `answered` timed out (tests/bugs/"},
	{"use_after_free", "T0 main  freed it at tests/bugs/use_after_free.c:"},
	{"wrong_lock", "holds M2 `receive_lock` (tests/bugs/wrong_lock.c:"},
};

Test(bugs, words)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		struct child child = child_run("\"$B/heddle\" explore --out \"$T\" \"$B/bugs/%s\"",
					       words[i].program);

		cr_expect(strstr(child.out, words[i].text), "%s: not \"%s\" but %s",
			  words[i].program, words[i].text, child.out);
		child_free(&child);
	}
}

/* The comment of each says what the table says, and none is without a row. */
Test(bugs, sources)
{
	struct child child;

	for (const struct row *row = rows; row < rows + row_count; row++) {
		child = child_run("test $(wc -l < %s) -lt %d && grep -q '^ \\* Kind: ' %s && "
				  "grep -q '^ \\* Decisive pair: ' %s",
				  source_of(row), SOURCE_LINES, source_of(row), source_of(row));
		cr_expect(child.status == 0, "%s", source_of(row));
		child_free(&child);
		if (!strcmp(row->least, "-") || is_again(row))
			continue;
		child = child_run("grep -q '^ \\* Least preemptions: %s' %s", row->least,
				  source_of(row));
		cr_expect(child.status == 0, "%s: %s", source_of(row), row->least);
		child_free(&child);
	}
	child = child_run("for f in tests/bugs/*.c tests/bugs/*.cc; do p=${f##*/}; "
			  "grep -q \"^${p%%.*} \" tests/bugs/EXPECTED || echo $p; done");
	cr_expect_str_eq(child.out, "", "not in the table: %s", child.out);
	child_free(&child);
}
