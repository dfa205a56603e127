/*
 * test_input.c - bad input: one sentence that begins with `heddle: `, the documented exit status,
 * and nothing left behind.
 *
 * Invariant: a message is exactly one line that begins so; what belongs to it, such as the command
 * that tells more, is indented below. The folder of the test is the same before and after, file by
 * file.
 */
#include "system/child.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define H    "\"$B/heddle\" "
#define S(x) " \"$B/scenarios/" x "\""

TestSuite(input, .init = folder_make, .fini = folder_remove);

static void prepare(const char *command)
{
	struct child child = child_run("cd \"$T\" && { %s; }", command);

	cr_assert(child.status == 0, "%s: %s", command, child.err);
	child_free(&child);
}

static void check_message(const char *command, const char *text)
{
	cr_expect(!strncmp(text, "heddle: ", 8), "%s: `%s'", command, text);
	for (const char *line = text; *line;) {
		const char *end = strchr(line, '\n');

		cr_assert(end, "%s: the last line is not ended: `%s'", command, text);
		cr_expect(line == text || *line == ' ', "%s: `%s'", command, text);
		line = end + 1;
	}
}

static void check(int status, const char *command)
{
	struct child before = child_run("cd \"$T\" && ls -lAR --time-style=full-iso");
	struct child child = child_run("cd \"$T\" && %s", command);
	struct child after = child_run("cd \"$T\" && ls -lAR --time-style=full-iso");

	cr_expect(child.status == status, "%s: status %d instead of %d: %s", command, child.status,
		  status, child.err);
	check_message(command, child.err);
	cr_expect_str_empty(child.out, "%s: `%s'", command, child.out);
	cr_expect_str_eq(before.out, after.out, "%s leaves %s", command, after.out);
	child_free(&before);
	child_free(&child);
	child_free(&after);
}

Test(input, programs)
{
	static const char *const commands[] = {"run", "run --trace t", "explore",
					       "explore --strategy dfs --out . --json",
					       "explore --strategy dpor --fork"};
	static const char *const programs[] = {
		"./no-such-program", "no-such-program", "/",	     "./folder", "./text",
		"./not-executable",  "./static",	"/dev/null", "./empty",	 "./cut-off"};

	prepare("mkdir folder; echo hello > text; cp text not-executable; : > empty; "
		"head -c 3000 /bin/ls > cut-off; chmod +x text empty cut-off; "
		"echo 'int main(){return 0;}' > s.c; gcc -static -o static s.c");
	for (size_t c = 0; c < sizeof(commands) / sizeof(*commands); c++) {
		for (size_t i = 0; i < sizeof(programs) / sizeof(*programs); i++) {
			char command[256];

			snprintf(command, sizeof(command), H "%s %s", commands[c], programs[i]);
			check(3, command);
		}
	}
}

