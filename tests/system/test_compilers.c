/* Both compilers, at both ends of optimisation, C and C++, programs and shared objects: the same
 * events, so the same number of interleavings. */
#include "system/child.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdio.h>

TestSuite(compilers, .init = folder_make, .fini = folder_remove);

static void build(const char *command)
{
	struct child child = child_run("%s", command);

	cr_assert(child.status == 0, "%s: %s", command, child.err);
	child_free(&child);
}

/* A complete search of `program`, with an argument of 1: so many interleavings, of which so many
 * fail. */
static void check(const char *program, long interleavings, long failing)
{
	struct child child = child_run("\"$B/heddle\" explore --strategy dfs --keep-going --json "
				       "--out \"$T\" \"$T/%s\" 1",
				       program);
	json_t *result = child_json(child.out), *failure;
	long executions, failed = 0;
	size_t i;

	cr_assert(result, "%s: %s", program, child.err);
	cr_expect(json_is_true(json_object_get(result, "complete")), "%s", program);
	executions = (long)json_integer_value(json_object_get(result, "executions"));
	cr_expect(executions == interleavings, "%s: %ld instead of %ld", program, executions,
		  interleavings);
	json_array_foreach(json_object_get(result, "failures"), i, failure) failed +=
		(long)json_integer_value(json_object_get(failure, "count"));
	cr_expect(failed == failing, "%s: %ld fail instead of %ld", program, failed, failing);
	json_decref(result);
	child_free(&child);
}

static void check_native(const char *program)
{
	struct child child = child_run("env -i \"$T/%s\" 1", program);

	cr_expect(child.status == 0, "%s alone: %d", program, child.status);
	child_free(&child);
}

/* All of it, built in this way. */
static void check_compiler(const char *compiler)
{
	char command[512];

	snprintf(command, sizeof(command),
		 "for p in counter_unlocked counter_locked deadlock_abba deadlock_ordered "
		 "peterson; do "
		 "\"$B/heddle-cc\" %s -pthread -o \"$T/$p\" scenarios/$p.c || exit 1; done",
		 compiler);
	build(command);
	check("counter_unlocked", 6, 4);
	check("counter_locked", 2, 0);
	check_native("counter_locked");
	check("deadlock_abba", 6, 2);
	check("deadlock_ordered", 2, 0);
	check_native("deadlock_ordered");
	check("peterson", 412, 0);
	check_native("peterson");
}

Test(compilers, gcc)
{
	check_compiler("-O0");
	check_compiler("-O2");
	check_compiler("--heddle-compiler=gcc -O3 -flto");
}

Test(compilers, clang)
{
	check_compiler("--heddle-compiler=clang -O0");
	check_compiler("--heddle-compiler=clang -O2");
}

Test(compilers, object_then_link)
{
	build("\"$B/heddle-cc\" -c -o \"$T/c.o\" scenarios/counter_unlocked.c && "
	      "\"$B/heddle-cc\" -pthread -o \"$T/separate\" \"$T/c.o\"");
	check("separate", 6, 4);
}

Test(compilers, plain_thread_sanitizer_of_gcc)
{
	static const char *const levels[] = {"-O0", "-O2"};

	for (size_t i = 0; i < 2; i++) {
		char command[512];

		snprintf(command, sizeof(command),
			 "for p in counter_unlocked deadlock_abba; do gcc -g %s -fsanitize=thread "
			 "-pthread -o \"$T/tsan-$p\" scenarios/$p.c || exit 1; done",
			 levels[i]);
		build(command);
		check("tsan-counter_unlocked", 6, 4);
		check("tsan-deadlock_abba", 6, 2);
	}
}

Test(compilers, not_instrumented)
{
	build("gcc -g -O1 -pthread -o \"$T/plain\" scenarios/counter_locked.c");
	check("plain", 2, 0);
}

Test(compilers, cxx)
{
	build("\"$B/heddle-c++\" -pthread -o \"$T/cxx\" tests/system/programs/two_locks.cc");
	check("cxx", 2, 0);
	check_native("cxx");
	build("\"$B/heddle-c++\" --heddle-compiler=clang++ -pthread -o \"$T/cxx\" "
	      "tests/system/programs/two_locks.cc");
	check("cxx", 2, 0);
	check_native("cxx");
}

Test(compilers, shared_object)
{
	build("\"$B/heddle-cc\" -shared -fPIC -o \"$T/libcounter.so\" "
	      "tests/system/programs/library.c && "
	      "\"$B/heddle-cc\" -pthread -o \"$T/user\" tests/system/programs/library_user.c "
	      "-L\"$T\" -lcounter -Wl,-rpath,\"$T\"");
	check("user", 6, 0);
	check_native("user");
}

Test(compilers, questions_go_to_the_compiler)
{
	build("\"$B/heddle-cc\" --version | grep -q gcc && "
	      "test \"$(\"$B/heddle-cc\" -dumpversion)\" = \"$(gcc -dumpversion)\" && "
	      "\"$B/heddle-cc\" -print-libgcc-file-name | grep -q libgcc && "
	      "echo 'int main(void){return 0;}' | \"$B/heddle-cc\" -x c -o \"$T/piped\" - && "
	      "\"$T/piped\"");
}
