/*
 * test_report_fold.c - which events of a long trace stand in one row, what is said of them, and why
 * a thread was left.
 */
#include "report/fold.h"

#include "report/moved.h"
#include "report/pattern.h"
#include "report/select.h"
#include "report/table.h"

#include <criterion/criterion.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* A trace that is written line by line. */
struct text {
	char *bytes;
	size_t size, events;
	FILE *out;
};

static void text_begin(struct text *text)
{
	*text = (struct text){.bytes = NULL};
	text->out = open_memstream(&text->bytes, &text->size);
	fputs("heddle trace 1\nprogram x\nprogram-hash 0000000000000000\nsession run\n"
	      "verdict passed\n\n",
	      text->out);
}

static void add(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add(struct text *text, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vfprintf(text->out, format, arguments);
	va_end(arguments);
	fputc('\n', text->out);
	text->events++;
}

static struct trace text_end(struct text *text)
{
	struct trace trace;
	struct error error = {""};
	FILE *in;

	fprintf(text->out, "end %zu events\n", text->events);
	fclose(text->out);
	in = fmemopen(text->bytes, text->size, "r");
	cr_assert_eq(trace_read_stream(&trace, in, &error), 0, "%s", error.text);
	fclose(in);
	free(text->bytes);
	return trace;
}

static void increment(struct text *text, int thread, int number)
{
	add(text, "T%d lock m - 0 x.c:1 choice", thread);
	add(text, "T%d read n 4 %d x.c:2 -", thread, number);
	add(text, "T%d write n 4 %d>%d x.c:2 -", thread, number, number + 1);
	add(text, "T%d unlock m - 0 x.c:3 -", thread);
}

static char *shown(const struct trace *trace, struct table_options options)
{
	char *table;
	size_t size;
	FILE *out = open_memstream(&table, &size);

	table_print(out, trace, &options);
	fclose(out);
	return table;
}

static size_t lines(const char *text)
{
	size_t count = 0;

	for (; *text; text++)
		count += *text == '\n';
	return count;
}

Test(fold, short_traces_are_shown_whole)
{
	struct text text;
	struct trace trace;
	struct fold fold;

	text_begin(&text);
	for (int i = 0; i < 20; i++)
		increment(&text, 1, i);
	trace = text_end(&text);
	fold_make(&fold, &trace, &(struct fold_wish){.full = false});
	cr_expect_eq(fold.row_count, 80);
	fold_free(&fold);
	trace_free(&trace);
}

Test(fold, a_loop_is_a_row)
{
	struct text text;
	struct trace trace;
	char *table;

	text_begin(&text);
	add(&text, "T1 start work - - - -");
	for (int i = 0; i < 25; i++)
		increment(&text, 1, i);
	add(&text, "T1 end - - - - -");
	trace = text_end(&text);
	table = shown(&trace, (struct table_options){.width = 100, .headless = true});
	cr_expect_str_eq(table, "      | T1 work                                      | where\n"
				"------+----------------------------------------------+--------\n"
				"    1 | start work                                   |\n"
				"2-101 | 25 x { lock m, n -> k, n k -> k+1,           | x.c:1-3\n"
				"      |   unlock m } k from 0 to 24                  |\n"
				"  102 | end                                          |\n"
				"102 events in 3 rows; --full shows each of them\n");
	free(table);
	table = shown(&trace, (struct table_options){.width = 100, .headless = true, .full = true});
	cr_expect_eq(lines(table), 104, "%s", table);
	free(table);
	trace_free(&trace);
}

/* Two threads that take turns at random: no loop of one thread is long. */
static struct trace interleaved(int rounds)
{
	struct text text;
	unsigned state = 1;
	int number = 0;

	text_begin(&text);
	add(&text, "T0 create T1 - work x.c:8 -");
	add(&text, "T0 create T2 - work x.c:9 -");
	add(&text, "T1 start work - - - -");
	add(&text, "T2 start work - - - -");
	for (int i = 0; i < rounds; i++) {
		state = state * 1103515245 + 12345;
		add(&text, "T%u read n 4 %d x.c:2 choice", 1 + (state >> 16 & 1), number);
		state = state * 1103515245 + 12345;
		add(&text, "T%u write n 4 %d>%d x.c:2 choice", 1 + (state >> 16 & 1), number,
		    number + 1);
		number++;
	}
	add(&text, "T1 end - - - - -");
	add(&text, "T2 end - - - - -");
	add(&text, "T0 read n 4 %d x.c:10 choice", number);
	return text_end(&text);
}

Test(fold, many_events_are_a_page)
{
	struct trace trace = interleaved(10000);
	struct fold fold;
	size_t next = 0;
	char *table;

	fold_make(&fold, &trace, &(struct fold_wish){.full = false});
	cr_expect_leq(fold.row_count, FOLD_ROWS);
	for (size_t i = 0; i < fold.row_count; i++) {
		cr_expect_eq(fold.rows[i].first, next, "row %zu", i);
		next += fold.rows[i].count;
	}
	cr_expect_eq(next, trace.event_count);
	fold_free(&fold);
	table = shown(&trace, (struct table_options){.width = 100, .headless = true});
	cr_expect_leq(lines(table), FOLD_ROWS + 20, "%s", table);
	cr_expect(strstr(table, "T1 work") && strstr(table, " switches\n"), "%s", table);
	free(table);
	trace_free(&trace);
}

static bool is_one(const struct trace *trace, size_t index)
{
	(void)trace;
	return index == 9000 || index == 9001;
}

Test(fold, a_marked_row_stands_for_itself)
{
	struct trace trace = interleaved(10000);
	struct fold fold;
	size_t found = 0;

	fold_make(&fold, &trace, &(struct fold_wish){.is_marked = is_one});
	for (size_t i = 0; i < fold.row_count; i++)
		if (fold.rows[i].kind == FOLD_EVENT &&
		    is_one(&trace, fold.shown[fold.rows[i].first]))
			found++;
	cr_expect_eq(found, 2);
	cr_expect_leq(fold.row_count, FOLD_ROWS);
	fold_free(&fold);
	trace_free(&trace);
}

Test(fold, an_index_that_counts_is_i)
{
	struct text text;
	struct trace trace;
	struct pattern pattern;
	size_t events[30], next = 0;
	char line[256];

	text_begin(&text);
	for (int i = 0; i < 30; i++)
		add(&text, "T0 write a[%d].x 4 %d x.c:2 -", i, i % 2 ? -i : 7 * i);
	trace = text_end(&text);
	for (size_t i = 0; i < 30; i++)
		events[i] = i;
	pattern_init(&pattern, false);
	pattern_add_loop(&pattern, &trace, events, 30, 1);
	cr_expect(pattern_line(&pattern, &next, 100, line, sizeof(line)));
	cr_expect_str_eq(line, "30 x a[i].x = n n within -29 to 196");
	cr_expect_not(pattern_line(&pattern, &next, 100, line, sizeof(line)));
	pattern_free(&pattern);
	trace_free(&trace);
}

static void expect_why(const struct trace *trace, const struct moved *moved, size_t index,
		       enum moved_why why)
{
	(void)trace;
	cr_expect_eq(moved[index].why, why, "event %zu: %d", index + 1, moved[index].why);
}

Test(moved, by_locks_and_ends)
{
	struct text text;
	struct trace trace;
	struct moved *moved;

	text_begin(&text);
	add(&text, "T0 create T1 - work x.c:8 -");
	add(&text, "T1 start work - - - -");
	add(&text, "T0 lock m - 0 x.c:9 choice");
	add(&text, "T1 read n 4 0 x.c:2 choice");
	add(&text, "T0 write n 4 0>1 x.c:10 choice"); /* T1 waits for m, that T0 has */
	add(&text, "T0 unlock m - 0 x.c:11 -");
	add(&text, "T1 lock m - 0 x.c:3 choice"); /* T0 could have gone on */
	add(&text, "T1 yield - - - x.c:4 choice");
	add(&text, "T0 write n 4 1>2 x.c:12 choice");
	add(&text, "T1 unlock m - 0 x.c:5 choice");
	add(&text, "T1 end - - - - -");
	add(&text, "T0 join T1 - - x.c:13 -");
	trace = text_end(&text);
	moved = moved_find(&trace);
	expect_why(&trace, moved, 2, MOVED_PREEMPTED);
	expect_why(&trace, moved, 3, MOVED_WAITS);
	expect_why(&trace, moved, 5, MOVED_PREEMPTED);
	expect_why(&trace, moved, 7, MOVED_PREEMPTED);
	expect_why(&trace, moved, 8, MOVED_WAITS);
	expect_why(&trace, moved, 10, MOVED_ENDED);
	free(moved);
	trace_free(&trace);
}

/* A wait gives its mutex up: who had to wait for that can go. */
Test(moved, a_wait_lets_others_in)
{
	struct text text;
	struct trace trace;
	struct moved *moved;

	text_begin(&text);
	add(&text, "T1 lock m - 0 x.c:1 choice");
	add(&text, "T1 wait c,m - - x.c:2 -");
	add(&text, "T2 lock m - 0 x.c:5 choice");
	add(&text, "T2 signal c - 0 x.c:6 -");
	add(&text, "T2 unlock m - 0 x.c:7 -");
	add(&text, "T1 wake c,m - 0 x.c:2 choice");
	add(&text, "T2 lock m - - x.c:8 pending");
	trace = text_end(&text);
	moved = moved_find(&trace);
	expect_why(&trace, moved, 1, MOVED_WAITS);
	cr_expect_eq(moved[1].next, 5);
	/* T2's next is to lock m, which nobody has before T1 wakes. */
	expect_why(&trace, moved, 4, MOVED_PREEMPTED);
	free(moved);
	trace_free(&trace);
}

/* What a semaphore's count was nobody knows. */
Test(moved, says_nothing_it_does_not_know)
{
	struct text text;
	struct trace trace;
	struct moved *moved;

	text_begin(&text);
	add(&text, "T1 read n 4 0 x.c:1 choice");
	add(&text, "T2 sem_post s - 0 x.c:5 choice");
	add(&text, "T1 sem_wait s - 0 x.c:2 choice");
	trace = text_end(&text);
	moved = moved_find(&trace);
	expect_why(&trace, moved, 0, MOVED_UNKNOWN);
	free(moved);
	trace_free(&trace);
}

Test(select, objects)
{
	cr_expect(select_is_object("counter", "counter"));
	cr_expect(select_is_object("accounts[1].balance", "accounts"));
	cr_expect(select_is_object("accounts[1].balance", "accounts[1]"));
	cr_expect(select_is_object("main::count", "count"));
	cr_expect(select_is_object("T1:work::sum", "sum"));
	cr_expect(select_is_object("T1:errors", "errors"));
	cr_expect(select_is_object("changed,lock", "lock"));
	cr_expect(select_is_object("changed,lock", "changed"));
	cr_expect(select_is_object("T1:node#2(list.c:12).next", "node"));
	cr_expect_not(select_is_object("accounts[10]", "accounts[1]"));
	cr_expect_not(select_is_object("counter", "count"));
	cr_expect_not(select_is_object("recount", "count"));
	cr_expect_not(select_is_object("", "count"));
}

Test(select, threads)
{
	struct trace trace = {.thread_count = 12};

	cr_expect(select_is_list("T1,T2", &trace));
	cr_expect(select_is_list("11", &trace));
	cr_expect_not(select_is_list("T12", &trace));
	cr_expect_not(select_is_list("", &trace));
	cr_expect_not(select_is_list("T1,", &trace));
	cr_expect_not(select_is_list("T", &trace));
	cr_expect(select_has_thread("T1,T11", 11));
	cr_expect_not(select_has_thread("T1,T2", 11));
}

Test(select, options_go_together)
{
	struct trace trace = interleaved(60);
	char *table = shown(
		&trace,
		(struct table_options){
			.width = 100, .headless = true, .full = true, .only = "T0", .object = "n"});

	cr_expect(strstr(table, "127 | n -> 60 | x.c:10\n"), "%s", table);
	cr_expect_eq(lines(table), 3, "%s", table);
	free(table);
	trace_free(&trace);
}
