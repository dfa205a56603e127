/* Reports for machines: --junit, --tap, --annotate and --json are what their formats say, tell the
 * same as the exit status, and come whole or not at all. */
#include "system/child.h"
#include "system/schema.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BAD "'\x01<&>\"%,:#\\]]>\xff\xc3\xa4\n'"

static void programs_build(void)
{
	struct child child;

	folder_make();
	child = child_run(
		"mkdir \"$T/src\" \"$T/out\" && cp tests/system/programs/words.c \"$T/src\" && "
		"\"$B/heddle-cc\" -g -O1 -pthread -o \"$T/words\" \"$T/src/words.c\" && "
		"cp \"$B\"/scenarios/counter_* \"$B\"/scenarios/deadlock_* \"$T\"");
	cr_assert(child.status == 0, "%s", child.err);
	child_free(&child);
}

TestSuite(machines, .init = programs_build, .fini = folder_remove);

/* Runs heddle in the test's folder. */
static struct child heddle(const char *arguments)
{
	return child_run("cd \"$T\" && \"$B/heddle\" %s", arguments);
}

/* What can be said of a command: with which status it ends, how many test cases there are, and how
 * many of them have failed or are undecided. */
static const struct {
	const char *arguments;
	int status, tests, failures, errors;
} cases[] = {
	{"explore --keep-going ./counter_unlocked 1", 1, 3, 3, 0},
	{"explore --races=off ./counter_unlocked 1", 1, 1, 1, 0},
	{"explore ./counter_locked 2", 0, 1, 0, 0},
	{"explore --executions 2 ./counter_locked 2", 5, 1, 0, 1},
	{"explore --seed 1 --executions 5 ./counter_locked 2", 0, 1, 0, 0},
	{"explore ./deadlock_abba", 1, 1, 1, 0},
	{"explore ./nothing_there", 3, 1, 0, 1},
	{"explore ./words " BAD, 1, 1, 1, 0},
};

#define CASES (sizeof(cases) / sizeof(*cases))

static void xpath_is(const char *file, const char *expression, int number)
{
	struct child child = child_run("cd \"$T\" && xmllint --xpath '%s' %s", expression, file);

	cr_expect(child.status == 0 && atoi(child.out) == number, "%s: %s is %s, not %d", file,
		  expression, child.out, number);
	child_free(&child);
}

static void check_junit(const char *file, const char *what, int tests, int failures, int errors)
{
	struct child child = child_run("xmllint --noout --schema tests/system/junit.xsd "
				       "\"$T/%s\" 2>&1",
				       file);

	cr_expect(child.status == 0, "%s: %s", what, child.out);
	child_free(&child);
	xpath_is(file, "number(//testsuite/@tests)", tests);
	xpath_is(file, "count(//testcase)", tests);
	xpath_is(file, "number(//testsuites/@failures)", failures);
	xpath_is(file, "count(//failure)", failures);
	xpath_is(file, "number(//testsuite/@errors)", errors);
	xpath_is(file, "count(//error)", errors);
}

/* With the command's name and options, `option` among them. */
static struct child with_option(size_t i, const char *option)
{
	char arguments[512];
	const char *rest = strchr(cases[i].arguments, ' ');

	snprintf(arguments, sizeof(arguments), "explore %s%s", option, rest);
	return heddle(arguments);
}

Test(machines, junit_of_searches)
{
	for (size_t i = 0; i < CASES; i++) {
		struct child child = with_option(i, "--junit out/report.xml");

		cr_expect(child.status == cases[i].status, "%s: status %d", cases[i].arguments,
			  child.status);
		check_junit("out/report.xml", cases[i].arguments, cases[i].tests, cases[i].failures,
			    cases[i].errors);
		child_free(&child);
		child = child_run("cd \"$T/out\" && ls | grep -v trace && rm -f *");
		cr_expect_str_eq(child.out, "report.xml\n");
		child_free(&child);
	}
}

/* `run` and `replay` make one, too. */
Test(machines, junit_of_single_executions)
{
	static const struct {
		const char *arguments;
		int status, tests, failures, errors;
	} singles[] = {
		{"run --junit r.xml ./counter_locked 2", 0, 1, 0, 0},
		{"run --junit r.xml --trace t.trace ./counter_unlocked 1", 1, 3, 3, 0},
		{"replay --junit r.xml t.trace", 1, 3, 3, 0},
		{"run --junit r.xml ./words " BAD, 1, 1, 1, 0},
		{"run --junit r.xml ./nothing_there", 3, 1, 0, 1},
	};
	struct child child;

	for (size_t i = 0; i < sizeof(singles) / sizeof(*singles); i++) {
		child = heddle(singles[i].arguments);
		cr_expect(child.status == singles[i].status, "%s: status %d", singles[i].arguments,
			  child.status);
		child_free(&child);
		check_junit("r.xml", singles[i].arguments, singles[i].tests, singles[i].failures,
			    singles[i].errors);
	}
	child = child_run("cd \"$T\" && cp counter_locked counter_unlocked && "
			  "\"$B/heddle\" replay --junit r.xml t.trace");
	cr_expect(child.status == 4, "status %d: %s", child.status, child.err);
	child_free(&child);
	check_junit("r.xml", "diverged", 1, 0, 1);
}

