/*
 * test_trace.c - the trace file: what is written is read back; what is mangled is told with its
 * line, and never read.
 */
#include "trace/trace.h"

#include "model/op.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char sample[] = "heddle trace 1\n"
			     "program ./counter\n"
			     "argument 2\n"
			     "program-hash 9ae16a3b2f90404f\n"
			     "session run\n"
			     "strategy random\n"
			     "seed 42\n"
			     "execution 7\n"
			     "setting stack-bytes 8388608\n"
			     "verdict assertion\n"
			     "message counter.c:31: main: Assertion `counter == 2' failed.\n"
			     "\n"
			     "T0 create T1 - increment counter.c:27 -\n"
			     "T1 start increment - \"worker\" - -\n"
			     "T1 lock lock - 0 counter.c:9 choice\n"
			     "T1 read counter 4 -1 counter.c:10 choice,volatile\n"
			     "T1 atomic_rmw total 8 0>1 counter.c:11 -\n"
			     "T1 read next 8 &counter counter.c:12 -\n"
			     "T1 choose - - 2 counter.c:12 -\n"
			     "T1 wait nonempty,lock - - queue.c:40 choice,pending\n"
			     "T0 join T1 - - counter.c:30 pending\n"
			     "end 9 events\n";

static int read_text(struct trace *trace, const char *text, size_t length, struct error *error)
{
	FILE *in = fmemopen((void *)text, length, "r");
	int result;

	cr_assert(in);
	result = trace_read_stream(trace, in, error);
	fclose(in);
	return result;
}

static char *write_text(const struct trace *trace)
{
	char *text;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	cr_assert_eq(trace_write_stream(trace, out), 0);
	fclose(out);
	return text;
}

/* The sample with the first `old` replaced, as a new text. */
static char *changed(const char *old, const char *new)
{
	char *text = malloc(sizeof(sample) + strlen(new));
	const char *at = strstr(sample, old);

	cr_assert(at, "%s", old);
	sprintf(text, "%.*s%s%s", (int)(at - sample), sample, new, at + strlen(old));
	return text;
}

Test(trace, reads_the_header)
{
	struct trace trace;
	struct error error = {""};

	cr_assert_eq(read_text(&trace, sample, strlen(sample), &error), 0, "%s", error.text);
	cr_expect_str_eq(trace.program, "./counter");
	cr_expect_eq(trace.argument_count, 1);
	cr_expect_str_eq(trace.arguments[0], "2");
	cr_expect_eq(trace.program_hash, 0x9ae16a3b2f90404f);
	cr_expect_str_eq(trace.session, "run");
	cr_expect_str_eq(trace.strategy, "random");
	cr_expect_eq(trace.seed, 42);
	cr_expect_eq(trace.execution, 7);
	cr_expect_str_eq(trace_setting(&trace, "stack-bytes"), "8388608");
	cr_expect_null(trace_setting(&trace, "other"));
	cr_expect_str_eq(trace.verdict, "assertion");
	cr_expect_str_eq(trace.message, "counter.c:31: main: Assertion `counter == 2' failed.");
	trace_free(&trace);
}

Test(trace, reads_the_events)
{
	struct trace trace;
	struct error error = {""};

	cr_assert_eq(read_text(&trace, sample, strlen(sample), &error), 0, "%s", error.text);
	cr_assert_eq(trace.event_count, 9);
	cr_expect_eq(trace.events[0].number, 1);
	cr_expect_eq(trace.events[3].op, OP_READ);
	cr_expect_eq(trace.events[3].size, 4);
	cr_expect_eq(trace.events[3].number, (uint64_t)-1);
	cr_expect_eq(trace.events[3].flags, EVENT_HAS_VALUE | EVENT_WAS_CHOICE | EVENT_VOLATILE);
	cr_expect_str_eq(trace.events[4].before, "0");
	cr_expect_str_eq(trace.events[4].value, "1");
	cr_expect_str_eq(trace.events[5].value, "&counter");
	cr_expect_eq(trace.events[6].number, 2);
	cr_expect_eq(trace.events[7].flags, EVENT_WAS_CHOICE | EVENT_PENDING);
	cr_expect_str_eq(trace.events[7].place, "queue.c:40");
	cr_assert_eq(trace.thread_count, 2);
	cr_expect_str_eq(trace.threads[0].routine, "main");
	cr_expect_str_eq(trace.threads[1].routine, "increment");
	cr_expect_str_eq(trace.threads[1].name, "worker");
	trace_free(&trace);
}

