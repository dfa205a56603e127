/*
 * test_align.c - which event of one version of an execution is which of another, how these are put
 * into one order, and when the order of two events matters.
 */
#include "trace/align.h"

#include "model/op.h"
#include "trace/depend.h"
#include "trace/follow.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static struct trace read_trace(const char *events)
{
	char text[8192];
	struct trace trace;
	struct error error = {""};
	size_t count = 0;
	FILE *in;

	for (const char *at = events; *at; at++)
		count += *at == '\n';
	snprintf(text, sizeof(text),
		 "heddle trace 1\nprogram x\nprogram-hash 0000000000000000\nsession run\n"
		 "verdict passed\n\n%send %zu events\n",
		 events, count);
	in = fmemopen(text, strlen(text), "r");
	cr_assert_eq(trace_read_stream(&trace, in, &error), 0, "%s", error.text);
	fclose(in);
	return trace;
}

/* "0 1 - 2": where each event of `a` is in `b`. */
static void expect_matches(const char *a, const char *b, bool is_edited, const char *expected)
{
	struct trace one = read_trace(a), other = read_trace(b);
	struct align align;
	char text[256] = "";

	align_make(&align, &one, &other, is_edited);
	for (size_t i = 0; i < one.event_count; i++) {
		size_t length = strlen(text), at = align.in_b[i];

		if (at == ALIGN_NONE)
			snprintf(text + length, sizeof(text) - length, "%s-", i ? " " : "");
		else
			snprintf(text + length, sizeof(text) - length, "%s%zu", i ? " " : "", at);
		if (at != ALIGN_NONE)
			cr_expect_eq(align.in_a[at], i);
	}
	cr_expect_str_eq(text, expected);
	align_free(&align);
	trace_free(&one);
	trace_free(&other);
}

#define LOCKED                                                                                     \
	"T1 lock m - 0 x.c:1 -\n"                                                                  \
	"T1 read n 4 0 x.c:2 -\n"                                                                  \
	"T1 write n 4 0>1 x.c:2 -\n"                                                               \
	"T1 unlock m - 0 x.c:3 -\n"

Test(align, threads_one_by_one)
{
	expect_matches("T1 read a 4 0 x.c:1 -\nT2 read b 4 0 x.c:1 -\nT1 write a 4 1 x.c:1 -\n",
		       "T2 read b 4 7 x.c:1 -\nT1 read a 4 0 x.c:1 -\nT1 write a 4 1 x.c:1 -\n",
		       false, "1 0 2");
}

Test(align, added_and_removed)
{
	expect_matches(LOCKED, "T1 lock e - 0 x.c:1 -\nT1 unlock e - 0 x.c:1 -\n" LOCKED, true,
		       "2 3 4 5");
	expect_matches(LOCKED, "T1 read n 4 0 x.c:2 -\nT1 write n 4 0>1 x.c:2 -\n", true,
		       "- 0 1 -");
}

/* Only where the old name is gone and the new one is new. */
Test(align, renamed)
{
	expect_matches("T1 read n 4 0 x.c:2 -\n", "T1 read k 4 0 x.c:2 -\n", true, "0");
	expect_matches("T1 read n 4 0 x.c:2 -\n", "T1 read k 4 0 x.c:2 -\n", false, "-");
	expect_matches("T1 read n 4 0 x.c:2 -\nT1 read k 4 0 x.c:2 -\n", "T1 read k 4 0 x.c:2 -\n",
		       true, "- 0");
	expect_matches("T1 read node(list.c:12).next 8 0 x.c:2 -\nT1 lock M2 - 0 x.c:3 -\n",
		       "T1 read node(list.c:17).next 8 0 x.c:2 -\nT1 lock M3 - 0 x.c:3 -\n", true,
		       "0 1");
}

/* More than is compared each with each. */
Test(align, long_threads)
{
	struct trace one, other;
	struct align align;
	struct trace_event event = {.thread = 0, .before = "", .value = "0", .place = "x.c:1"};

	trace_init(&one);
	trace_init(&other);
	for (int i = 0; i < 10000; i++) {
		event.op = OP_LOCK, event.object = "m";
		trace_event_add(&one, &event);
		trace_event_add(&other, &event);
		event.op = OP_WRITE, event.object = "n";
		trace_event_add(&one, &event);
		trace_event_add(&other, &event);
		event.op = OP_UNLOCK, event.object = "m";
		trace_event_add(&one, &event);
		trace_event_add(&other, &event);
		if (i % 3)
			continue;
		event.op = OP_READ, event.object = "new";
		trace_event_add(&other, &event);
	}
	align_make(&align, &one, &other, true);
	cr_expect_eq(align.matched, 30000);
	align_free(&align);
	trace_free(&one);
	trace_free(&other);
}

