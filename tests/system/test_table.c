/* The table that a person reads: names of variables of all kinds, folding, what is asked for, the
 * width of the terminal, and the source beside it. */
#include "system/child.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void program_build(void)
{
	struct child child;

	folder_make();
	child = child_run("cp tests/system/programs/names.c scenarios/counter_unlocked.c "
			  "scenarios/must.h \"$T\" && cd \"$T\" && "
			  "\"$B/heddle-cc\" -g -O1 -pthread -o names names.c && "
			  "\"$B/heddle-cc\" -g -O1 -pthread -o counter counter_unlocked.c && "
			  "{ \"$B/heddle\" run --seed 3 --races=off --trace n.trace ./names; "
			  "\"$B/heddle\" run --seed 2 --races=off --trace c.trace ./counter 10000; "
			  "\"$B/heddle\" explore -j 1 --races=off --out . ./counter 1; true; } "
			  ">/dev/null 2>&1 && mv counter-*.trace s.trace");
	cr_assert(child.status == 0, "%s", child.err);
	child_free(&child);
}

TestSuite(show, .init = program_build, .fini = folder_remove);

static char *show(const char *environment, const char *arguments)
{
	struct child child =
		child_run("cd \"$T\" && %s \"$B/heddle\" show %s", environment, arguments);
	char *out = strdup(child.out);

	cr_assert(child.status == 0, "%s: %s", arguments, child.err);
	child_free(&child);
	return out;
}

static void expect(const char *out, const char *part)
{
	cr_expect(strstr(out, part), "no `%s` in:\n%s", part, out);
}

/* Elements, members, bit-fields, what threads share of their stacks and thread storage, the heap by
 * place and type, and handles of threads. */
Test(show, names)
{
	char *out = show("COLUMNS=200 LC_ALL=C", "n.trace");

	expect(out, "| main::thread -> T1 ");
	expect(out, "| T1:work::sum ");
	expect(out, "| T1:errors = 1 ");
	expect(out, "| shared NULL -> &T1:work::sum ");
	expect(out, "| shared &T1:work::sum -> &T1:errors ");
	expect(out, "| mutex_init T1:node(names.c:55).lock ");
	expect(out, "| T1:node(names.c:55).next = &node(names.c:77)[0] ");
	expect(out, "| head &node(names.c:77)[0] -> &T1:node(names.c:55) ");
	expect(out, "| T1:node(names.c:55).value 0 -> 1 ");
	expect(out, "| accounts[1].balance 0 -> 2 ");
	expect(out, "| accounts[1].limit.halves[1] 0 -> 3 ");
	expect(out, "| accounts[1].open/frozen 0 -> 8 ");
	expect(out, "| count 1 -> 2 ");
	free(out);
}

/* The names are those of a replay, too. */
Test(show, names_are_replayed)
{
	struct child child = child_run(
		"cd \"$T\" && \"$B/heddle\" replay --races=off n.trace; "
		"\"$B/heddle\" explore --keep-going --races=off --seed 5 "
		"--executions 20 ./names > /dev/null 2>&1; \"$B/heddle\" replay names-*.trace");

	cr_expect(child.status == 1, "%d", child.status);
	cr_expect(strstr(child.err, "the same as in the trace: assertion"), "%s", child.err);
	cr_expect_null(strstr(child.err, "diverged"), "%s", child.err);
	child_free(&child);
}

static size_t lines(const char *text)
{
	size_t count = 0;

	for (; *text; text++)
		count += *text == '\n';
	return count;
}

static size_t widest(const char *text)
{
	size_t most = 0, columns = 0;

	for (; *text; text++) {
		columns = *text == '\n' ? 0 : columns + ((*text & 0xc0) != 0x80);
		most = columns > most ? columns : most;
	}
	return most;
}

/* Two threads that add one 10,000 times each. */
Test(show, a_long_trace_is_a_page)
{
	char *out = show("COLUMNS=100 LC_ALL=C.UTF-8", "c.trace");
	char *full = show("COLUMNS=100 LC_ALL=C.UTF-8", "--full c.trace");

	cr_expect_leq(lines(out), 110, "%s", out);
	expect(out, " × { counter → n,");
	expect(out, "counter n → n+1 }");
	expect(out, " switches\n");
	expect(out, "rows; --full shows each of them\n");
	cr_expect_geq(lines(full), 40000);
	cr_expect_null(strstr(full, " × "));
	free(full);
	free(out);
}