Test(trace, plan_leaves_out_what_is_pending)
{
	struct trace trace;
	size_t count;
	struct event *plan;

	cr_assert_eq(read_text(&trace, sample, strlen(sample), NULL), 0);
	plan = trace_plan(&trace, &count);
	cr_assert_eq(count, 7);
	cr_expect_eq(plan[2].op, OP_LOCK);
	cr_expect_eq(plan[2].thread, 1);
	cr_expect_eq(plan[6].op, OP_CHOOSE);
	cr_expect_eq(plan[6].value, 2);
	free(plan);
	trace_free(&trace);
}

Test(trace, written_text_is_a_fixed_point)
{
	struct trace trace, again;
	char *first, *second;

	cr_assert_eq(read_text(&trace, sample, strlen(sample), NULL), 0);
	first = write_text(&trace);
	cr_assert_eq(read_text(&again, first, strlen(first), NULL), 0);
	second = write_text(&again);
	cr_expect_str_eq(first, second);
	cr_expect(strstr(first, "\nT1   lock          lock                       -  0            "
				"counter.c:9                  choice\n"),
		  "%s", first);
	free(first);
	free(second);
	trace_free(&trace);
	trace_free(&again);
}

static const char *const awkward[] = {
	"",
	"-",
	" ",
	"  a  b ",
	"a\nb\tc",
	"\\e",
	"\\",
	"\\n",
	"\x01\x7f\xff",
	"\\e\\",
	"a>b,c",
	"operator>",
	"\xc3\xa9t\xc3\xa9",
	"\xc3",
	"\xe2\x80",
	"#",
	"end 3 events",
};

#define AWKWARD (sizeof(awkward) / sizeof(awkward[0]))

Test(trace, any_text_survives)
{
	struct trace trace, again;
	struct error error = {""};
	char *text;

	trace_init(&trace);
	trace.program = "a program\n";
	trace.verdict = trace.session = "x";
	for (size_t i = 0; i < AWKWARD; i++) {
		trace_argument_add(&trace, awkward[i]);
		trace_event_add(&trace, &(struct trace_event){.op = OP_WRITE,
							      .object = awkward[i],
							      .before = awkward[i],
							      .value = awkward[i],
							      .place = awkward[i]});
	}
	text = write_text(&trace);
	cr_assert_eq(read_text(&again, text, strlen(text), &error), 0, "%s\n%s", error.text, text);
	cr_expect_str_eq(again.program, "a program\n");
	cr_assert_eq(again.argument_count, AWKWARD);
	cr_assert_eq(again.event_count, AWKWARD);
	for (size_t i = 0; i < AWKWARD; i++) {
		cr_expect_str_eq(again.arguments[i], awkward[i]);
		cr_expect_str_eq(again.events[i].object, awkward[i]);
		cr_expect_str_eq(again.events[i].before, awkward[i]);
		cr_expect_str_eq(again.events[i].value, awkward[i]);
		cr_expect_str_eq(again.events[i].place, awkward[i]);
	}
	free(text);
	trace_free(&trace);
	trace_free(&again);
}

Test(trace, names_too_long_are_cut_and_still_read)
{
	struct trace trace;
	struct error error = {""};
	char *name = malloc(10001), *text;

	memset(name, '\n', 10000);
	name[10000] = '\0';
	trace_init(&trace);
	trace.program = trace.verdict = trace.session = "x";
	trace_event_add(&trace, &(struct trace_event){.op = OP_READ,
						      .object = name,
						      .before = name,
						      .value = name,
						      .place = name});
	text = write_text(&trace);
	trace_free(&trace);
	cr_expect_eq(read_text(&trace, text, strlen(text), &error), 0, "%s", error.text);
	cr_expect_gt(strlen(trace.events[0].object), 500);
	trace_free(&trace);
	free(name);
	free(text);
}

Test(trace, a_trace_that_is_cut_off_anywhere_is_no_trace)
{
	struct trace trace;
	struct error error;

	/* Without its last newline it is whole. */
	for (size_t length = 1; length < strlen(sample) - 1; length++) {
		error.text[0] = '\0';
		cr_expect_eq(read_text(&trace, sample, length, &error), -1, "%zu bytes", length);
		cr_expect(strstr(error.text, "expected"), "%zu bytes: %s", length, error.text);
		cr_expect_eq(trace.event_count, 0);
		trace_free(&trace);
	}
}

