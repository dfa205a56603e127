/*
 * test_races.c - data races in whole programs: what C11 says of every pair of memory orders, no
 * false alarm on any means of synchronisation, what the report says, and what --races does.
 */
#include "system/child.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BUILD(compiler, source, program)                                                           \
	"\"$B/" compiler "\" -g -O1 -pthread tests/system/programs/" source " -o \"$T/" program "\""

static void setup(void)
{
	struct child child;

	folder_make();
	child = child_run(BUILD("heddle-cc", "orders.c", "orders") " && " BUILD(
		"heddle-cc", "ordered.c", "ordered") " && " BUILD("heddle-cc", "raced.c",
								  "raced") " && " BUILD("heddle-"
											"c++",
											"guard.cc",
											"guard"));
	cr_assert(child.status == 0, "%s", child.err);
	child_free(&child);
}

TestSuite(races, .init = setup, .fini = folder_remove);

/* ------- what C11 says ------- */

static const char *const stores[] = {"store-relaxed",	 "store-release",    "store-seq_cst",
				     "exchange-relaxed", "exchange-acquire", "exchange-release",
				     "exchange-acq_rel", "exchange-seq_cst", "missed-acquire",
				     "missed-seq_cst"};
static const char *const loads[] = {"load-relaxed", "load-consume", "load-acquire", "load-seq_cst",
				    "add-relaxed",  "add-acquire",  "add-release",  "add-acq_rel",
				    "add-seq_cst",  "fail-relaxed", "fail-acquire", "fail-seq_cst"};
static const char *const fences[] = {"none", "acquire", "release", "acq_rel", "seq_cst"};

#define COUNT(list) (sizeof(list) / sizeof(*(list)))

/* The part of the word after the last hyphen is the order. */
static bool has_order(const char *word, const char *orders)
{
	const char *order = strrchr(word, '-') ? strrchr(word, '-') + 1 : word;

	return strstr(orders, order);
}

static bool releases(const char *word)
{
	/* A compare-exchange that fails stores nothing. */
	return strncmp(word, "missed", 6) && has_order(word, "release acq_rel seq_cst");
}

static bool acquires(const char *word)
{
	return has_order(word, "consume acquire acq_rel seq_cst");
}

/* One line of the shell for a row of the table: a search, and its exit status. */
static void script_add(FILE *script, const char *options, const char *row)
{
	fprintf(script,
		"\"$B/heddle\" explore -j1 --out \"$T\" %s \"$T/orders\" %s >/dev/null; "
		"echo $?\n",
		options, row);
}

/* Rows and what is to come out of them, kept until all have been carried out. */
struct rows {
	FILE *script;
	unsigned count;
	struct row {
		char text[128];
		bool races;
	} rows[1024];
};

static void row_add(struct rows *rows, const char *options, const char *words[5])
{
	struct row *row = &rows->rows[rows->count++];
	bool published = releases(words[0]) || releases(words[2]);
	bool taken = acquires(words[1]) || acquires(words[3]);

	snprintf(row->text, sizeof(row->text), "%s %s %s %s %s", words[0], words[1], words[2],
		 words[3], words[4]);
	/* The relaxed store of a third thread ends the release sequence, and is not released. */
	row->races = !published || !taken || !strcmp(words[4], "other");
	script_add(rows->script, options, row->text);
}

static void rows_check(struct rows *rows)
{
	struct child child = child_run(". \"$T/script\"");
	char *line = child.out;
	unsigned races = 0;

	for (unsigned i = 0; i < rows->count; i++) {
		cr_assert(*line, "%u rows of %u: %s", i, rows->count, child.err);
		cr_expect(atoi(line) == rows->rows[i].races, "%s: status %d, expected %d",
			  rows->rows[i].text, atoi(line), rows->rows[i].races);
		races += rows->rows[i].races;
		line = strchr(line, '\n') + 1;
	}
	cr_expect(races > 10 && races < rows->count);
	child_free(&child);
}

static struct rows *rows_open(void)
{
	static struct rows rows;
	char path[256];