/* "2 0 1": the order in which the events of `got` follow `wanted`. */
static void expect_order(const char *wanted, const char *got, const char *expected, size_t broken)
{
	struct trace one = read_trace(wanted), other = read_trace(got);
	struct align align;
	char text[256] = "";
	size_t *order, count;

	align_make(&align, &one, &other, true);
	order = follow_order(&one, &other, &align, &count);
	for (size_t i = 0; i < count; i++) {
		size_t length = strlen(text);

		snprintf(text + length, sizeof(text) - length, "%s%zu", i ? " " : "", order[i]);
	}
	cr_expect_str_eq(text, expected);
	cr_expect_eq(follow_break(&other, order, count), broken, "%zu",
		     follow_break(&other, order, count));
	free(order);
	align_free(&align);
	trace_free(&one);
	trace_free(&other);
}

Test(follow, the_order_of_the_trace)
{
	static const char wanted[] = "T1 read n 4 0 x.c:1 -\nT2 read n 4 0 x.c:1 -\n"
				     "T1 write n 4 1 x.c:1 -\nT2 write n 4 1 x.c:1 -\n";

	expect_order(wanted, wanted, "0 1 2 3", 4);
	/* T1's write came before T2's read. */
	expect_order(wanted,
		     "T1 read n 4 0 x.c:1 -\nT1 write n 4 1 x.c:1 -\nT2 read n 4 1 x.c:1 -\n"
		     "T2 write n 4 2 x.c:1 -\n",
		     "0 2 1 3", 1);
	/* Two reads in another order are the same. */
	expect_order(wanted,
		     "T2 read n 4 0 x.c:1 -\nT1 read n 4 0 x.c:1 -\nT1 write n 4 1 x.c:1 -\n"
		     "T2 write n 4 1 x.c:1 -\n",
		     "1 0 2 3", 4);
}

/* A new lock is taken late and given back early. */
Test(follow, new_locks)
{
	expect_order("T1 write n 4 1 x.c:1 -\nT2 write n 4 2 x.c:1 -\nT1 end - - - - -\n",
		     "T1 lock e - 0 x.c:1 -\nT2 read k 4 0 x.c:1 -\nT1 write n 4 1 x.c:1 -\n"
		     "T1 unlock e - 0 x.c:1 -\nT2 lock e - 0 x.c:1 -\nT2 write n 4 2 x.c:1 -\n"
		     "T1 end - - - - -\nT2 unlock e - 0 x.c:1 -\n",
		     "0 2 3 1 4 5 7 6", 8);
}

/* What comes behind the trace's end is no reason to let a thread go on before it is its turn. */
Test(follow, the_end)
{
	expect_order("T1 lock a - 0 x.c:1 -\nT2 lock b - 0 x.c:1 -\n",
		     "T1 lock a - 0 x.c:1 -\nT1 lock b - 0 x.c:1 -\nT1 unlock b - 0 x.c:1 -\n"
		     "T1 unlock a - 0 x.c:1 -\nT2 lock b - 0 x.c:1 -\n",
		     "0 4 1 2 3", 1);
}

static void expect_dependent(const char *a, const char *b, bool expected)
{
	char text[512];
	struct trace trace;

	snprintf(text, sizeof(text), "%s\n%s\n", a, b);
	trace = read_trace(text);
	cr_expect_eq(depend_events(&trace.events[0], &trace.events[1]), expected, "%s", text);
	cr_expect_eq(depend_events(&trace.events[1], &trace.events[0]), expected, "%s", text);
	trace_free(&trace);
}

Test(depend, by_operation_and_name)
{
	expect_dependent("T1 read n 4 0 - -", "T2 read n 4 0 - -", false);
	expect_dependent("T1 read n 4 0 - -", "T2 write n 4 0 - -", true);
	expect_dependent("T1 write n 4 0 - -", "T2 write k 4 0 - -", false);
	expect_dependent("T1 write a 64 - - -", "T2 read a[3].x 4 0 - -", true);
	expect_dependent("T1 write a[1] 4 0 - -", "T2 read a[10] 4 0 - -", false);
	expect_dependent("T1 lock m - 0 - -", "T2 unlock m - 0 - -", true);
	expect_dependent("T1 trylock m - EBUSY - -", "T2 trylock m - EBUSY - -", false);
	expect_dependent("T1 sem_post s - 0 - -", "T2 sem_post s - 0 - -", false);
	expect_dependent("T1 sem_post s - 0 - -", "T2 sem_wait s - 0 - -", true);
	expect_dependent("T1 wait c,m - - - -", "T2 lock m - 0 - -", true);
	expect_dependent("T1 wait c,m - - - -", "T2 signal c - 0 - -", true);
	expect_dependent("T1 wait c,m - - - -", "T2 lock k - 0 - -", false);
	expect_dependent("T1 atomic_cas n 4 0>0 - -", "T2 read n 4 0 - -", false);
	expect_dependent("T1 atomic_cas n 4 0>1 - -", "T2 read n 4 0 - -", true);
	expect_dependent("T1 exit - - 0 - -", "T2 read n 4 0 - -", true);
}
