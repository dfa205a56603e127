/*
 * test_report_table.c - traces as tables, letter by letter.
 */
#include "report/table.h"

#include "report/cell.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static const char bank[] = "heddle trace 1\n"
			   "program ./bank\n"
			   "argument 2\n"
			   "program-hash 9ae16a3b2f90404f\n"
			   "session run\n"
			   "strategy random\n"
			   "seed 42\n"
			   "execution 7\n"
			   "verdict deadlock\n"
			   "message no thread can run\n"
			   "\n"
			   "T0 create T1 - transfer bank.c:27 -\n"
			   "T1 start transfer - \"worker\" - -\n"
			   "T2 start audit - - - -\n"
			   "T1 lock accounts[0].lock - 0 bank.c:9 choice\n"
			   "T1 read accounts[0].balance 4 100 bank.c:10 choice\n"
			   "T2 lock accounts[1].lock - 0 bank.c:44 choice\n"
			   "T1 atomic_rmw total 8 0>1 bank.c:11 -\n"
			   "T1 atomic_cas head 8 NULL>NULL bank.c:12 -\n"
			   "T1 write accounts[0].balance 4 100>90 bank.c:12 choice\n"
			   "T1 trylock accounts[1].lock - EBUSY bank.c:13 choice\n"
			   "T0 join T1 - - bank.c:30 pending\n"
			   "T2 lock accounts[0].lock - - bank.c:45 pending\n"
			   "end 12 events\n";

static char *shown(const char *text, struct table_options options)
{
	char *table;
	size_t size;
	FILE *out = open_memstream(&table, &size), *in;
	char *copy = strdup(text);
	struct trace trace;
	struct error error = {""};

	in = fmemopen(copy, strlen(copy), "r");
	cr_assert_eq(trace_read_stream(&trace, in, &error), 0, "%s", error.text);
	table_print(out, &trace, &options);
	fclose(in);
	fclose(out);
	trace_free(&trace);
	free(copy);
	return table;
}

Test(table, one_column_a_thread)
{
	char *table = shown(bank, (struct table_options){.width = 110});

	cr_expect_str_eq(table, "program  ./bank 2\n"
				"seed     42, execution 7 (run, random)\n"
				"verdict  deadlock: no thread can run\n"
				"\n"
				"   | T0 main        | T1 transfer \"worker\"             | T2 "
				"audit                     | where\n"
				"---+----------------+----------------------------------+----------"
				"--------------------+----------\n"
				" 1 | create T1      |                                  |          "
				"                    | bank.c:27\n"
				" 2 | (waits for T1) | start transfer                   |          "
				"                    |\n"
				" 3 |                |                                  | start "
				"audit                  |\n"
				" 4 |                | lock accounts[0].lock            |          "
				"                    | bank.c:9\n"
				" 5 |                | accounts[0].balance -> 100       |          "
				"                    | bank.c:10\n"
				" 6 |                | (preempted)                      | lock "
				"accounts[1].lock        | bank.c:44\n"
				" 7 |                | atomic total: 0 -> 1             | (waits "
				"for accounts[0].lock) | bank.c:11\n"
				" 8 |                | cas head stays NULL              |          "
				"                    | bank.c:12\n"
				" 9 |                | accounts[0].balance 100 -> 90    |          "
				"                    | bank.c:12\n"
				"10 |                | trylock accounts[1].lock = EBUSY |          "
				"                    | bank.c:13\n"
				"11 | * join T1      |                                  |          "
				"                    | bank.c:30\n"
				"12 |                |                                  | * lock "
				"accounts[0].lock      | bank.c:45\n"
				"* announced, and never carried out\n");
	free(table);
}

static size_t widest(const char *table)
{
	size_t most = 0;
	char *copy = strdup(table), *rest = copy, *line;

	while ((line = strsep(&rest, "\n")))
		if (cell_columns(line) > most)
			most = cell_columns(line);
	free(copy);
	return most;
}