	/* Set by child_run(). */
	snprintf(path, sizeof(path), "%s/script", getenv("T"));
	rows.script = fopen(path, "w");
	cr_assert(rows.script);
	rows.count = 0;
	return &rows;
}

static void rows_run(struct rows *rows)
{
	fclose(rows->script);
	rows_check(rows);
}

Test(races, every_pair_of_orders)
{
	struct rows *rows = rows_open();

	for (size_t i = 0; i < COUNT(stores); i++)
		for (size_t j = 0; j < COUNT(loads); j++)
			row_add(rows, "--strategy dfs",
				(const char *[]){stores[i], loads[j], "none", "none", "direct"});
	rows_run(rows);
}

Test(races, every_pair_of_fences)
{
	struct rows *rows = rows_open();

	for (size_t s = 0; s < 2; s++)
		for (size_t l = 0; l < 3; l += 2)
			for (size_t i = 0; i < COUNT(fences); i++)
				for (size_t j = 0; j < COUNT(fences); j++)
					row_add(rows, "--strategy dfs",
						(const char *[]){stores[s], loads[l], fences[i],
								 fences[j], "direct"});
	rows_run(rows);
}

static void release_sequences(const char *options)
{
	static const char *const between[] = {"own", "update", "other"};
	struct rows *rows = rows_open();

	for (size_t b = 0; b < COUNT(between); b++) {
		for (size_t i = 0; i < COUNT(stores); i++)
			for (size_t j = 0; j < COUNT(loads); j += 2)
				row_add(rows, options,
					(const char *[]){stores[i], loads[j], "none", "none",
							 between[b]});
		for (size_t i = 0; i < COUNT(fences); i++)
			for (size_t j = 0; j < COUNT(fences); j++)
				row_add(rows, options,
					(const char *[]){"store-relaxed", "load-relaxed", fences[i],
							 fences[j], between[b]});
	}
	rows_run(rows);
}

Test(races, release_sequences_in_every_interleaving)
{
	release_sequences("--strategy dfs");
}

Test(races, release_sequences_in_every_class)
{
	release_sequences("--strategy dpor");
}

Test(races, release_sequences_at_random)
{
	release_sequences("--executions 400 --seed 3");
}

/* ------- no false alarm ------- */

static const char *const means[] = {"mutex",  "trylock", "mtx",	      "spin",	 "flag",
				    "rwlock", "cond",	 "semaphore", "barrier", "once",
				    "join",   "heap",	 "stack"};

static void expect(const char *command, int status)
{
	struct child child = child_run("cd \"$T\" && %s", command);

	cr_expect(child.status == status, "%s: status %d\n%s%s", command, child.status, child.out,
		  child.err);
	child_free(&child);
}

static void means_check(const char *options, const char *left_out)
{
	for (size_t i = 0; i < COUNT(means); i++) {
		char command[256];

		if (!strcmp(means[i], left_out))
			continue;
		for (int without = 0; without < 2; without++) {
			snprintf(command, sizeof(command),
				 "\"$B/heddle\" explore %s ./ordered %s %s", options, means[i],
				 without ? "without" : "");
			expect(command, without);
		}
	}
}

Test(races, all_synchronisation_at_random)
{
	for (int seed = 1; seed <= 3; seed++) {
		char options[64];

		snprintf(options, sizeof(options), "--seed %d --executions 300", seed);
		means_check(options, "");
	}
}

Test(races, all_synchronisation_in_every_interleaving)
{
	/* That one has too many interleavings. */
	means_check("--strategy dfs", "stack");
}

/* A thread that passes a barrier late does not know what others did who have arrived again. */
Test(races, between_two_times_at_a_barrier)
{
	struct child child = child_run("cd \"$T\" && \"$B/heddle\" explore --json --strategy dfs "
				       "./ordered between");
	json_t *result = child_json(child.out);
	json_t *races = json_object_get(result, "races");

	cr_assert(json_array_size(races) == 2, "%s", child.out);
	for (size_t i = 0; i < 2; i++)
		cr_expect(json_equal(json_object_get(json_array_get(races, i), "count"),
				     json_object_get(result, "executions")),
			  "%s", child.out);
	json_decref(result);
	child_free(&child);
}