/* The test case says what a person is told, and where it is. */
Test(machines, junit_has_the_report)
{
	struct child child = heddle("explore --junit r.xml ./deadlock_abba");
	struct child text = child_run("cd \"$T\" && xmllint --xpath 'string(//failure)' r.xml");

	cr_expect(*text.out && strstr(child.out, text.out) == child.out, "%s", text.out);
	cr_expect(strstr(text.out, "replay with: "));
	child_free(&text);
	text = child_run("cd \"$T\" && xmllint --xpath 'string(//system-out)' r.xml");
	cr_expect(*child.out && !strncmp(text.out, child.out, strlen(child.out)), "%s", text.out);
	child_free(&child);
	child_free(&text);
	xpath_is("r.xml", "count(//failure[@type=\"deadlock\"])", 1);
	xpath_is("r.xml", "count(//property[@name=\"reason\" and @value=\"failure\"])", 1);
}

/* A line of the TAP stream; the next one, or null. */
static const char *line_next(const char *line)
{
	const char *end = strchr(line, '\n');

	return end && end[1] ? end + 1 : NULL;
}

/* Skips a block of diagnostics, which begins at `line`: all of it is indented, what belongs to the
 * report more than the rest, and it ends. Returns its last line. */
static const char *block_skip(const char *line, const char *what)
{
	size_t indent = 2;

	for (; line; line = line_next(line)) {
		if (!strncmp(line, "  ...\n", 6))
			return line;
		cr_expect(strspn(line, " ") >= indent, "%s: %s", what, line);
		if (!strncmp(line, "  report: |\n", 12))
			indent = 4;
	}
	cr_expect_fail("%s: the block does not end", what);
	return NULL;
}

/* Reads a whole stream: how many points are ok and how many are not; those that are not have a
 * block. */
static void tap_read(const char *text, const char *what, int *ok, int *not_ok)
{
	int planned = -1, number;
	const char *line = line_next(text);

	cr_assert(!strncmp(text, "TAP version 13\n", 15) && line, "%s: %s", what, text);
	cr_expect(sscanf(line, "1..%d", &planned) == 1, "%s: %s", what, line);
	*ok = *not_ok = 0;
	while (line && (line = line_next(line))) {
		if (sscanf(line, "ok %d - ", &number) == 1) {
			++*ok;
		} else if (sscanf(line, "not ok %d - ", &number) == 1) {
			++*not_ok;
			line = line_next(line);
			cr_assert(line && !strncmp(line, "  ---\n", 6), "%s", what);
			line = block_skip(line, what);
		} else {
			cr_assert_fail("%s: no line of TAP: %s", what, line);
		}
		cr_expect(number == *ok + *not_ok, "%s: number %d", what, number);
	}
	cr_expect(planned == *ok + *not_ok, "%s: 1..%d", what, planned);
}

Test(machines, tap)
{
	for (size_t i = 0; i < CASES; i++) {
		struct child child = with_option(i, "--tap");
		int ok, not_ok;

		cr_expect(child.status == cases[i].status, "%s: status %d", cases[i].arguments,
			  child.status);
		if (cases[i].status == 3) {
			cr_expect(strstr(child.out, "TAP version 13\nBail out! "), "%s", child.out);
			child_free(&child);
			continue;
		}
		tap_read(child.out, cases[i].arguments, &ok, &not_ok);
		cr_expect(ok == (cases[i].status == 0) &&
				  not_ok == cases[i].failures + cases[i].errors,
			  "%s: %d ok, %d not", cases[i].arguments, ok, not_ok);
		cr_expect(strstr(child.err, " execution"), "%s", child.err);
		child_free(&child);
	}
}

Test(machines, tap_and_json_exclude_each_other)
{
	struct child child = heddle("explore --tap --json ./counter_locked 1");

	cr_expect(child.status == 2 && !*child.out && strstr(child.err, "--tap"), "%s", child.err);
	child_free(&child);
}

/* Each begins a line, also where both streams are one, and names a file that is there. */
static int annotations(const char *arguments, const char *place)
{
	char text[600];
	struct child child;
	int count = 0, wrong = 0;

	snprintf(text, sizeof(text), "%s 2>&1", arguments);
	child = heddle(text);
	for (const char *line = child.out; line; line = line_next(line)) {
		const char *found = strstr(line, "::error ");
		const char *end = strchr(line, '\n');

		if (!found || (end && found > end))
			continue;
		count++;
		wrong += found != line || strncmp(line + strlen("::error "), place, strlen(place));
	}
	cr_expect(!wrong, "%s: not all at %s: %s", arguments, place, child.out);
	child_free(&child);
	return count;
}

