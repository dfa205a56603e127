/*
 * test_report_words.c - recordings and verdicts in words, without a process: numbers instead of
 * symbols.
 */
#include "report/record.h"
#include "report/verdict.h"

#include "model/op.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum { MUTEX_A = 0x1000, MUTEX_B = 0x2000, CONDITION = 0x3000 };

static const struct event events[] = {
	{.op = OP_CREATE, .thread = 0, .value = 1, .flags = EVENT_HAS_VALUE},
	{.op = OP_START, .thread = 1, .address = 1},
	{.op = OP_LOCK, .thread = 1, .address = MUTEX_B, .flags = EVENT_WAS_CHOICE},
	{.op = OP_LOCK, .thread = 1, .address = MUTEX_B, .flags = EVENT_WAS_CHOICE},
	{.op = OP_UNLOCK, .thread = 1, .address = MUTEX_B},
	{.op = OP_LOCK, .thread = 0, .address = MUTEX_A},
	{.op = OP_TRYLOCK,
	 .thread = 0,
	 .address = MUTEX_B,
	 .value = EBUSY,
	 .flags = EVENT_HAS_VALUE},
	{.op = OP_WAIT, .thread = 0, .address = CONDITION, .before = MUTEX_A},
	{.op = OP_WAKE, .thread = 0, .address = CONDITION, .before = MUTEX_A},
	{.op = OP_READ, .thread = 1, .address = 4, .size = 4, .value = 7, .flags = EVENT_HAS_VALUE},
	{.op = OP_ATOMIC_RMW,
	 .thread = 1,
	 .address = 4,
	 .size = 4,
	 .before = 7,
	 .value = 8,
	 .flags = EVENT_HAS_VALUE | EVENT_HAS_BEFORE},
	{.op = OP_WRITE,
	 .thread = 1,
	 .address = 4,
	 .size = 16,
	 .value = 9,
	 .flags = EVENT_HAS_VALUE},
	{.op = OP_LOCK, .thread = 1, .address = MUTEX_A, .flags = EVENT_PENDING},
	{.op = OP_JOIN, .thread = 0, .value = 1, .flags = EVENT_HAS_VALUE | EVENT_PENDING},
	{.op = OP_CHOOSE, .thread = 1, .value = 2, .flags = EVENT_HAS_VALUE},
	{.op = 999, .thread = 1},
};

#define EVENTS (sizeof(events) / sizeof(events[0]))

static struct report report;

static void setup(void)
{
	report = (struct report){.verdict = VERDICT_DEADLOCK, .thread = -1, .thread_count = 2};
	report.threads[0] = (struct thread_report){.thread = 0,
						   .state = THREAD_BLOCKED,
						   .op = OP_LOCK,
						   .address = MUTEX_B,
						   .holder = 1};
	report.threads[1] = (struct thread_report){.thread = 1,
						   .state = THREAD_BLOCKED,
						   .op = OP_LOCK,
						   .address = MUTEX_A,
						   .start = 1,
						   .holder = 0,
						   .name = "worker"};
}

TestSuite(words, .init = setup);

static const struct {
	const char *object, *before, *value;
	uint32_t size;
} expected[EVENTS] = {
	{"T1", "", "?", 0},	{"?", "", "\"worker\"", 0}, {"M1", "", "", 0},
	{"M1", "", "", 0},	{"M1", "", "", 0},	    {"M2", "", "", 0},
	{"M1", "", "EBUSY", 0}, {"C1,M2", "", "", 0},	    {"C1,M2", "", "", 0},
	{"?", "", "7", 4},	{"?", "7", "8", 4},	    {"?", "", "", 16},
	{"M2", "", "", 0},	{"T1", "", "", 0},	    {"", "", "2", 0},
	{"", "", "", 0},
};

Test(words, every_event_has_its_texts)
{
	struct record *record = record_open(events, EVENTS, &report, NULL);
	struct trace trace;

	trace_init(&trace);
	record_trace(record, &trace);
	cr_assert_eq(trace.event_count, EVENTS);
	for (size_t i = 0; i < EVENTS; i++) {
		cr_expect_str_eq(trace.events[i].object, expected[i].object, "event %zu", i);
		cr_expect_str_eq(trace.events[i].before, expected[i].before, "event %zu", i);
		cr_expect_str_eq(trace.events[i].value, expected[i].value, "event %zu", i);
		cr_expect_eq(trace.events[i].size, expected[i].size, "event %zu", i);
	}
	cr_expect_str_eq(trace.threads[1].name, "worker");
	cr_expect_eq(trace.events[14].number, 2);
	record_close(record);
	trace_free(&trace);
}

enum { WORD_A = 0x5000, WORD_B = 0x6000 };