Test(races, all_synchronisation_in_children)
{
	means_check("--strategy random --fork --executions 20", "");
}

Test(races, static_objects_of_cxx)
{
	expect("\"$B/heddle\" explore --strategy random --executions 300 ./guard", 0);
	expect("\"$B/heddle\" explore --strategy dfs ./guard", 0);
	expect("./guard", 0);
}

/* ------- the report ------- */

static const char *const sentences[] = {
	"T1 pay and T2 audit access `table[1].number` (8 bytes) with nothing that orders them\n",
	"  T1 pay    writes at raced.c:30 in pay, holds no lock\n",
	"  T2 audit  reads at raced.c:42 in audit, holds no lock\n",
	"  T1 pay    writes at raced.c:31 in pay (volatile), holds no lock\n",
	"  T1 pay    writes at raced.c:17 in deposit, holds M1 `lock` (raced.c:27)\n",
	"  T2 audit  reads at raced.c:22 in look_at, holds M2 `other` (raced.c:39)\n",
	"  that is in a heap block of 16 bytes, allocated by T0 at raced.c:47, at offset 8\n",
	"  stack of T1 pay:\n    #0 deposit raced.c:17\n    #1 pay raced.c:28\n",
	"  stack of T2 audit:\n    #0 look_at raced.c:22\n    #1 audit raced.c:40\n",
	"20 executions of ./raced, 0 distinct failures, 3 data races\n",
	"data race at raced.c:22 and raced.c:17, 20 times: ",
};

/* One worker of dfs begins with T1. */
Test(races, report)
{
	static const char *const options[] = {"", "--fork"};

	for (size_t i = 0; i < COUNT(options); i++) {
		struct child child = child_run("cp tests/system/programs/raced.c \"$T\" && cd "
					       "\"$T\" && \"$B/heddle-cc\" -g -O1 -pthread raced.c "
					       "-o raced && \"$B/heddle\" explore -j1 --strategy "
					       "dfs %s ./raced",
					       options[i]);

		cr_expect(child.status == 1);
		for (size_t j = 0; j < COUNT(sentences); j++)
			cr_expect(strstr(child.out, sentences[j]), "%s%s: %s", sentences[j],
				  options[i], child.out);
		child_free(&child);
	}
}

/* Each finding has a trace, whose replay is the race again, with both stacks. */
Test(races, replay)
{
	static const char *const searches[] = {
		"--strategy dfs --keep-going", "--strategy dpor",
		"--strategy random --executions 100",
		"--strategy random --executions 100 --races stop --keep-going",
		"--strategy random --fork --executions 10"};

	for (size_t i = 0; i < COUNT(searches); i++) {
		struct child child = child_run(
			"cd \"$T\" && rm -f *.trace && \"$B/heddle\" explore %s ./raced; for t in "
			"*.trace; do grep -q '^verdict data-race$' $t && \"$B/heddle\" replay $t "
			"2>$t.said; echo status $?; grep -c 'same as in the trace: data race' "
			"$t.said; grep -c 'stack of' $t.said; done",
			searches[i]);
		bool stops = strstr(searches[i], "stop");

		cr_expect(strstr(child.out, "status 1\n1\n2\n"), "%s: %s", searches[i], child.out);
		cr_expect(strstr(child.out, "status 4") == NULL, "%s: %s", searches[i], child.out);
		cr_expect(stops == !!strstr(child.out, "distinct failure\n"), "%s", child.out);
		child_free(&child);
	}
}

/* The second access has not been carried out: a write has no value. */
Test(races, second_access)
{
	expect("\"$B/heddle\" explore -j1 --strategy dfs --keep-going --out t "
	       "\"$B/scenarios/counter_unlocked\" 1",
	       1);
	expect("grep -q 'write *counter *4 *- .*volatile,race$' t/*", 0);
	expect("grep -q 'write *counter *4 *0 .*race$' t/*", 1);
}