static const struct {
	const char *old, *new, *message;
} mangled[] = {
	{"heddle trace 1", "heddle trace 2", "line 1: found format version 2, expected 1"},
	{"heddle trace 1", "heddle trace one", "line 1: found `heddle trace one`, expected"},
	{"heddle trace 1", "#!/bin/sh",
	 "line 1: found `#!/bin/sh`, expected `heddle trace 1`: this is no trace"},
	{"program ./counter\n", "",
	 "line 11: the header ends, expected a line `program ...` in it"},
	{"verdict assertion\n", "", "expected a line `verdict ...`"},
	{"session run\n", "", "expected a line `session ...`"},
	{"program-hash 9ae16a3b2f90404f\n", "", "expected a line `program-hash ...`"},
	{"seed 42\n", "seed 42\nseed 43\n", "line 8: found a second `seed`, expected one"},
	{"seed 42", "seed -1", "line 7: found `-1`, expected a number"},
	{"seed 42", "seed 18446744073709551616",
	 "line 7: found `18446744073709551616`, expected a number"},
	{"execution 7", "execution 7x", "line 8: found `7x`, expected a number"},
	{"9ae16a3b2f90404f", "9ae1", "line 4: found `9ae1`, expected 16 hexadecimal digits"},
	{"argument 2", "argument \\q", "line 3: found `\\\\q`, expected a value with escapes"},
	{"argument 2", "argument", "line 3: found `argument`, expected a header line"},
	{"argument 2", "%&!", "line 3: found `%&!`, expected a header line"},
	{"setting stack-bytes 8388608", "setting stack-bytes",
	 "line 9: found `stack-bytes`, expected `setting NAME"},
	{"\n\n", "\n", "line 12: found `T0`, expected a header line"},
	{"T0 create", "X0 create", "line 13: found `X0 create T1"},
	{"T0 create", "Tx create", "line 13: found `Tx`, expected a thread such as T1"},
	{"T0 create", "T4294967295 create", "line 13: found `T4294967295`, expected a thread"},
	{"create T1", "create counter", "line 13: found `counter`, expected the other thread"},
	{"T1 lock lock", "T1 lok lock", "line 15: found `lok`, expected an operation"},
	{"read counter 4 -1", "read counter four -1", "line 16: found `four`, expected a size"},
	{"read counter 4 -1", "read counter 0 -1", "line 16: found `0`, expected a size"},
	{"read counter 4 -1", "read counter 4", "line 16: found 6 fields, expected 7"},
	{"total 8 0>1 counter.c:11", "total 8", "line 17: found 5 fields, expected 7"},
	{"total 8 0>1 counter.c:11", "total 8 0>1 c.c:1 x", "line 17: found 8 fields"},
	{"choice,volatile", "choice,volatil", "line 16: found `volatil`, expected a flag"},
	{"choice,volatile", "choice,", "line 16: found ``, expected a flag"},
	{"choose - - 2", "choose - - x",
	 "line 19: found `x`, expected the number of the alternative"},
	{"choose - - 2", "choose - - -",
	 "line 19: found ``, expected the number of the alternative"},
	{"read next", "read n\\ext", "line 18: found `n\\\\ext`, expected a name with escapes"},
	{"T1 lock lock - 0 counter.c:9 choice\n", "",
	 "line 21: found `end 9 events`, expected `end 8 events`"},
	{"T1 lock lock - 0 counter.c:9 choice\n", "\n",
	 "line 15: found ``, expected an event or `end N events`"},
	{"end 9 events", "end", "line 22: found `end`, expected an event or `end N events`"},
	{"end 9 events\n", "end 9 events\n\nmore\n",
	 "line 24: found `more`, expected nothing after the end"},
};

Test(trace, mangled_lines_are_told)
{
	for (size_t i = 0; i < sizeof(mangled) / sizeof(mangled[0]); i++) {
		char *text = changed(mangled[i].old, mangled[i].new);
		struct error error = {""};
		struct trace trace;

		cr_expect_eq(read_text(&trace, text, strlen(text), &error), -1, "%s", text);
		cr_expect(strstr(error.text, mangled[i].message), "expected: %s\ngot: %s",
			  mangled[i].message, error.text);
		trace_free(&trace);
		free(text);
	}
}

Test(trace, no_byte_changed_at_random_makes_it_fall)
{
	char text[sizeof(sample)];

	for (size_t at = 0; at < sizeof(sample) - 1; at++) {
		for (unsigned byte = 0; byte < 256; byte += 5) {
			struct trace trace;

			memcpy(text, sample, sizeof(sample));
			text[at] = (char)byte;
			read_text(&trace, text, sizeof(sample) - 1, NULL);
			trace_free(&trace);
		}
	}
}

Test(trace, spacing_and_line_ends_do_not_matter)
{
	char *text = changed("T1 lock lock - 0 counter.c:9 choice\n",
			     "T1\tlock   lock -\t0  counter.c:9      choice  \r\n");
	struct trace trace, plain;
	struct trace_difference difference;
	struct error error = {""};

	cr_assert_eq(read_text(&plain, sample, strlen(sample), NULL), 0);
	cr_assert_eq(read_text(&trace, text, strlen(text), &error), 0, "%s", error.text);
	cr_expect_not(trace_compare(&plain, &trace, &difference));
	trace_free(&trace);
	trace_free(&plain);
	free(text);
}

