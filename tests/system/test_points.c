/*
 * test_points.c - scheduling points in code that was not instrumented: --watch and --point.
 *
 * Two threads that each read and write `counter` N times have C(4N, 2N) interleavings; how many
 * classes that are is what heddle-cc's build of the same program has, which is counted elsewhere.
 */
#include "system/child.h"

#include <criterion/criterion.h>
#include <linux/hw_breakpoint.h>
#include <linux/perf_event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static void programs_build(void)
{
	struct child child;

	folder_make();
	child = child_run(
		"P=tests/system/programs; cc -O0 -pthread -o \"$T/plain0\" $P/plain.c && "
		"cc -O2 -pthread -o \"$T/plain2\" $P/plain.c && "
		"cc -O2 -no-pie -g -pthread -o \"$T/fixed\" $P/plain.c && "
		"strip -o \"$T/stripped\" \"$T/plain2\" && "
		"\"$B/heddle-cc\" -pthread -o \"$T/hooked\" $P/plain.c && "
		"cc -O2 -pthread -o \"$T/odd\" $P/odd.c && cc -O2 -pthread -o \"$T/apart\" "
		"$P/apart.c && cc -o \"$T/forbid\" $P/forbid.c && "
		"cc -O2 -fPIC -shared -DLIBRARY -o \"$T/libgap.so\" $P/shared.c && "
		"cc -O2 -pthread -o \"$T/shared\" $P/shared.c -L\"$T\" -lgap -Wl,-rpath,\"$T\"");
	cr_assert(child.status == 0, "%s", child.err);
	child_free(&child);
}

TestSuite(points, .init = programs_build, .fini = folder_remove);

/* Whether this machine lets a program have one, asked without heddle. Where it does not, what is
 * tested of --watch is that it says so. */
static bool machine_has_watchpoints(void)
{
	static int variable;
	struct perf_event_attr attributes = {
		.type = PERF_TYPE_BREAKPOINT,
		.size = sizeof(attributes),
		.bp_type = HW_BREAKPOINT_RW,
		.bp_addr = (unsigned long)&variable,
		.bp_len = HW_BREAKPOINT_LEN_4,
		.sample_period = 1,
		.exclude_kernel = 1,
		.exclude_hv = 1,
		.sigtrap = 1,
		.remove_on_exec = 1,
	};
	long fd = syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0);

	if (fd < 0)
		return false;
	close((int)fd);
	return true;
}

static bool is_beyond(const char *command)
{
	return strstr(command, "--watch") && !machine_has_watchpoints();
}

static void refusal_check(const struct child *child)
{
	cr_expect(child->status == 3 && strstr(child->err, "--watch: "), "%d: %s", child->status,
		  child->err);
}

struct wanted {
	long executions, failures, races;
};

static void check(const char *command, struct wanted wanted)
{
	struct child child =
		child_run("cd \"$T\" && \"$B/heddle\" explore --json --keep-going -j1 %s", command);
	json_t *result = child_json(child.out);
	long executions = (long)json_integer_value(json_object_get(result, "executions"));
	size_t failures = json_array_size(json_object_get(result, "failures"));
	size_t races = json_array_size(json_object_get(result, "races"));

	if (is_beyond(command)) {
		refusal_check(&child);
		json_decref(result);
		child_free(&child);
		return;
	}
	cr_assert(result, "%s: %s", command, child.err);
	cr_expect(json_is_true(json_object_get(result, "complete")), "%s", command);
	cr_expect(executions == wanted.executions, "%s: %ld executions", command, executions);
	cr_expect((long)failures == wanted.failures, "%s: %zu failures", command, failures);
	cr_expect((long)races == wanted.races, "%s: %zu races", command, races);
	cr_expect(child.status == (wanted.failures || wanted.races), "%s: %d", command,
		  child.status);
	json_decref(result);
	child_free(&child);
}

