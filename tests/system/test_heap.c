/* What is wrong with a block of the heap: each kind is a failure of its own, in every kind of
 * search, that can be repeated; what looks like it and is right is none. */
#include "system/child.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static void programs_build(void)
{
	struct child child;

	folder_make();
	child = child_run(
		"P=tests/system/programs; \"$B/heddle-c++\" -g -O1 -pthread -o \"$T/deleted\" "
		"$P/deleted.cc && \"$B/heddle-cc\" -g -O1 -pthread -o \"$T/object_freed\" "
		"$P/object_freed.c && \"$B/heddle-cc\" -g -O1 -w -D_GNU_SOURCE -pthread -o "
		"\"$T/blocks\" $P/blocks.c && gcc -g -O1 -w -D_GNU_SOURCE -pthread "
		"-fsanitize=thread -o \"$T/blocks-tsan\" $P/blocks.c && gcc -g -O1 -w "
		"-D_GNU_SOURCE -pthread -o \"$T/blocks-plain\" $P/blocks.c");
	cr_assert(child.status == 0, "%s", child.err);
	child_free(&child);
}

TestSuite(heap, .init = programs_build, .fini = folder_remove);

static const struct kind {
	const char *name, *verdict, *says;
	bool without_hooks; /* found there as well */
} kinds[] = {
	{"read_freed", "use after free", "reads 8 bytes at offset 8 of a heap block of 24 bytes",
	 false},
	{"write_freed", "use after free", "writes 4 bytes at offset 16", false},
	{"atomic_freed", "use after free", "writes 4 bytes at offset 0 of a heap block of 4",
	 false},
	{"exchange_freed", "use after free", "4 bytes at offset 0 of a heap block of 4", false},
	{"copy_from_freed", "use after free", "reads 24 bytes at offset 0", false},
	{"length_of_freed", "use after free", "reads 5 bytes at offset 0", false},
	{"lock_freed", "use after free", "does a `lock` at offset 0 of a heap block of 40", false},
	{"old_of_realloc", "use after free", "in old_of_realloc", false},
	{"read_large_freed", "use after free", "at offset 150000 of a heap block of 300001", false},
	{"free_twice", "double free", "frees a heap block of 24 bytes that was freed", true},
	{"realloc_freed", "double free", "frees a heap block of 24 bytes that was freed", true},
	{"free_inside", "invalid free", "what is at offset 16 of a heap block of 64 bytes", true},
	{"free_global", "invalid free", "`global[16]`, which is no heap block", true},
	{"free_stack", "invalid free", "which is no heap block", true},
	{"write_past", "heap overflow", "writes 1 byte at offset 13 of a heap block of 13", false},
	{"write_large_past", "heap overflow", "offset 300001 of a heap block of 300001", false},
	{"set_past", "heap overflow", "writes 25 bytes at offset 0 of a heap block of 24", false},
	{"shrunk", "heap overflow", "offset 20 of a heap block of 20 bytes", false},
	{"zero_bytes", "heap overflow", "offset 0 of a heap block of 0 bytes", false},
	{"read_before", "heap underflow", "reads 4 bytes 4 bytes before a heap block of 13", false},
	{"aligned_before", "heap underflow", "1 byte before a heap block of 100 bytes", false},
};

#define KINDS (sizeof(kinds) / sizeof(*kinds))

static bool has(const char *text, const char *wanted)
{
	return strstr(text, wanted) != NULL;
}

static void expect_kind(const struct kind *kind, const char *command)
{
	struct child child = child_run("cd \"$T\" && %s", command);
	char verdict[64];

	snprintf(verdict, sizeof(verdict), "heddle: %s: T0 main ", kind->verdict);
	cr_expect(child.status == 1, "%s: status %d: %s", command, child.status, child.err);
	cr_expect(has(child.err, verdict) && has(child.err, kind->says), "%s: %s", command,
		  child.err);
	child_free(&child);
}

static void expect_kind_of(const struct kind *kind, const char *before, const char *after)
{
	char command[256];

	snprintf(command, sizeof(command), "\"$B/heddle\" %s %s%s", before, kind->name, after);
	expect_kind(kind, command);
}

/* The places of all three; a second execution gives the same trace, and a replay the same end. */
Test(heap, each_kind_in_one_execution)
{
	for (size_t i = 0; i < KINDS; i++) {
		expect_kind_of(&kinds[i], "run --trace one ./blocks", "");
		expect_kind_of(&kinds[i], "run --trace two ./blocks", "");
		cr_expect(files_equal("one", "two"), "%s", kinds[i].name);
		expect_kind(&kinds[i], "\"$B/heddle\" replay one");
	}
}

Test(heap, each_kind_where_gcc_puts_the_hooks)
{
	for (size_t i = 0; i < KINDS; i++)
		expect_kind_of(&kinds[i], "run ./blocks-tsan", "");
}

/* Without hooks nobody looks at accesses. */
Test(heap, bad_frees_without_hooks)
{
	for (size_t i = 0; i < KINDS; i++)
		if (kinds[i].without_hooks)
			expect_kind_of(&kinds[i], "run ./blocks-plain", "");
}

static void search(const struct kind *kind, const char *strategy)
{
	char command[256];

	snprintf(command, sizeof(command),
		 "rm -rf d && \"$B/heddle\" explore --strategy %s -j1 --out d ./blocks %s thread "
		 ">&2",
		 strategy, kind->name);
	expect_kind(kind, command);
	expect_kind(kind, "\"$B/heddle\" replay d/*");
}