Test(table, keeps_to_the_width)
{
	for (unsigned width = 45; width < 120; width++) {
		char *ascii = shown(bank, (struct table_options){.width = width});
		char *utf8 = shown(bank, (struct table_options){.width = width, .utf8 = true});

		cr_expect_leq(widest(ascii), width, "%s", ascii);
		cr_expect_leq(widest(utf8), width, "%s", utf8);
		free(ascii);
		free(utf8);
	}
}

Test(table, shortens_names_in_the_middle)
{
	char *table = shown(bank, (struct table_options){.width = 84});

	cr_expect(strstr(table, "accou~0].balance -> 100 |"), "%s", table);
	cr_expect(strstr(table, "trylock ac~lock = EBUSY |"), "%s", table);
	free(table);
}

Test(table, few_columns_name_the_thread_in_each_row)
{
	char *table =
		shown(bank, (struct table_options){.width = 60, .utf8 = true, .headless = true});

	cr_expect(strstr(table, "   │    │ event                            │ where\n"), "%s",
		  table);
	cr_expect(strstr(table, " 5 │ T1 │ accounts[0].balance → 100        │ bank.c:10\n"), "%s",
		  table);
	cr_expect_eq(strncmp(table, "   │", strlen("   │")), 0, "%s", table);
	free(table);
}

Test(table, shows_the_last_events)
{
	char *table = shown(
		bank,
		(struct table_options){.width = 100, .last = 2, .headless = true, .indent = "  "});

	cr_expect_str_eq(table, "     | T0 main   | T2 audit                | where\n"
				"  ---+-----------+-------------------------+----------\n"
				"  (10 earlier events)\n"
				"  11 | * join T1 |                         | bank.c:30\n"
				"  12 |           | * lock accounts[0].lock | bank.c:45\n"
				"  * announced, and never carried out\n");
	free(table);
}

Test(table, colours_only_when_asked)
{
	char *plain = shown(bank, (struct table_options){.width = 100});
	char *colourful = shown(bank, (struct table_options){.width = 100, .colour = true});

	cr_expect_null(strchr(plain, '\033'));
	cr_expect(strchr(colourful, '\033'));
	free(plain);
	free(colourful);
}

Test(table, a_name_cannot_move_the_cursor)
{
	static const char evil[] =
		"heddle trace 1\nprogram \\x1b[2J\nprogram-hash 0000000000000000\n"
		"session run\nverdict passed\n\n"
		"T0 lock \\x1b[2J\xc3\xa9 - \\x07 \\x1b -\nend 1 events\n";
	char *table = shown(evil, (struct table_options){.width = 100});

	cr_expect_null(strchr(table, '\033'));
	cr_expect_null(strchr(table, '\a'));
	cr_expect(strstr(table, "lock \\x1b[2J?? = \\x07"), "%s", table);
	free(table);
}

Test(table, a_trace_without_events_is_shown)
{
	static const char empty[] = "heddle trace 1\nprogram x\nprogram-hash 0000000000000000\n"
				    "session run\nverdict passed\n\nend 0 events\n";
	char *table = shown(empty, (struct table_options){.width = 100});

	cr_expect(strstr(table, "(no events)"), "%s", table);
	free(table);
}

Test(table, a_thousand_threads_have_one_column)
{
	char *text, *table;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	fputs("heddle trace 1\nprogram x\nprogram-hash 0000000000000000\nsession run\n"
	      "verdict passed\n\n",
	      out);
	for (int i = 0; i < 1000; i++)
		fprintf(out, "T%d lock a - 0 x.c:1 -\n", i);
	fputs("end 1000 events\n", out);
	fclose(out);
	table = shown(text, (struct table_options){.width = 80});
	cr_expect(strstr(table, "1000 | T999 | lock a | x.c:1\n"), "%s", table);
	free(text);
	free(table);
}
