/*
 * test_report_differ.c - what two executions differ in, and what is no difference.
 */
#include "report/differ.h"

#include "model/op.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static struct trace read_trace(const char *verdict, const char *events)
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
		 "verdict %s\n\n%send %zu events\n",
		 verdict, events, count);
	in = fmemopen(text, strlen(text), "r");
	cr_assert_eq(trace_read_stream(&trace, in, &error), 0, "%s", error.text);
	fclose(in);
	return trace;
}

static char *differ(struct trace a, struct trace b, bool expected)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	cr_expect_eq(differ_print(out, &a, &b, "a", "b", false), expected);
	fclose(out);
	trace_free(&a);
	trace_free(&b);
	return text;
}

#define READ(thread, value)  "T" thread " read n 4 " value " x.c:1 -\n"
#define WRITE(thread, value) "T" thread " write n 4 " value " x.c:2 -\n"
#define OWN(thread)	     "T" thread " write own" thread " 4 1 x.c:3 -\n"
#define STARTS		     "T1 start work - - - -\nT2 start work - - - -\n"

Test(differ, the_pair_that_matters)
{
	char *text = differ(
		read_trace("passed", STARTS OWN("1") OWN("2") READ("1", "0") WRITE("1", "0>1")
					     READ("2", "1") WRITE("2", "1>2")),
		read_trace("assertion", STARTS OWN("2") OWN("1") READ("1", "0") READ("2", "0")
						WRITE("1", "0>1") WRITE("2", "1>1")),
		true);

	cr_expect_str_eq(text, "a: passed\n"
			       "b: assertion\n"
			       "\n"
			       "the first that come in another order:\n"
			       "  event 6 | 7  T1 work  n 0 -> 1  x.c:2\n"
			       "  event 7 | 6  T2 work  n -> 1  x.c:1\n"
			       "\n"
			       "the first that has another value or result:\n"
			       "  event 7 | -  T2 work  n -> 1  x.c:1\n"
			       "  event - | 6  T2 work  n -> 0  x.c:1\n");
	free(text);
}

Test(differ, independent_events)
{
	char *text =
		differ(read_trace("passed", STARTS OWN("1") READ("1", "0") OWN("2") READ("2", "0")),
		       read_trace("passed", STARTS OWN("2") READ("2", "0") OWN("1") READ("1", "0")),
		       false);

	cr_expect_str_eq(text, "a: passed\nb: passed\n\nsame class: they differ only in the order "
			       "of independent events\n");
	free(text);
	text = differ(read_trace("passed", STARTS OWN("1")), read_trace("passed", STARTS OWN("1")),
		      false);
	cr_expect_str_eq(text, "a: passed\nb: passed\n\nthe same execution\n");
	free(text);
}

/* On each object the first pair, in the order of the first execution; parts of an object count as
 * it does. */
Test(differ, objects)
{
	static const char one[] = STARTS "T1 write a[1] 4 1 x.c:1 -\nT2 write a[1].x 4 1 x.c:2 -\n"
					 "T1 write b 4 1 x.c:3 -\nT2 write b 4 2 x.c:4 -\n"
					 "T1 write b 4 3 x.c:5 -\nT2 write b 4 4 x.c:6 -\n";
	static const char other[] = STARTS "T2 write a[1].x 4 1 x.c:2 -\nT2 write b 4 2 x.c:4 -\n"
					   "T2 write b 4 4 x.c:6 -\nT1 write a[1] 4 1 x.c:1 -\n"
					   "T1 write b 4 1 x.c:3 -\nT1 write b 4 3 x.c:5 -\n";
	char *text = differ(read_trace("passed", one), read_trace("passed", other), true);

	cr_expect_str_eq(text, "a: passed\n"
			       "b: passed\n"
			       "\n"
			       "the first that come in another order:\n"
			       "  event 3 | 6  T1 work  a[1] = 1  x.c:1\n"
			       "  event 4 | 3  T2 work  a[1].x = 1  x.c:2\n"
			       "\n"
			       "the first on other objects:\n"
			       "  event 5 | 7  T1 work  b = 1  x.c:3\n"
			       "  event 6 | 4  T2 work  b = 2  x.c:4\n");
	free(text);
}

Test(differ, what_only_one_has)
{
	char *text = differ(read_trace("passed", STARTS READ("1", "0") OWN("1")),
			    read_trace("passed", STARTS READ("1", "0") READ("2", "0")
							 WRITE("2", "0>1") OWN("1")),
			    true);

	cr_expect_str_eq(text, "a: passed\n"
			       "b: passed\n"
			       "\n"
			       "only in b:\n"
			       "  event - | 4  T2 work  n -> 0  x.c:1\n"
			       "  and 1 more\n");
	free(text);
}