Test(heap, each_kind_in_searches)
{
	for (size_t i = 0; i < KINDS; i++) {
		search(&kinds[i], "random");
		search(&kinds[i], "dfs");
		search(&kinds[i], "dpor");
	}
}

/* Who allocated it, who freed it and who used it, each with a stack. */
Test(heap, stacks)
{
	struct child child = child_run("cd \"$T\" && \"$B/heddle\" explore -j1 ./blocks "
				       "read_freed thread >&2");
	const char *freed = strstr(child.err, "freed it at tests/system/programs/blocks.c:");
	const char *allocated =
		freed ? strstr(freed, "allocated it at tests/system/programs/blocks.c:") : NULL;

	cr_assert(freed && allocated, "%s", child.err);
	cr_expect(has(freed, "#0 release") && has(freed, "#1 read_freed") &&
			  strstr(freed, "#0 release") < allocated,
		  "%s", child.err);
	cr_expect(has(allocated, "#0 allocate") && has(allocated, "#1 read_freed"), "%s",
		  child.err);
	child_free(&child);
}

static void expect_right(const char *command)
{
	struct child child = child_run("cd \"$T\" && %s", command);

	cr_expect(child.status == 0 && !has(child.err, "heddle: "), "%s: %d: %s", command,
		  child.status, child.err);
	child_free(&child);
}

Test(heap, no_false_alarm)
{
	static const char *const right[] = {"sizes", "library", "again", "none"};
	char command[256];

	for (size_t i = 0; i < sizeof(right) / sizeof(*right); i++)
		for (int program = 0; program < 3; program++) {
			snprintf(command, sizeof(command), "\"$B/heddle\" run ./blocks%s %s thread",
				 program ? (program == 1 ? "-tsan" : "-plain") : "", right[i]);
			expect_right(command);
		}
	for (size_t i = 1; i < sizeof(right) / sizeof(*right); i++) {
		snprintf(command, sizeof(command),
			 "\"$B/heddle\" explore --strategy dpor ./blocks %s thread 2>/dev/null",
			 right[i]);
		expect_right(command);
	}
}

/* The operators of C++: what the C++ library does for them is told of as the program's doing. Both
 * searches agree on what there is. */
Test(heap, deleted)
{
	static const char *const strategies[] = {"random --executions 1000", "dfs", "dpor"};

	for (size_t i = 0; i < sizeof(strategies) / sizeof(*strategies); i++) {
		struct child child = child_run("cd \"$T\" && \"$B/heddle\" explore --strategy %s "
					       "--keep-going --out d -j1 ./deleted 2>&1",
					       strategies[i]);

		cr_expect(child.status == 1, "%d: %s", child.status, child.out);
		cr_expect(
			has(child.out, "use after free at ") &&
				has(child.out, "double free at tests/system/programs/deleted.cc") &&
				has(child.out, "freed it at tests/system/programs/deleted.cc") &&
				has(child.out,
				    "allocated it at tests/system/programs/deleted.cc") &&
				!has(child.out, "diverged") && !has(child.out, "deterministic"),
			"%s", child.out);
		cr_expect(!i || has(child.out, ", complete: "), "%s", child.out);
		child_free(&child);
	}
	expect_right("\"$B/heddle\" explore ./deleted right 2>/dev/null");
	expect_right("\"$B/heddle\" explore ./deleted new 2>/dev/null");
	expect_right("\"$B/heddle\" run ./deleted new");
}

/* A use and a free that nothing orders are found in whichever order they come. */
Test(heap, objects)
{
	static const char *const strategies[] = {"random --executions 1000", "dfs", "dpor",
						 "dpor --races=off"};
	char command[256];

	for (size_t i = 0; i < sizeof(strategies) / sizeof(*strategies); i++) {
		struct child child =
			child_run("cd \"$T\" && \"$B/heddle\" explore --keep-going --out d -j1 "
				  "--strategy %s ./object_freed look 2>&1",
				  strategies[i]);

		cr_expect(child.status == 1, "%d: %s", child.status, child.out);
		cr_expect(has(child.out, "use after free: ") && has(child.out, "lock` at offset 0"),
			  "%s", child.out);
		cr_expect(
			has(child.out, "use after free at tests/system/programs/object_freed.c:41"),
			"%s", child.out);
		cr_expect(i == 3 || has(child.out, "uses the object at "), "%s", child.out);
		cr_expect(!i || has(child.out, ", complete: "), "%s", child.out);
		child_free(&child);
		for (int barrier = 0; barrier < 2; barrier++) {
			snprintf(
				command, sizeof(command),
				"\"$B/heddle\" explore --strategy %s ./object_freed %s 2>/dev/null",
				strategies[i], barrier ? "barrier" : "");
			expect_right(command);
		}
	}
}

/* Without the race detector a free is an event where two threads use the block: the same numbers as
 * in scenarios/EXPECTED. */
Test(heap, without_races)
{
	struct child child = child_run(
		"cd \"$T\" && for p in use_after_free double_free; do for s in dfs dpor; do "
		"\"$B/heddle\" explore --races=off --keep-going -j1 --out d --strategy $s "
		"\"$B/scenarios/$p\" 2>/dev/null | grep \" executions of\" | cut -d\" \" -f2; "
		"done; done");

	cr_expect_str_eq(child.out, "14\n10\n102\n18\n", "%s%s", child.out, child.err);
	child_free(&child);
}