/* The same seed is the same report, whatever the number of workers. */
Test(races, same_seed_same_report)
{
	static const char command[] =
		"cd \"$T\" && for n in 1 2 3; do rm -f *.trace; \"$B/heddle\" explore -j $(((n + "
		"1) / 2)) "
		"--seed 7 --executions 500 ./raced | grep -v worker > said.$n; cat *.trace > "
		"traces.$n; "
		"done; cmp said.1 said.2 && cmp said.1 said.3 && cmp traces.1 traces.2 && "
		"cmp traces.1 traces.3 && grep -q 'data races' said.3 && grep -q data-race "
		"traces.3";
	struct child child = child_run("%s", command);

	cr_expect(child.status == 0, "%s%s", child.out, child.err);
	child_free(&child);
}

Test(races, what_is_done_about_them)
{
	expect("\"$B/heddle\" explore --races off --strategy dfs ./raced", 0);
	expect("\"$B/heddle\" explore --races=report --strategy dfs ./raced", 1);
	expect("\"$B/heddle\" explore --races=stop --strategy dfs ./raced", 1);
	expect("\"$B/heddle\" explore --races=never ./raced", 2);
	expect("\"$B/heddle\" run ./raced", 1);
	expect("\"$B/heddle\" run --races off ./raced", 0);
	expect("\"$B/heddle\" run --races stop ./raced", 1);
}

/* The trace of a failure has the races that were seen on the way to it, with both stacks. */
Test(races, behind_a_failure)
{
	const char *stack;
	int stacks = 0;
	struct child child =
		child_run("cd \"$T\" && \"$B/heddle\" explore -j1 --strategy dfs --out "
			  "t \"$B/scenarios/double_checked\"; for t in t/*; do grep -q "
			  "'^verdict assertion$' $t && \"$B/heddle\" replay $t; done");

	cr_expect(strstr(child.out, "1 distinct failure, 2 data races\n"), "%s", child.out);
	for (stack = child.err; (stack = strstr(stack, "stack of T")); stack++)
		stacks++;
	/* The one that has but one function is on the line of its access. */
	cr_expect(stacks == 3, "%s", child.err);
	cr_expect(strstr(child.err, "the same as in the trace: assertion\n"), "%s", child.err);
	child_free(&child);
}

/* A run that goes on has its races in its trace, and the replay shows them again. */
Test(races, run_and_replay)
{
	struct child child =
		child_run("cd \"$T\" && \"$B/heddle\" run --trace all ./raced; \"$B/heddle\" run "
			  "--races=stop --trace first ./raced; \"$B/heddle\" replay all; echo "
			  "status $? >&2; \"$B/heddle\" replay --races off all; echo status $? "
			  ">&2; \"$B/heddle\" replay first");

	cr_expect(child.status == 1);
	cr_expect(strstr(child.err, "the same as in the trace: passed\nstatus 1\n"));
	cr_expect(strstr(child.err, "the same as in the trace: passed\nstatus 0\n"));
	cr_expect(strstr(child.err, "the same as in the trace: data race\n"));
	child_free(&child);
}

/* Nobody looks for races in a program without hooks, and what the threads have done by the time
 * that a library with hooks is loaded is then not known. */
Test(races, in_a_library_that_is_loaded_late)
{
	struct child child =
		child_run("cd tests/system/programs && gcc -g -pthread -o \"$T/late\" late.c && "
			  "\"$B/heddle-cc\" -g -fPIC -shared -o \"$T/late.so\" late_library.c && "
			  "cd \"$T\" && "
			  "\"$B/heddle\" explore ./late ./late.so; test $? = 1 && "
			  "\"$B/heddle\" explore ./late ./late.so threads");

	cr_expect(child.status == 5, "%d: %s", child.status, child.err);
	cr_expect(strstr(child.out, "access `counter`"), "%s", child.err);
	cr_expect(strstr(child.out, "not controlled: data races of a library that was loaded late"),
		  "%s", child.err);
	child_free(&child);
}