Test(trace, keys_of_later_versions_are_kept)
{
	char *text = changed("seed 42\n", "seed 42\nmemory-model tso \n"), *again;
	struct trace trace;

	cr_assert_eq(read_text(&trace, text, strlen(text), NULL), 0);
	cr_assert_eq(trace.unknown_count, 1);
	cr_expect_str_eq(trace.unknown[0].key, "memory-model");
	cr_expect_eq(trace.unknown[0].line, 8);
	again = write_text(&trace);
	cr_expect(strstr(again, "\nmemory-model tso"));
	free(again);
	free(text);
	trace_free(&trace);
}

Test(trace, compare_shows_the_first_difference)
{
	char *text = changed("counter 4 -1", "counter 4 1");
	struct trace expected, got;
	struct trace_difference difference;

	cr_assert_eq(read_text(&expected, sample, strlen(sample), NULL), 0);
	cr_assert_eq(read_text(&got, text, strlen(text), NULL), 0);
	cr_expect_not(trace_compare(&expected, &expected, &difference));
	cr_assert(trace_compare(&expected, &got, &difference));
	cr_expect_eq(difference.index, 3);
	cr_expect(strstr(difference.expected, " -1 "), "%s", difference.expected);
	cr_expect(strstr(difference.got, " 1 "), "%s", difference.got);
	got.event_count = 3;
	cr_assert(trace_compare(&expected, &got, &difference));
	cr_expect_str_eq(difference.got, "(end of trace)");
	trace_free(&expected);
	trace_free(&got);
	free(text);
}

Test(trace, compare_overlooks_moved_lines_of_an_edited_program)
{
	char *text = changed("counter.c:10", "counter.c:11");
	struct trace expected, got;
	struct trace_difference difference;

	cr_assert_eq(read_text(&expected, sample, strlen(sample), NULL), 0);
	cr_assert_eq(read_text(&got, text, strlen(text), NULL), 0);
	cr_expect(trace_compare(&expected, &got, &difference));
	got.program_hash++;
	cr_expect_not(trace_compare(&expected, &got, &difference));
	trace_free(&expected);
	trace_free(&got);
	free(text);
}

Test(trace, file_is_replaced_whole_or_not_at_all)
{
	char folder[] = "/tmp/heddle-test-XXXXXX", path[64], other[64];
	struct trace trace, again;
	struct error error = {""};
	struct stat status;

	cr_assert(mkdtemp(folder));
	sprintf(path, "%s/a.trace", folder);
	sprintf(other, "%s/none/a.trace", folder);
	cr_assert_eq(read_text(&trace, sample, strlen(sample), NULL), 0);
	cr_expect_eq(trace_write(&trace, path, &error), 0, "%s", error.text);
	cr_expect_eq(trace_write(&trace, path, &error), 0, "%s", error.text);
	cr_assert_eq(trace_read(&again, path, &error), 0, "%s", error.text);
	cr_expect_eq(again.event_count, 9);
	cr_assert_eq(stat(path, &status), 0);
	cr_expect_eq(status.st_nlink, 1);
	cr_expect_eq(trace_write(&trace, other, &error), -1);
	cr_expect(strstr(error.text, "cannot write the trace `/tmp/heddle-test-"), "%s",
		  error.text);
	cr_expect(strstr(error.text, "No such file or directory"), "%s", error.text);
	cr_expect_eq(trace_write(&trace, folder, &error), -1);
	cr_expect(strstr(error.text, "Is a directory"), "%s", error.text);
	cr_expect_eq(trace_write(&trace, "/dev/full", &error), -1);
	cr_expect(strstr(error.text, "No space left"), "%s", error.text);
	trace_free(&again);
	cr_expect_eq(trace_read(&again, other, &error), -1);
	cr_expect(strstr(error.text, "cannot read the trace"), "%s", error.text);
	unlink(path);
	cr_expect_eq(rmdir(folder), 0, "a temporary file was left");
	trace_free(&trace);
	trace_free(&again);
}

Test(trace, hash_is_fnv_1a)
{
	char path[] = "/tmp/heddle-test-XXXXXX";
	int file = mkstemp(path);
	uint64_t hash;
	struct error error = {""};

	cr_assert_eq(write(file, "foobar", 6), 6);
	close(file);
	cr_assert_eq(trace_hash_file(path, &hash, &error), 0, "%s", error.text);
	cr_expect_eq(hash, 0x85944171f73967e8); /* from the authors' test suite */
	unlink(path);
	cr_expect_eq(trace_hash_file(path, &hash, &error), -1);
}