Test(input, options)
{
	static const char *const wrong[] = {
		H "run --no-such-option" S("hello"),
		H "explore --no-such-option" S("hello"),
		H "replay --no-such-option t",
		H "show --no-such-option t",
		H "run -q" S("hello"),
		H "run --trace ''" S("hello"),
		H "run --strategy dfs" S("hello"),
		H "explore --trace t" S("hello"),
		H "explore --keep-going=yes" S("hello"),
		H "--no-such-option",
		H "explore --strategy best" S("hello"),
		H "explore --strategy ''" S("hello"),
		H "wonder",
		H "''",
		H,
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		check(2, wrong[i]);
}

Test(input, numbers)
{
	static const char *const wrong[] = {
		H "run --seed x" S("hello"),
		H "run --seed ''" S("hello"),
		H "run --seed -1" S("hello"),
		H "run --seed 1.5" S("hello"),
		H "run --seed 1x" S("hello"),
		H "run --seed 18446744073709551616" S("hello"),
		H "run --stuck 0" S("hello"),
		H "run --stuck soon" S("hello"),
		H "replay --stuck nan t",
		H "explore --seed x" S("hello"),
		H "explore --executions many" S("hello"),
		H "explore --executions 0" S("hello"),
		H "explore --executions -5" S("hello"),
		H "explore --time x" S("hello"),
		H "explore --time -1" S("hello"),
		H "explore --time inf" S("hello"),
		H "explore -j 0" S("hello"),
		H "explore -j x" S("hello"),
		H "explore -j 1000000" S("hello"),
		H "explore --stuck -3" S("hello"),
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		check(2, wrong[i]);
}

Test(input, arguments_missing_or_too_many)
{
	static const char *const wrong[] = {
		H "run",      H "run --seed",	  H "run --seed 1", H "run --trace",
		H "explore",  H "explore --out",  H "explore -j",   H "explore --strategy",
		H "replay",   H "replay --stuck", H "replay t u",   H "show",
		H "show t u",
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		check(2, wrong[i]);
}

static void check_trace(const char *made)
{
	char command[512];

	snprintf(command, sizeof(command), "{ %s; } > bad.trace", made);
	prepare(command);
	snprintf(command, sizeof(command), H "replay bad.trace # %s", made);
	check(3, command);
	snprintf(command, sizeof(command), H "show bad.trace # %s", made);
	check(3, command);
}

static void trace_make(void)
{
	prepare(H "run --trace good" S("bank_torn") " > /dev/null 2>&1 || true; test -s good");
}

Test(input, traces_mangled)
{
	static const char *const made[] = {
		":",
		"echo",
		"head -c 3000 /dev/urandom",
		"head -c 3000 /dev/zero",
		"cat \"$B/heddle\"",
		"sed 's/lock/luck/' good",
		"sed 's/^heddle trace 1/heddle trace 99/' good",
		"sed 's/^T/Q/' good",
		"sed 's/^T1/T99999999999999999999/' good",
		"sed 1d good",
		"sed '/^program /d' good",
		"sed '/^verdict /d' good",
		"sed 12d good",
		"sed 12p good",
		"sed '$d' good",
		"sed 's/^end .*/end -1 events/' good",
		"cat good good",
	};

	trace_make();
	for (size_t i = 0; i < sizeof(made) / sizeof(*made); i++)
		check_trace(made[i]);
}

/* Wherever it is cut off: a trace ends with the number of its events. */
Test(input, traces_cut_off)
{
	struct child child;
	long bytes, lines;

	trace_make();
	child = child_run("cd \"$T\" && wc -lc < good");
	cr_assert(sscanf(child.out, "%ld %ld", &lines, &bytes) == 2 && lines > 20);
	child_free(&child);
	for (long length = 1; length < bytes - 1; length += 97) {
		char made[64];

		snprintf(made, sizeof(made), "head -c %ld good", length);
		check_trace(made);
	}
	for (long length = 1; length < lines; length++) {
		char made[64];

		snprintf(made, sizeof(made), "head -n %ld good", length);
		check_trace(made);
	}
}

Test(input, traces_that_cannot_be_read)
{
	prepare("mkdir folder; touch file");
	check(3, H "replay nothing");
	check(3, H "show nothing");
	check(3, H "replay folder");
	check(3, H "show folder");
	check(3, H "replay file/x");
	check(3, H "show file/x");
}

Test(input, traces_of_programs_that_are_gone)
{
	trace_make();
	prepare("sed 's,^program .*,program /no/such,' good > gone; "
		"sed 's,^program .*,program /,' good > folder");
	check(3, H "replay gone");
	check(3, H "replay folder");
}

/* The format takes any word as a verdict; that it is another one, the replay has to find. */
Test(input, a_verdict_that_is_not_the_programs)
{
	struct child child;

	trace_make();
	prepare("sed '/^verdict /s/ .*/ splendid/' good > other");
	child = child_run("cd \"$T\" && " H "replay other");
	cr_expect(child.status == 4, "%d", child.status);
	cr_expect(strstr(child.err, "expected: splendid"), "%s", child.err);
	check_message("replay other", child.err);
	child_free(&child);
}

Test(input, places)
{
	prepare("touch file; mkdir folder");
	check(3, H "explore --out file" S("bank_torn"));
	check(3, H "explore --out file/x" S("bank_torn"));
	check(3, H "explore --strategy dfs --out file/x/y" S("bank_torn"));
	check(3, H "explore --out /proc/x" S("bank_torn"));
	check(3, H "run --trace file/x" S("hello"));
	check(3, H "run --trace no-such-folder/x" S("hello"));
	check(3, H "run --trace folder" S("hello"));
}

Test(input, full_disk_is_noticed)
{
	static const char *const commands[] = {"--help", "help explore", "--man", "show good"};
	struct child child;

	trace_make();
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
		child = child_run("cd \"$T\" && " H "%s > /dev/full", commands[i]);
		cr_expect(child.status == 3, "%s: %d", commands[i], child.status);
		check_message(commands[i], child.err);
		child_free(&child);
	}
	/* Its summary goes to standard error, so that the message is not alone there. */
	child = child_run(H "explore --json --executions 5" S("hello") " > /dev/full");
	cr_expect(child.status == 3, "%d", child.status);
	cr_expect(strstr(child.err, "\nheddle: cannot write"), "%s", child.err);
	child_free(&child);
}