/* As many classes and interleavings as in instrumented code, and the same races. */
Test(points, watch_finds_the_lost_update)
{
	static const struct wanted classes = {34, 1, 2}, orders = {70, 1, 2};

	check("./hooked 2", (struct wanted){34, 1, 2});
	check("--watch counter ./plain0 2", classes);
	check("--watch counter --strategy dfs ./plain0 2", orders);
	check("--watch counter ./plain2 2", classes);
	check("--watch counter --strategy dfs ./plain2 2", orders);
	check("--watch counter --fork ./plain2 2", classes);
	check("--watch counter ./fixed 2", classes);
	check("--watch counter --races=off ./plain2 2", (struct wanted){34, 1, 0});
	check("--watch counter ./hooked 2", (struct wanted){34, 1, 2});
}

/* No instruction names the variable: each is found when it is first there. */
Test(points, watch_finds_accesses_through_pointers)
{
	check("--watch counter ./plain0 2 p", (struct wanted){34, 1, 2});
	check("--watch counter --strategy dfs ./plain2 2 p", (struct wanted){70, 1, 2});
	check("--watch counter --fork ./plain2 2 p", (struct wanted){34, 1, 2});
	check("--watch counter --fork --strategy dfs ./plain0 2 p", (struct wanted){70, 1, 2});
}

/* What is found in the middle of an execution is announced in that one already: the same seed makes
 * the same choices as where all was known before. */
Test(points, watch_leaves_no_choice_out)
{
	struct child child = child_run(
		"cd \"$T\" && for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do for "
		"p in '' p; "
		"do \"$B/heddle\" explore --seed $i --executions 1 --races=off --watch counter "
		"./plain2 3 $p >>o 2>&1; echo $? >>s$p; done; done; cmp s sp && sort -u s | wc -l");

	if (is_beyond("--watch"))
		cr_expect_str_eq(child.out, "1\n");
	else
		cr_expect_str_eq(child.out, "2\n");
	child_free(&child);
}

Test(points, watch_by_address)
{
	struct child child = child_run("nm \"$T/plain2\" | sed -n 's/ . counter$//p'");

	for (int i = 0; i < 2; i++) {
		char command[256];

		snprintf(command, sizeof(command), "--watch 0x%lx:4 ./stripped 1",
			 strtoul(child.out, NULL, 16) + (i ? 0x555555554000 : 0));
		check(command, (struct wanted){4, 1, 2});
	}
	child_free(&child);
}

Test(points, of_shared_libraries)
{
	check("./shared", (struct wanted){1, 0, 0});
	check("--point libgap.so:library_add ./shared", (struct wanted){2, 0, 0});
	check("--point library_add+0x1000000 ./shared 2>/dev/null || true; \"$B/heddle\" explore "
	      "--json --keep-going -j1 --watch total ./shared",
	      (struct wanted){4, 1, 2});
	check("--watch libgap.so:total --strategy dfs ./shared", (struct wanted){6, 1, 2});
	check("--point libgap.so:0x$(nm libgap.so | sed -n 's/ t gap$//p') ./shared",
	      (struct wanted){2, 1, 0});
}

/* Whatever the instruction is, it does what it does. */
Test(points, at_odd_instructions)
{
	static const char *const labels[] = {"at_pushf", "at_flags",  "at_rep",	     "at_jump",
					     "at_call",	 "at_vector", "at_relative", "at_red_zone"};
	char command[256];

	for (size_t i = 0; i < sizeof(labels) / sizeof(*labels); i++) {
		snprintf(command, sizeof(command),
			 "--strategy dfs --point 0x$(nm odd | sed -n 's/ . %s$//p') ./odd",
			 labels[i]);
		check(command, (struct wanted){2, 0, 0});
	}
	check("--strategy dfs --point 0x$(nm odd | sed -n 's/ . at_loop$//p') ./odd",
	      (struct wanted){20, 0, 0});
}

/* The code after a point may do anything, so it counts what others have done by then, on whatever
 * object: the point before, between, and after lock and unlock. */
Test(points, depend_on_everything)
{
	check("--point here ./apart", (struct wanted){3, 1, 0});
	check("--point here --strategy dfs ./apart", (struct wanted){3, 1, 0});
	check("--point here --fork ./apart", (struct wanted){3, 1, 0});
}

