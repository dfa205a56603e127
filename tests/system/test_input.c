/* Bad input: one clear sentence, the documented exit status, and nothing left behind. */
#include "system/child.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

TestSuite(input, .init = folder_make, .fini = folder_remove);

static int lines_of(const char *text)
{
	int lines = 0;

	for (; *text; text++)
		lines += *text == '\n';
	return lines;
}

/* Exit status `status` and one sentence, which may be followed by what to do. */
static void check(int status, const char *command)
{
	struct child child = child_run("cd \"$T\" && %s", command);
	struct child left;

	cr_expect(child.status == status, "%s: status %d instead of %d: %s", command, child.status,
		  status, child.err);
	cr_expect(!strncmp(child.err, "heddle: ", 8), "%s: %s", command, child.err);
	cr_expect(lines_of(child.err) <= 3, "%s: %s", command, child.err);
	left = child_run("cd \"$T\" && ls *.trace *.tmp* 2>/dev/null | grep -v '^bad' ");
	cr_expect_str_empty(left.out, "%s leaves %s", command, left.out);
	child_free(&left);
	child_free(&child);
}

static const char *const commands[] = {"run", "explore"};

Test(input, programs)
{
	static const char *const programs[] = {
		"./no-such-program", "no-such-program", "/", "./text", "./static", "/dev/null"};
	struct child child = child_run("echo hello > \"$T/text\"; chmod +x \"$T/text\"; "
				       "echo 'int main(){return 0;}' > \"$T/s.c\"; "
				       "gcc -static -o \"$T/static\" \"$T/s.c\"");

	cr_assert(child.status == 0, "%s", child.err);
	child_free(&child);
	for (size_t c = 0; c < 2; c++) {
		for (size_t i = 0; i < sizeof(programs) / sizeof(*programs); i++) {
			char command[256];

			snprintf(command, sizeof(command), "\"$B/heddle\" %s %s", commands[c],
				 programs[i]);
			check(3, command);
		}
	}
}

Test(input, options)
{
	static const char *const wrong[] = {
		"\"$B/heddle\" explore --no-such-option \"$B/scenarios/hello\"",
		"\"$B/heddle\" explore --strategy best \"$B/scenarios/hello\"",
		"\"$B/heddle\" explore --executions many \"$B/scenarios/hello\"",
		"\"$B/heddle\" explore -j 0 \"$B/scenarios/hello\"",
		"\"$B/heddle\" run --seed",
		"\"$B/heddle\" run",
		"\"$B/heddle\" explore",
		"\"$B/heddle\" replay",
		"\"$B/heddle\" show",
		"\"$B/heddle\" wonder",
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		check(2, wrong[i]);
}

Test(input, traces)
{
	static const char *const made[] = {
		"\"$B/heddle\" run --trace bad.full \"$B/scenarios/bank_torn\" >/dev/null 2>&1; "
		"head -c 700 bad.full > bad.trace",
		"sed 's/lock/luck/' bad.full > bad.trace",
		"sed 's/^heddle trace 1/heddle trace 99/' bad.full > bad.trace",
		": > bad.trace",
		"head -c 3000 /dev/urandom > bad.trace",
		"rm -f bad.trace",
		"rm -rf bad.trace; mkdir bad.trace",
	};

	for (size_t i = 0; i < sizeof(made) / sizeof(*made); i++) {
		struct child child = child_run("cd \"$T\" && %s", made[i]);

		child_free(&child);
		check(3, "\"$B/heddle\" replay bad.trace");
		check(3, "\"$B/heddle\" show bad.trace");
	}
}

Test(input, places)
{
	check(3, "touch file; \"$B/heddle\" explore --out file/x \"$B/scenarios/bank_torn\"");
	check(3, "\"$B/heddle\" run --trace file/x/y \"$B/scenarios/hello\"");
}

Test(input, full_disk_is_noticed)
{
	struct child child = child_run("\"$B/heddle\" --help > /dev/full");

	cr_expect(child.status == 3);
	child_free(&child);
}
