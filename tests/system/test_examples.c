/* The example project, with each build system for which it has a file, against an installed heddle.
 */
#include "system/child.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

/* Not part of the make that may have started this test. */
#define ALONE "env -u MAKEFLAGS -u MAKELEVEL -u CC -u CXX "
#define HERE  "cd \"$T/examples\" && export P=\"$T/place\" && "

static void must(const char *command, const char *out)
{
	struct child child = child_run("%s", command);

	cr_assert(child.status == 0, "%s: %d: %s%s", command, child.status, child.out, child.err);
	cr_expect(strstr(child.out, out), "%s: `%s'", command, child.out);
	child_free(&child);
}

static void install(void)
{
	/* By this Criterion tells its workers what they are; what is tested has its own. */
	unsetenv("BXFI_MAP");
	folder_make();
	must(ALONE "make -s BUILD=\"$B\" DEPS=there PREFIX=\"$T/place\" install", "");
	must("cp -r tests/examples \"$T/examples\"", "");
}

TestSuite(examples, .init = install, .fini = folder_remove, .timeout = 120);

Test(examples, make_and_pkg_config)
{
	must(HERE ALONE "PKG_CONFIG_PATH=\"$P/lib/pkgconfig\" make check 2>&1",
	     "with a lock: 6 executions, complete");
	must(HERE "./queue_test", "complete: one execution of every class was executed");
	must("PKG_CONFIG_PATH=\"$T/place/lib/pkgconfig\" pkg-config --modversion heddle", ".");
}

/* `note`: that a program was not built with heddle-cc. */
Test(examples, cmake_and_ctest)
{
	must(HERE ALONE "cmake -S . -B build -DCMAKE_PREFIX_PATH=\"$P\" && cmake --build build && "
			"cd build && ctest -V",
	     "100% tests passed, 0 tests failed out of 3");
	must(HERE "build/queue_test | grep -c note: || true", "0\n");
	must(HERE ALONE "cmake -S . -B clang -DCMAKE_PREFIX_PATH=\"$P\" -DCMAKE_C_COMPILER=clang "
			"-DCMAKE_CXX_COMPILER=clang++ && cmake --build clang && cd clang && ctest",
	     "100% tests passed, 0 tests failed out of 3");
	must(HERE
	     "echo 'cmake_minimum_required(VERSION 3.13)\nproject(other C)\nfind_package(heddle "
	     "99)\nmessage(STATUS \"found: ${heddle_FOUND}\")' > CMakeLists.txt && cmake -S . "
	     "-B other -DCMAKE_PREFIX_PATH=\"$P\"",
	     "found: 0");
}

Test(examples, meson)
{
	must(HERE ALONE "PKG_CONFIG_PATH=\"$P/lib/pkgconfig\" CC=\"$P/bin/heddle-cc\" "
			"CXX=\"$P/bin/heddle-c++\" meson setup build && meson test -C build",
	     "Ok:                 3");
}
