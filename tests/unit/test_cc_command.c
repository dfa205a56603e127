/* What a compiler command does is told as the compiler itself tells it. */
#include "cc/command.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WORDS_MAX 16

/* Reads a line; its words stay allocated, as the command points into them. */
static struct command read_line(const char *line)
{
	static char *words[WORDS_MAX + 1];
	char *copy = strdup(line);
	int count = 0;

	for (char *word = strtok(copy, " "); word && count < WORDS_MAX; word = strtok(NULL, " "))
		words[count++] = word;
	words[count] = NULL;
	return command_read(count, words);
}

static void expect_kind(enum command_kind kind, const char *line)
{
	cr_expect_eq(read_line(line).kind, kind, "%s", line);
}

Test(cc_command, links)
{
	expect_kind(COMMAND_LINK, "heddle-cc a.c");
	expect_kind(COMMAND_LINK, "heddle-cc a.o -o a");
	expect_kind(COMMAND_LINK, "heddle-cc -v a.c");
	expect_kind(COMMAND_LINK, "heddle-cc -x c -");
	expect_kind(COMMAND_LINK, "heddle-cc -shared -fPIC a.c -o liba.so");
	expect_kind(COMMAND_LINK, "heddle-cc -static a.o");
	expect_kind(COMMAND_LINK, "heddle-cc @arguments");
	expect_kind(COMMAND_LINK, "heddle-cc -MMD -MP a.c");
	expect_kind(COMMAND_LINK, "heddle-cc -lm");
	expect_kind(COMMAND_LINK, "heddle-cc -rdynamic a.c");
}

Test(cc_command, compiles)
{
	static const char *const options[] = {"-c", "-S", "-E", "-M", "-MM", "-fsyntax-only"};

	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++) {
		char line[64];

		snprintf(line, sizeof(line), "heddle-cc %s a.c", options[i]);
		expect_kind(COMMAND_COMPILE, line);
		snprintf(line, sizeof(line), "heddle-cc -O2 a.c %s", options[i]);
		expect_kind(COMMAND_COMPILE, line);
	}
	expect_kind(COMMAND_COMPILE, "heddle-cc -c -o - -x c -");
}

/* One object made of several gets its hooks when it is linked for good. */
Test(cc_command, partial_links_get_no_hooks)
{
	expect_kind(COMMAND_COMPILE, "heddle-cc -r a.o b.o -o c.o");
	expect_kind(COMMAND_COMPILE, "heddle-cc -nostdlib -Wl,-r a.o -o c.o");
	expect_kind(COMMAND_COMPILE, "heddle-cc -Wl,--relocatable a.o -o c.o");
}

Test(cc_command, does_neither)
{
	expect_kind(COMMAND_NEITHER, "heddle-cc");
	expect_kind(COMMAND_NEITHER, "heddle-cc -v");
	expect_kind(COMMAND_NEITHER, "heddle-cc --version");
	expect_kind(COMMAND_NEITHER, "heddle-cc -dumpversion");
	expect_kind(COMMAND_NEITHER, "heddle-cc -dumpmachine");
	expect_kind(COMMAND_NEITHER, "heddle-cc -print-file-name=libc.so");
	expect_kind(COMMAND_NEITHER, "heddle-cc --print-prog-name=ld");
	expect_kind(COMMAND_NEITHER, "heddle-cc --help=params a.c");
}

/* What follows an option as its value is no input. */
Test(cc_command, values_are_no_input)
{
	expect_kind(COMMAND_NEITHER, "heddle-cc -o a");
	expect_kind(COMMAND_NEITHER, "heddle-cc -x c");
	expect_kind(COMMAND_NEITHER, "heddle-cc -I include -L lib -include a.h -Xclang -x");
	expect_kind(COMMAND_LINK, "heddle-cc -MF a.d -Xlinker -r a.c");
	expect_kind(COMMAND_LINK, "heddle-cc -o -c a.c");
}

Test(cc_command, debug_information_that_the_user_chose)
{
	cr_expect(!read_line("heddle-cc -O2 a.c").debug);
	cr_expect(read_line("heddle-cc -g a.c").debug);
	cr_expect(read_line("heddle-cc -g0 a.c").debug);
	cr_expect(read_line("heddle-cc -ggdb3 a.c").debug);
}

Test(cc_command, sanitizers_that_conflict)
{
	cr_expect_str_eq(read_line("heddle-cc -fsanitize=address a.c").conflict,
			 "-fsanitize=address");
	cr_expect_not_null(read_line("heddle-cc -fsanitize=undefined,leak a.c").conflict);
	cr_expect_null(read_line("heddle-cc -fsanitize=undefined a.c").conflict);
	cr_expect_null(read_line("heddle-cc -fsanitize=thread a.c").conflict);
	cr_expect_null(read_line("heddle-cc -fno-sanitize=address a.c").conflict);
}

Test(cc_command, language_and_compiler)
{
	cr_expect(!read_line("/some/c++/heddle-cc a.c").cxx);
	cr_expect(read_line("/usr/bin/heddle-c++ a.cc").cxx);
	cr_expect_null(read_line("heddle-cc a.c").compiler);
	cr_expect_str_eq(read_line("heddle-cc --heddle-compiler=clang-14 a.c").compiler,
			 "clang-14");
	cr_expect(command_is_own("--heddle-compiler=gcc"));
	cr_expect(!command_is_own("--help"));
}

/* A compiler may bear another name: cc is often a link to what it is. */
Test(cc_command, clang_by_name_and_by_link)
{
	char folder[] = "/tmp/heddle-test-XXXXXX", path[64], target[64];

	cr_expect(command_is_clang("clang"));
	cr_expect(command_is_clang("/opt/llvm/bin/clang++-14"));
	cr_expect(!command_is_clang("no-such-compiler"));
	cr_assert_not_null(mkdtemp(folder));
	snprintf(target, sizeof(target), "%s/clang-99", folder);
	snprintf(path, sizeof(path), "%s/cc", folder);
	fclose(fopen(target, "w"));
	cr_assert_eq(symlink("clang-99", path), 0);
	cr_expect(command_is_clang(path));
	unlink(path);
	unlink(target);
	rmdir(folder);
}
