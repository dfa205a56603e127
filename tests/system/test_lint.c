/* Each rule of lint: what breaks it is found, with its file and line, and what keeps it is not. */
#include "system/child.h"

#include <criterion/criterion.h>
#include <string.h>

/* A repository with two rooms, of which the upper one may use the lower one. */
static void repository_make(void)
{
	struct child child;

	folder_make();
	child = child_run("cd \"$T\" && mkdir -p harness/model harness/cli && "
			  "printf 'model:\\ncli: model\\n' > harness/LAYERS");
	cr_assert(child.status == 0, "%s", child.err);
	child_free(&child);
}

TestSuite(lint, .init = repository_make, .fini = folder_remove);

/* `make` writes the text of the file `path`. */
static struct child lint(const char *path, const char *make)
{
	return child_run("cd \"$T\" && mkdir -p \"$(dirname %s)\" && { %s; } > %s && "
			 "echo %s | \"$B/tests/lint\" harness/LAYERS",
			 path, make, path, path);
}

static void expect_finding(const char *path, const char *make, const char *finding)
{
	struct child child = lint(path, make);

	cr_expect(child.status == 1, "%s: %s: status %d", path, make, child.status);
	cr_expect_str_eq(child.out, finding, "%s: `%s'", make, child.out);
	child_free(&child);
}

static void expect_clean(const char *path, const char *make)
{
	struct child child = lint(path, make);

	cr_expect(child.status == 0, "%s: %s: `%s'", path, make, child.out);
	child_free(&child);
}

Test(lint, layers)
{
	expect_clean("harness/cli/a.c", "echo '#include \"model/b.h\"'");
	expect_clean("harness/cli/a.c", "echo '#include \"cli/b.h\"'");
	expect_finding("harness/model/a.c", "echo; echo '#include \"cli/b.h\"'",
		       "harness/model/a.c:2: this room may not include cli\n");
	expect_finding("harness/attic/a.c", "echo",
		       "harness/attic/a.c:1: in a room that harness/LAYERS does not have\n");
}

Test(lint, layers_have_no_circle)
{
	expect_finding("harness/LAYERS", "printf 'model: cli\\ncli: model\\n'",
		       "harness/LAYERS:1: a room that does not stand above: cli\n");
}

Test(lint, pure_rooms)
{
	expect_clean("harness/model/a.c", "echo '#include <stdint.h>'");
	expect_clean("harness/cli/a.c", "echo '#include <unistd.h>'");
	expect_finding("harness/model/a.c", "echo '#include <unistd.h>'",
		       "harness/model/a.c:1: a pure room includes <unistd.h>\n");
	expect_finding("harness/model/a.c", "echo '#include <sys/types.h>'",
		       "harness/model/a.c:1: a pure room includes <sys/types.h>\n");
}

#define FUNCTION(comment, lines)                                                                   \
	"printf '" comment "void f(void)\\n{\\n'; yes ';' | head -n " lines "; echo '}'"

Test(lint, functions)
{
	expect_clean("tests/a.c", FUNCTION("", "50"));
	expect_finding("tests/a.c", FUNCTION("", "51"),
		       "tests/a.c:2: a function of more than 50 lines without a comment\n");
	expect_finding("tests/a.c", FUNCTION("/* Of another. */\\n\\n", "51"),
		       "tests/a.c:4: a function of more than 50 lines without a comment\n");
	expect_clean("tests/a.c", FUNCTION("/* It is a list. */\\n", "70"));
	expect_finding("tests/a.c", FUNCTION("/* It is a list. */\\n", "71"),
		       "tests/a.c:3: a function of more than 70 lines\n");
}

Test(lint, files)
{
	expect_clean("tests/a.c", "yes '' | head -n 500");
	expect_finding("tests/a.c", "yes '' | head -n 501",
		       "tests/a.c:501: a file of more than 500 lines\n");
	expect_clean("tests/a.h", "echo '/* a.h */'");
	expect_finding("tests/a.h", "echo '#include <stdio.h>'; echo '/* a.h */'",
		       "tests/a.h:1: a header that does not open with what it is\n");
}

/* The words are in two parts here, so that this file does not have them. */
Test(lint, words)
{
	expect_finding("README.md", "echo \"it is in /\"work/x",
		       "README.md:1: the path of a machine:  /wo"
		       "rk/\n");
	expect_finding("README.md", "echo '// TO''DO: later'",
		       "README.md:1: a note to do something later\n");
}

Test(lint, top_level)
{
	expect_clean("README.md", "echo");
	expect_clean(".clang-format", "echo");
	expect_finding("README.md.old", "echo", "README.md.old:1: has no place at the top level\n");
	expect_finding("src/a.c", "echo", "src/a.c:1: has no place at the top level\n");
}