Test(show, widths_and_letters)
{
	static const unsigned widths[] = {80, 100, 200};

	for (size_t i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
		char environment[64], *out;

		snprintf(environment, sizeof(environment), "COLUMNS=%u LC_ALL=C", widths[i]);
		out = show(environment, "n.trace");
		cr_expect_leq(widest(strstr(out, "\n\n")), widths[i], "%s", out);
		for (const char *at = out; *at; at++)
			cr_assert((unsigned char)*at < 0x80, "%s", at);
		free(out);
	}
}

Test(show, only_what_is_asked_for)
{
	char *out = show("COLUMNS=100 LC_ALL=C.UTF-8", "--only T1,T2 --object counter s.trace");

	cr_expect_str_eq(
		strstr(out, "\n\n"),
		"\n\n"
		"   │ T1 work       │ T2 work       │ where                 │ source\n"
		"───┼───────────────┼───────────────┼───────────────────────┼───────────\n"
		" 8 │ counter → 0   │               │ counter_unlocked.c:31 │ counter++;\n"
		" 9 │ (preempted)   │ counter → 0   │ counter_unlocked.c:31 │ counter++;\n"
		"10 │ counter 0 → 1 │ (preempted)   │ counter_unlocked.c:31 │ counter++;\n"
		"14 │               │ counter 1 → 1 │ counter_unlocked.c:31 │ counter++;\n");
	free(out);
}

Test(show, wrong_wishes)
{
	struct child child = child_run("cd \"$T\" && \"$B/heddle\" show --object countr s.trace");

	cr_expect(child.status == 2, "%d", child.status);
	cr_expect(strstr(child.err, "no event is on `countr`; did you mean `counter`?"), "%s",
		  child.err);
	child_free(&child);
	child = child_run("cd \"$T\" && \"$B/heddle\" show --only T1,T9 s.trace");
	cr_expect(child.status == 2, "%d", child.status);
	cr_expect(strstr(child.err, "--only needs threads of the trace, T0 to T2"), "%s",
		  child.err);
	child_free(&child);
}

/* A line that the event was not made by is not shown. */
Test(show, stale_source)
{
	char *out = show("touch -d '1 hour' counter_unlocked.c && COLUMNS=200", "s.trace");

	cr_expect_null(strstr(out, "counter++;"), "%s", out);
	expect(out, "no lines of counter_unlocked.c: it is newer than the program\n");
	free(out);
	out = show("printf x >> counter && COLUMNS=200", "s.trace");
	cr_expect_null(strstr(out, "counter++;"), "%s", out);
	expect(out, "no source lines: the program has changed since the trace was made\n");
	free(out);
	out = show("rm counter_unlocked.c && COLUMNS=200", "s.trace");
	cr_expect_null(strstr(out, "| source"), "%s", out);
	free(out);
}

/* Colour is for a terminal, and says nothing that is not there without. */
Test(show, colour)
{
	char *plain = show("COLUMNS=100", "s.trace"), *at, *to;
	struct child child = child_run("cd \"$T\" && TERM=xterm COLUMNS=100 script -qec "
				       "\"'$B/heddle' show s.trace\" /dev/null");
	char *coloured = strdup(child.out);

	cr_expect_null(strchr(plain, '\033'));
	cr_expect(strchr(coloured, '\033'), "%s", coloured);
	for (at = to = coloured; *at; at++) {
		if (*at == '\033')
			at = strchr(at, 'm');
		else if (*at != '\r')
			*to++ = *at;
	}
	*to = '\0';
	cr_expect_str_eq(coloured, plain);
	child_free(&child);
	child = child_run("cd \"$T\" && NO_COLOR=1 TERM=xterm COLUMNS=100 script -qec "
			  "\"'$B/heddle' show s.trace\" /dev/null");
	cr_expect_null(strchr(child.out, '\033'), "%s", child.out);
	child_free(&child);
	free(coloured);
	free(plain);
}
