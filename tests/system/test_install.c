/* What `make install` puts somewhere works from there, and `make uninstall` takes all of it away.
 */
#include "system/child.h"

#include <criterion/criterion.h>
#include <string.h>

/* Not part of the make that may have started this test. */
#define MAKE                                                                                       \
	"env -u MAKEFLAGS -u MAKELEVEL make -s BUILD=\"$B\" DEPS=there DESTDIR=\"$T/place\" "      \
	"PREFIX=/opt/heddle "
#define BIN "\"$T/place/opt/heddle/bin\""

static void must(const char *command, const char *out)
{
	struct child child = child_run("%s", command);

	cr_assert(child.status == 0, "%s: %d: %s", command, child.status, child.err);
	cr_expect(strstr(child.out, out), "%s: `%s'", command, child.out);
	child_free(&child);
}

static void install(void)
{
	folder_make();
	must(MAKE "install", "");
}

TestSuite(install, .init = install, .fini = folder_remove);

Test(install, puts_files_there_and_takes_them_away)
{
	static const char expected[] = "./bin/heddle\n"
				       "./bin/heddle-c++\n"
				       "./bin/heddle-cc\n"
				       "./include/heddle.h\n"
				       "./include/heddle_criterion.h\n"
				       "./lib/cmake/heddle/heddleConfig.cmake\n"
				       "./lib/cmake/heddle/heddleConfigVersion.cmake\n"
				       "./lib/heddle/hooks.specs\n"
				       "./lib/heddle/libheddle_call.a\n"
				       "./lib/heddle/libheddle_hooks.a\n"
				       "./lib/heddle/libtsan.so.2\n"
				       "./lib/libheddle.so\n./lib/libheddle_native.so\n"
				       "./lib/pkgconfig/heddle.pc\n"
				       "./share/heddle/explore.schema.json\n"
				       "./share/man/man1/heddle.1\n";
	struct child child =
		child_run("cd \"$T/place/opt/heddle\" && find . -type f | LC_ALL=C sort");

	cr_expect_str_eq(child.out, expected);
	child_free(&child);
	must(MAKE "uninstall && find \"$T/place\" -type f | wc -l", "0\n");
}

Test(install, compiles_and_searches)
{
	must("PATH=" BIN ":$PATH heddle-cc -g -pthread -o \"$T/counter\" "
	     "scenarios/counter_unlocked.c",
	     "");
	must("cd / && PATH=" BIN
	     ":$PATH heddle explore --strategy dfs --races off --keep-going --json "
	     "--out \"$T\" \"$T/counter\" 1 || test $? = 1",
	     "\"executions\": 6,");
	must("cd \"$T\" && PATH=" BIN ":$PATH heddle replay counter-*.trace 2>&1 || test $? = 1",
	     "the same as in the trace");
}

/* The public header and the library behind it come with the compiler. */
Test(install, typed_threads)
{
	must("PATH=" BIN ":$PATH heddle-cc -g -pthread -o \"$T/ten_tasks\" scenarios/ten_tasks.c",
	     "");
	must("\"$T/ten_tasks\"", "");
	must(BIN "/heddle explore --strategy random --executions 20 --json --out \"$T\" "
		 "\"$T/ten_tasks\"",
	     "\"executions\": 20,");
}

Test(install, manual_page)
{
	must("cat \"$T/place/opt/heddle/share/man/man1/heddle.1\"", ".TH");
}