static const struct event of_futexes[] = {
	{.op = OP_FUTEX_WAIT,
	 .address = WORD_A,
	 .size = 4,
	 .value = (uint64_t)-EAGAIN,
	 .flags = EVENT_HAS_VALUE},
	{.op = OP_FUTEX_WAIT, .address = WORD_A, .size = 4},
	{.op = OP_FUTEX_WAKE, .address = WORD_A, .value = 11, .flags = EVENT_HAS_VALUE},
	{.op = OP_FUTEX_REQUEUE,
	 .address = WORD_A,
	 .before = WORD_B,
	 .value = 2,
	 .flags = EVENT_HAS_VALUE},
	{.op = OP_FUTEX_WOKEN,
	 .address = WORD_B,
	 .value = (uint64_t)-ETIMEDOUT,
	 .flags = EVENT_HAS_VALUE},
};

/* A number is one of waiters, and 11 of them are no EAGAIN. */
Test(words, futexes_have_numbers_and_errors)
{
	static const char *const texts[][2] = {
		{"X1", "EAGAIN"}, {"X1", ""}, {"X1", "11"}, {"X1,X2", "2"}, {"X2", "ETIMEDOUT"}};
	size_t count = sizeof(of_futexes) / sizeof(*of_futexes);
	struct record *record = record_open(of_futexes, count, &report, NULL);
	struct trace trace;

	trace_init(&trace);
	record_trace(record, &trace);
	for (size_t i = 0; i < count; i++) {
		cr_expect_str_eq(trace.events[i].object, texts[i][0], "event %zu", i);
		cr_expect_str_eq(trace.events[i].value, texts[i][1], "event %zu", i);
	}
	record_close(record);
	trace_free(&trace);
}

Test(words, what_is_recorded_can_be_read_back)
{
	struct record *record = record_open(events, EVENTS, &report, NULL);
	struct trace trace, again;
	struct trace_difference difference;
	struct error error = {""};
	char *text;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	trace_init(&trace);
	trace.program = trace.session = trace.verdict = "x";
	record_trace(record, &trace);
	cr_assert_eq(trace_write_stream(&trace, file), 0);
	fclose(file);
	file = fmemopen(text, size, "r");
	cr_assert_eq(trace_read_stream(&again, file, &error), 0, "%s\n%s", error.text, text);
	fclose(file);
	cr_expect_not(trace_compare(&trace, &again, &difference), "%s\n%s", difference.expected,
		      difference.got);
	for (size_t i = 0; i < EVENTS; i++)
		cr_expect_eq(again.events[i].number,
			     trace.events[i].op == OP_CREATE || trace.events[i].op == OP_JOIN ? 1
			     : *trace.events[i].value == '?' || *trace.events[i].value == 'E'
				     ? 0
				     : strtoull(trace.events[i].value, NULL, 10),
			     "event %zu", i);
	free(text);
	record_close(record);
	trace_free(&trace);
	trace_free(&again);
}

Test(words, a_mutex_is_held_since_its_first_lock)
{
	struct record *record = record_open(events, EVENTS, &report, NULL);

	cr_expect_eq(record_acquired(record, 1, MUTEX_B), &events[2]);
	cr_expect_eq(record_acquired(record, 0, MUTEX_A), &events[8], "a wait gives it back");
	cr_expect_null(record_acquired(record, 0, MUTEX_B), "it was busy");
	cr_expect_null(record_acquired(record, 1, MUTEX_A), "it is only announced");
	record_close(record);
}

static char *printed(const char *replay)
{
	struct record *record = record_open(events, EVENTS, &report, NULL);
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	verdict_print(out, &report, NULL, record, NULL, replay);
	fclose(out);
	record_close(record);
	return text;
}

Test(words, a_deadlock_tells_who_waits_for_whom)
{
	char *text = printed("heddle replay bank.trace");

	cr_expect_str_eq(text, "heddle: deadlock: no thread can run\n"
			       "  T0 main      waits for M1, held by T1\n"
			       "  T1 \"worker\"  waits for M2, held by T0\n"
			       "  replay with: heddle replay bank.trace\n");
	free(text);
}

Test(words, a_deadlock_with_oneself_and_with_the_dead)
{
	char *text;

	report.threads[0].holder = 0;
	report.threads[1].state = THREAD_ENDED;
	report.threads[2] = (struct thread_report){.thread = 2,
						   .state = THREAD_BLOCKED,
						   .op = OP_LOCK,
						   .address = MUTEX_B,
						   .holder = 1};
	report.threads[3] = (struct thread_report){.thread = 3,
						   .state = THREAD_BLOCKED,
						   .op = OP_WAKE,
						   .address = CONDITION,
						   .holder = -1};
	report.threads[4] = (struct thread_report){
		.thread = 4, .state = THREAD_BLOCKED, .op = OP_JOIN, .holder = 3};
	report.thread_count = 5;
	text = printed(NULL);
	cr_expect_str_eq(text, "heddle: deadlock: no thread can run\n"
			       "  T0 main  waits for M1, held by itself\n"
			       "  T2 main  waits for M1, held by T1 (which has ended)\n"
			       "  T3 main  waits to be woken from C1\n"
			       "  T4 main  waits for T3 to end\n");
	free(text);
}