Test(points, by_line)
{
	check("--point plain.c:13 --strategy dfs ./fixed 1", (struct wanted){2, 0, 0});
}

/* The same seed, the same trace; a trace says what was watched, and its replay does the same. */
Test(points, of_a_run)
{
	static const char *const ways[] = {"--watch counter ./plain0 2",
					   "--watch counter ./plain2 2 p",
					   "--point direct ./plain2 2"};

	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		struct child child;

		if (is_beyond(ways[i]))
			continue;
		child = child_run(
			"cd \"$T\" && for i in 1 2 3 4 5 6 7 8 9 10; do "
			"\"$B/heddle\" run --seed $i --trace t %s 2>a; mv t u; "
			"\"$B/heddle\" run --seed $i --trace t %s 2>b; cmp t u && cmp a b && "
			"\"$B/heddle\" replay t 2>&1 | grep -q 'the same as in the trace' || "
			"echo differs >>d; grep '^T' t | md5sum >>sums; done; test ! -e d && "
			"sort -u sums | wc -l; rm -f sums",
			ways[i], ways[i]);

		cr_expect(child.status == 0 && atoi(child.out) > 1, "%s: %d %s", ways[i],
			  child.status, child.out);
		child_free(&child);
	}
}

Test(points, traces_of_a_search_are_replayed)
{
	struct child child = child_run(
		"cd \"$T\" && \"$B/heddle\" explore --keep-going --watch counter ./plain2 2 p "
		">/dev/null 2>&1; \"$B/heddle\" explore --keep-going --point 'libgap.so:0x'$(nm "
		"libgap.so | sed -n 's/ t gap$//p') ./shared >/dev/null 2>&1; ls *.trace | wc -l; "
		"for t in *.trace; do \"$B/heddle\" replay $t 2>&1 | grep -c 'the same as in the "
		"trace'; "
		"done | sort -u; grep -h '^setting' plain2-*.trace | sort -u | head -2");

	if (machine_has_watchpoints())
		cr_expect(!strncmp(child.out,
				   "4\n1\nsetting watch counter\nsetting watched-at .+0x", 48),
			  "%s", child.out);
	else
		cr_expect_str_eq(child.out, "1\n1\n");
	child_free(&child);
}

static void refuse(const char *command, const char *words)
{
	struct child child = child_run("cd \"$T\" && %s", command);

	cr_expect(child.status == 3, "%s: %d", command, child.status);
	cr_expect(strstr(child.err, words), "%s: %s", command, child.err);
	child_free(&child);
}

Test(points, refusals)
{
	refuse("./forbid 1 \"$B/heddle\" explore --watch counter ./plain2", "perf_event_paranoid");
	refuse("./forbid 13 \"$B/heddle\" run --watch counter ./plain2", "perf_event_paranoid");
	refuse("./forbid 28 \"$B/heddle\" run --watch counter ./plain2", "are in use");
	refuse("./forbid 38 \"$B/heddle\" run --watch counter ./plain2", "CONFIG_PERF_EVENTS");
	refuse("./forbid 95 \"$B/heddle\" run --watch counter ./plain2", "hardware breakpoints");
	refuse("\"$B/heddle\" run --watch nothing ./plain2", "no such variable");
	refuse("\"$B/heddle\" run --watch counter ./stripped", "stripped");
	refuse("\"$B/heddle\" run --watch 0x1000:64 ./plain2", "at most 4 times 8 bytes");
	refuse("\"$B/heddle\" run --watch 0x1000 ./plain2", "its size is not known");
	refuse("\"$B/heddle\" run --point nothing ./plain2", "no such function");
	refuse("\"$B/heddle\" run --point 0x10 ./fixed", "no code");
	refuse("\"$B/heddle\" run --point plain.c:1 ./fixed", "no code of that line");
	refuse("\"$B/heddle\" run --point libz.so.1:inflate ./plain2",
	       "not started with that library");
	refuse("\"$B/heddle\" run --point libc.so.6:malloc ./plain2", "C library");
}