Test(machines, annotations)
{
	cr_expect_eq(annotations("explore --annotate --keep-going ./words",
				 "file=src/words.c,line=20,title=heddle%3A assertion::/"),
		     1);
	cr_expect_eq(annotations("run --annotate ./words x", "file=src/words.c,line=20,title="), 1);
	cr_expect_eq(annotations("explore --annotate ./counter_locked 1", ""), 0);
	/* The source of these is not here. */
	cr_expect_eq(annotations("explore --annotate --keep-going ./counter_unlocked 1",
				 "title=heddle%3A "),
		     3);
	cr_expect_eq(annotations("explore --annotate --keep-going \"$B/bugs/cxx_reference\"",
				 "title=heddle%3A "),
		     3);
	cr_expect_eq(annotations("explore --annotate --executions 1 ./counter_locked 1",
				 "title=heddle%3A incomplete::the number of "),
		     1);
}

/* Of a data race both places are marked, where they are two. */
Test(machines, annotations_of_a_race)
{
	struct child child = child_run("\"$B/heddle\" explore --annotate --out \"$T\" "
				       "\"$B/bugs/publish_relaxed\" 2>&1 | grep -o "
				       "'^::error file=[^,]*,line=[0-9]*' | sort");

	cr_expect_str_eq(child.out, "::error file=tests/bugs/publish_relaxed.c,line=26\n"
				    "::error file=tests/bugs/publish_relaxed.c,line=33\n");
	child_free(&child);
}

/* Built from elsewhere with whole paths, as CMake does it: a report has the last parts only. */
Test(machines, annotations_name_files_below_the_folder)
{
	struct child child =
		child_run("mkdir \"$T/build\" && cp scenarios/must.h scenarios/deadlock_abba.c "
			  "\"$T/src\" && cd \"$T/build\" && \"$B/heddle-cc\" -g -O1 -pthread "
			  "-o abba \"$T/src/deadlock_abba.c\"");

	cr_assert(child.status == 0, "%s", child.err);
	child_free(&child);
	cr_expect_eq(annotations("explore --annotate build/abba", "file=src/deadlock_abba.c,line="),
		     1);
	child = child_run("cd \"$T/build\" && \"$B/heddle\" explore --annotate ./abba 2>&1 | "
			  "grep -c '^::error title='");
	cr_expect_str_eq(child.out, "1\n", "%s", child.out);
	child_free(&child);
}

/* In one line, with what has a meaning there escaped. */
Test(machines, annotations_are_escaped)
{
	struct child child =
		child_run("cd \"$T\" && \"$B/heddle\" explore --annotate ./words %s 2>&1 | "
			  "grep '^::error'",
			  BAD);

	cr_expect(strstr(child.out, "\\\"'%25,:#"), "%s", child.out);
	cr_expect(strstr(child.out, "%0Areplay with: "), "%s", child.out);
	child_free(&child);
}

static void json_fits(const json_t *schema, const char *arguments, int status)
{
	struct child child = heddle(arguments);
	json_t *result = child_json(child.out);

	cr_assert(result && child.status == status, "%s: status %d: %s", arguments, child.status,
		  child.err);
	cr_expect(schema_fits(schema, schema, result, arguments));
	cr_expect(json_integer_value(json_object_get(result, "exit_status")) == status);
	json_decref(result);
	child_free(&child);
}

Test(machines, json_is_as_its_schema_says)
{
	json_t *schema = json_load_file("harness/cli/explore.schema.json", 0, NULL);
	json_t *nothing = json_object();

	cr_assert(schema);
	json_fits(schema, "explore --json --keep-going ./counter_unlocked 1", 1);
	json_fits(schema, "explore --json ./counter_locked 2", 0);
	json_fits(schema, "explore --json --preemptions 1 ./counter_locked 2", 5);
	json_fits(schema, "explore --json --count-preemptions --strategy dpor ./counter_locked 2",
		  0);
	json_fits(schema, "explore --json --executions 3 ./counter_locked 3", 5);
	json_fits(schema, "explore --json --strategy dfs --fork ./counter_locked 1", 0);
	json_fits(schema, "explore --json --seed 2 ./words " BAD, 1);
	json_fits(schema, "explore --json --junit /dev/full ./counter_locked 1", 3);
	cr_expect(!schema_fits(schema, schema, nothing, "nothing"));
	json_decref(nothing);
	json_decref(schema);
}

static void is_refused(const char *arguments, const char *text)
{
	struct child child = heddle(arguments);

	cr_expect(child.status == 3, "%s: status %d", arguments, child.status);
	cr_expect(strstr(child.err, text) && strchr(child.err, '\n') == strrchr(child.err, '\n'),
		  "%s: %s", arguments, child.err);
	child_free(&child);
}

/* Before the program is run, in one sentence. */
Test(machines, a_report_that_cannot_be_written)
{
	static const char why[] = "heddle: cannot write the JUnit report: ";

	is_refused("explore --junit no/r.xml ./counter_locked 1", why);
	is_refused("explore --junit src ./counter_locked 1", why);
	is_refused("run --junit no/r.xml ./counter_locked 1", why);
	is_refused("replay --junit no/r.xml t.trace", why);
	is_refused("run --junit /dev/full ./counter_locked 1",
		   "heddle: cannot write the JUnit report `/dev/full`: No space left on device\n");
}