static void expect_message(const char *wanted)
{
	char buffer[512];

	cr_expect_str_eq(verdict_message(&report, NULL, buffer, sizeof(buffer)), wanted);
}

Test(words, a_deadlock_names_those_who_wait_for_each_other)
{
	for (uint32_t t = 0; t < 12; t++)
		report.threads[t] = (struct thread_report){.thread = t,
							   .state = THREAD_BLOCKED,
							   .op = OP_LOCK,
							   .for_good = t > 0,
							   .holder = t ? t - 1 : 2};
	report.threads[1].holder = 3;
	report.thread_count = 4;
	expect_message("no thread can run: T1 main, T3 main and T2 main wait for each other");
	report.in_part = 1;
	expect_message(
		"the process ended while T1 main, T3 main and T2 main waited for each other");
	report.thread_count = 12;
	report.threads[1].holder = 11;
	report.in_part = 0;
	expect_message("no thread can run: T1 main, T11 main, T10 main, T9 main, T8 main, T7 main, "
		       "T6 main, T5 main and others wait for each other");
	report.threads[1].holder = 1;
	expect_message("no thread can run: T1 main waits for itself");
	report.threads[1].holder = 0;
	report.threads[0].state = THREAD_ENDED;
	expect_message("no thread can run: T1 main waits for one that has ended");
}

Test(words, a_livelock_names_those_who_loop)
{
	report.verdict = VERDICT_LIVELOCK;
	report.threads[1].loops = 1;
	expect_message("T1 \"worker\" waits in a loop for what nobody changes any more");
	report.threads[0].loops = 1;
	expect_message("T0 main and T1 \"worker\" wait in a loop for what nobody changes any more");
}

Test(words, of_very_many_threads_only_some_are_shown)
{
	char *text;

	report.thread_count = 1000;
	for (uint32_t i = 0; i < SHARED_THREADS_MAX; i++)
		report.threads[i] = (struct thread_report){.thread = i, .state = THREAD_UNSTARTED};
	text = printed(NULL);
	cr_expect(strstr(text, "  and 969 more threads\n"), "%s", text);
	free(text);
}

static const struct {
	struct report report;
	const char *message, *where;
} messages[] = {
	{{.verdict = VERDICT_ASSERTION,
	  .message = "counter: src/counter.c:31: main: Assertion `n == 2' failed.\n"},
	 "counter: src/counter.c:31: main: Assertion `n == 2' failed.",
	 "src/counter.c:31"},
	{{.verdict = VERDICT_ASSERTION,
	  .message = "/home/me/counter.c:31: main: Assertion `a:1:' failed."},
	 "/home/me/counter.c:31: main: Assertion `a:1:' failed.",
	 "counter.c:31"},
	{{.verdict = VERDICT_ASSERTION, .message = "odd"}, "odd", ""},
	{{.verdict = VERDICT_EXIT_STATUS, .exit_status = 3}, "the program ended with status 3", ""},
	{{.verdict = VERDICT_CRASH, .signal = SIGSEGV, .fault_address = 16},
	 "segmentation fault (SIGSEGV) at a null pointer plus 16",
	 ""},
	{{.verdict = VERDICT_CRASH, .signal = SIGSEGV, .fault_address = 0x123456789},
	 "segmentation fault (SIGSEGV) at an address where nothing is mapped",
	 ""},
	{{.verdict = VERDICT_CRASH, .signal = SIGFPE},
	 "arithmetic error, such as a division by zero (SIGFPE)",
	 ""},
	{{.verdict = VERDICT_STACK_OVERFLOW, .thread = 1}, "the stack of T1 is used up", ""},
	{{.verdict = VERDICT_LOST, .signal = SIGKILL},
	 "the process was killed by signal 9 (Killed) and could not say why",
	 ""},
};

Test(words, a_verdict_has_a_message_and_a_place)
{
	char buffer[1024];

	for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++) {
		cr_expect_str_eq(verdict_message(&messages[i].report, NULL, buffer, sizeof(buffer)),
				 messages[i].message);
		cr_expect_str_eq(verdict_where(&messages[i].report, NULL, buffer, sizeof(buffer)),
				 messages[i].where);
	}
}

Test(words, a_verdict_has_a_word)
{
	cr_expect_str_eq(verdict_word(VERDICT_EXIT_STATUS), "exit status");
	cr_expect_str_eq(verdict_key(VERDICT_EXIT_STATUS), "exit-status");
	cr_expect_str_eq(verdict_word((enum verdict)99), "unknown");
	cr_expect_not(verdict_is_failure(VERDICT_PASSED));
	cr_expect_not(verdict_is_failure(VERDICT_DISCARDED));
	cr_expect(verdict_is_failure(VERDICT_DEADLOCK));
}
