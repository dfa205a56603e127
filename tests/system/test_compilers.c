/* Both compilers, at both ends of optimisation, C and C++, programs and shared objects: the same
 * events, so the same number of interleavings. */
#include "system/child.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

TestSuite(compilers, .init = folder_make, .fini = folder_remove);

static void build(const char *command)
{
	struct child child = child_run("%s", command);

	cr_assert(child.status == 0, "%s: %s", command, child.err);
	child_free(&child);
}

static void check(const char *program, long interleavings)
{
	struct child child = child_run("\"$B/heddle\" explore --strategy dfs --keep-going --json "
				       "--out \"$T\" \"$T/%s\" 1",
				       program);
	json_t *result = child_json(child.out);

	cr_assert(result, "%s: %s", program, child.err);
	cr_expect(json_is_true(json_object_get(result, "complete")), "%s", program);
	cr_expect(json_integer_value(json_object_get(result, "executions")) == interleavings,
		  "%s: %lld instead of %ld", program,
		  json_integer_value(json_object_get(result, "executions")), interleavings);
	json_decref(result);
	child_free(&child);
}

static void check_native(const char *program)
{
	struct child child = child_run("env -i \"$T/%s\" 1", program);

	cr_expect(child.status == 0, "%s alone: %d", program, child.status);
	child_free(&child);
}

Test(compilers, gcc_and_clang)
{
	static const char *const ways[] = {"gcc -O0", "gcc -O2", "clang -O0", "clang -O2"};

	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		char command[512];

		snprintf(command, sizeof(command),
			 "for p in counter_locked deadlock_ordered counter_unlocked; do "
			 "\"$B/heddle-cc\" --heddle-compiler=%s -pthread -o \"$T/$p\" "
			 "scenarios/$p.c || exit 1; done",
			 ways[i]);
		build(command);
		check("counter_unlocked", 6);
		check("counter_locked", 2);
		check_native("counter_locked");
		check("deadlock_ordered", 2);
		check_native("deadlock_ordered");
	}
}

Test(compilers, object_then_link)
{
	build("\"$B/heddle-cc\" -c -o \"$T/c.o\" scenarios/counter_unlocked.c && "
	      "\"$B/heddle-cc\" -pthread -o \"$T/separate\" \"$T/c.o\"");
	check("separate", 6);
}

Test(compilers, plain_thread_sanitizer_of_gcc)
{
	build("gcc -g -O1 -fsanitize=thread -pthread -o \"$T/tsan\" scenarios/counter_unlocked.c");
	check("tsan", 6);
}

/* Calls of the string functions are events, in fortified forms as well, and where the compiler
 * would rather copy by itself; whoever built the program. */
Test(compilers, string_functions)
{
	static const char *const ways[] = {
		"\"$B/heddle-cc\" -O2",
		"\"$B/heddle-cc\" -O2 -D_FORTIFY_SOURCE=2",
		"\"$B/heddle-cc\" --heddle-compiler=clang -O2",
		"gcc -g -O2 -fsanitize=thread",
		"gcc -g -O2 -fsanitize=thread -D_FORTIFY_SOURCE=2",
	};

	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		char command[512];

		snprintf(command, sizeof(command),
			 "%s -pthread -o \"$T/texts\" tests/system/programs/texts.c", ways[i]);
		build(command);
		check("texts", 2);
	}
}

/* Constants stay constants, an own -fsanitize=thread brings no runtime, and the C library may be
 * absent. */
Test(compilers, drop_in)
{
	build("echo '#include <string.h>\nsize_t n = strlen(\"x\"); int main(void) { "
	      "__atomic_thread_fence(5); return 0; }' > \"$T/n.c\" && "
	      "\"$B/heddle-cc\" -Werror -o \"$T/n\" \"$T/n.c\" && \"$T/n\"");
	build("echo '-fsanitize=undefined,thread' > \"$T/arguments\" && "
	      "\"$B/heddle-cc\" \"@$T/arguments\" -o \"$T/n\" \"$T/n.c\" && "
	      "! ldd \"$T/n\" | grep libtsan");
	build("echo 'int x; void _start(void) { x++; __builtin_trap(); }' > \"$T/bare.c\" && "
	      "\"$B/heddle-cc\" -nostdlib -o \"$T/bare\" \"$T/bare.c\" && "
	      "\"$B/heddle-cc\" --heddle-compiler=clang -nostdlib -o \"$T/bare\" \"$T/bare.c\"");
}

Test(compilers, not_instrumented)
{
	build("gcc -g -O1 -pthread -o \"$T/plain\" scenarios/counter_locked.c");
	check("plain", 2);
}

Test(compilers, cxx)
{
	build("\"$B/heddle-c++\" -pthread -o \"$T/cxx\" tests/system/programs/two_locks.cc");
	check("cxx", 2);
	check_native("cxx");
	build("\"$B/heddle-c++\" --heddle-compiler=clang++ -pthread -o \"$T/cxx\" "
	      "tests/system/programs/two_locks.cc");
	check("cxx", 2);
	check_native("cxx");
}

Test(compilers, shared_object)
{
	build("\"$B/heddle-cc\" -shared -fPIC -o \"$T/libcounter.so\" "
	      "tests/system/programs/library.c && "
	      "\"$B/heddle-cc\" -pthread -o \"$T/user\" tests/system/programs/library_user.c "
	      "-L\"$T\" -lcounter -Wl,-rpath,\"$T\"");
	check("user", 6);
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
