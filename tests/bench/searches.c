/*
 * searches.c - the figures of a search: executions a second, from a snapshot and in forked
 * children, with one worker and with two; its memory; classes a second where it is a reduced one.
 *
 * How many executions there were and how they were started is read from --json, so that a search
 * that ended early or fell back to forked children does not pass for a fast one. Start-up is taken
 * out by the difference of a short search and a long one. A second is one of processor time, of
 * heddle and its worker together, which is busy all the time: on an idle machine that is a second
 * of the clock, and on a busy one it still compares.
 */
#include "figures.h"
#include "search.h"
#include "table.h"

#include <jansson.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define ALONE 0.9 /* the share of a processor that nobody else wants; the rest is the kernel's */

static double number_of(const json_t *result, const char *key)
{
	const json_t *value = json_object_get(result, key);

	return json_is_number(value) ? json_number_value(value) : NAN;
}

/* The object is the last line of the output. */
static json_t *result_read(FILE *out)
{
	json_t *result = NULL;
	char *line = NULL;
	size_t size = 0;

	rewind(out);
	while (getline(&line, &size, out) > 0) {
		json_decref(result);
		result = json_loads(line, 0, NULL);
	}
	free(line);
	return result;
}

struct search search_run(unsigned how, const char *options, const char *program)
{
	FILE *out = tmpfile();
	struct search search = {
		.cost = measure_run(how, out, "./heddle explore --json %s %s", options, program)};
	json_t *result = result_read(out);
	const char *mode = json_string_value(json_object_get(result, "mode"));

	search.executions = number_of(result, "executions");
	search.classes = number_of(result, "classes");
	search.low = number_of(json_object_get(result, "forecast"), "classes_low");
	search.high = number_of(json_object_get(result, "forecast"), "classes_high");
	snprintf(search.mode, sizeof(search.mode), "%s", mode ? mode : "none");
	json_decref(result);
	fclose(out);
	return search;
}

/* What a long search did and took beyond a short one. */
struct pace {
	double executions, wall_s, cpu_s;
};

/* Nothing is a number where executions were not started in the way that `mode` tells. */
static struct pace pace_of(unsigned how, const char *mode, const char *options, long executions,
			   const char *program)
{
	char text[128];
	struct search less, more;

	snprintf(text, sizeof(text), "%s --executions %ld", options, executions / 5);
	less = search_run(how, text, program);
	snprintf(text, sizeof(text), "%s --executions %ld", options, executions / 5 * 6);
	more = search_run(how, text, program);
	if (strcmp(more.mode, mode))
		return (struct pace){NAN, NAN, NAN};
	return (struct pace){more.executions - less.executions, more.cost.wall_s - less.cost.wall_s,
			     more.cost.cpu_s - less.cost.cpu_s};
}

static double rate(const char *mode, const char *options, long executions, const char *program)
{
	struct pace pace = pace_of(0, mode, options, executions, program);

	return pace.executions / pace.cpu_s;
}

static double fork_rate(const char *program)
{
	struct cost less = measure_run(MEASURE_PINNED, NULL, "%s 1000", program);
	struct cost more = measure_run(MEASURE_PINNED, NULL, "%s 5000", program);

	return 4000 / (more.cpu_s - less.cpu_s);
}

#define RANDOM "--strategy random "

void figures_of_executions(void)
{
	double forks[MEASURE_ROUNDS], statics[MEASURE_ROUNDS], quiet[MEASURE_ROUNDS];
	double printing[MEASURE_ROUNDS], to_forks[MEASURE_ROUNDS], forked[MEASURE_ROUNDS];
	double races[MEASURE_ROUNDS];

	for (int i = 0; i < MEASURE_ROUNDS; i++) {
		forks[i] = fork_rate("bench/forks");
		statics[i] = fork_rate("bench/forks-static");
		quiet[i] = rate("snapshot", RANDOM "-j 1", 1000000, "bench/counter");
		printing[i] = rate("snapshot", RANDOM "-j 1", 1000000, "bench/counter 2 print");
		forked[i] = rate("fork", RANDOM "-j 1 --fork", 5000, "bench/counter") / forks[i];
		to_forks[i] = quiet[i] / forks[i];
		races[i] = rate("snapshot", RANDOM "-j 1 --races off", 1000000, "bench/counter") /
			   quiet[i];
	}
	table_add("executions a second, mutex counter 2x2, one worker", measure_median(quiet), 0,
		  AT_LEAST, 500000);
	table_add("the same with a printf at the end", measure_median(printing), 0, AT_LEAST,
		  250000);
	table_add("executions without race detection to those with it", measure_median(races), 2,
		  AT_MOST, 1.3);
	table_add("fork and wait of an empty child, a second", measure_median(forks), 0, NO_TARGET,
		  0);
	table_add("the same, statically linked", measure_median(statics), 0, NO_TARGET, 0);
	table_add("executions to forks", measure_median(to_forks), 0, AT_LEAST, 100);
	table_add("executions in forked children to forks", measure_median(forked), 2, AT_LEAST,
		  0.6);
}

/* The one figure for which processor time will not do. In processor time it tells only whether the
 * two are in each other's way, but that on a busy machine as well. A round in which one worker
 * alone did not get a processor for itself compares what others left to the one and to the two. */
static void workers_figure(const char *what, unsigned how, const char *strategy, long executions,
			   const char *program, double target)
{
	double ratio[MEASURE_ROUNDS], each[MEASURE_ROUNDS];
	int busy = 0;

	for (int i = 0; i < MEASURE_ROUNDS; i++) {
		struct pace one, two;
		char options[128];
		bool disturbed;

		snprintf(options, sizeof(options), "-j 1 %s", strategy);
		one = pace_of(how, "snapshot", options, executions, program);
		snprintf(options, sizeof(options), "-j 2 %s", strategy);
		two = pace_of(how, "snapshot", options, 2 * executions, program);
		disturbed = one.cpu_s < ALONE * one.wall_s;

		busy += disturbed;
		each[i] = two.executions / two.cpu_s / (one.executions / one.cpu_s);
		ratio[i] = disturbed ? NAN
				     : two.executions / two.wall_s / (one.executions / one.wall_s);
	}
	if (busy == MEASURE_ROUNDS)
		table_add_missing(what, "the machine is too busy to tell");
	else
		table_add(what, measure_median(ratio), 2, AT_LEAST, target);
	table_add("the same in equal processor time", measure_median(each), 2, NO_TARGET, 0);
}

void figures_of_workers(void)
{
	workers_figure("executions of two workers to those of one", 0, RANDOM, 2000000,
		       "bench/counter", 1.8);
	workers_figure("dpor: classes of two workers to those of one", MEASURE_LIMITED,
		       "--strategy dpor --races off", 400000, "bench/hooked/classes mutex 4 4",
		       1.9);
}

void figures_of_memory(void)
{
	double ratio[MEASURE_ROUNDS], peak[MEASURE_ROUNDS];

	for (int i = 0; i < MEASURE_ROUNDS; i++) {
		struct search few = search_run(MEASURE_WATCHED, RANDOM "-j 1 --executions 100000",
					       "bench/counter");
		struct search many = search_run(MEASURE_WATCHED, RANDOM "-j 1 --executions 1000000",
						"bench/counter");

		peak[i] = many.cost.child_kb;
		ratio[i] = many.cost.child_kb / few.cost.child_kb;
	}
	table_add("peak memory of a worker, KB", measure_median(peak), 0, NO_TARGET, 0);
	table_add("peak memory of 1,000,000 executions to that of 100,000", measure_median(ratio),
		  2, AT_MOST, 1.1);
}

static double class_rate(const char *races, const char *large, const char *small, double *classes)
{
	struct search less, more;
	char options[128];

	snprintf(options, sizeof(options),
		 "-j 1 --strategy dpor --keep-going --races %s --out bench", races);
	less = search_run(MEASURE_FAILING, options, small);
	more = search_run(MEASURE_FAILING, options, large);
	*classes = more.classes;
	return (more.classes - less.classes) / (more.cost.cpu_s - less.cost.cpu_s);
}

static void class_figure(const char *program, const char *large, const char *small, double target)
{
	double rates[MEASURE_ROUNDS], races[MEASURE_ROUNDS], classes = NAN;
	char what[128];

	for (int i = 0; i < MEASURE_ROUNDS; i++) {
		rates[i] = class_rate("off", large, small, &classes);
		races[i] = rates[i] / class_rate("report", large, small, &classes);
	}
	snprintf(what, sizeof(what), "dpor: classes a second, %s (%.0f in all), --races=off",
		 program, classes);
	table_add(what, measure_median(rates), 0, AT_LEAST, target);
	table_add("the same without race detection to those with it", measure_median(races), 2,
		  AT_MOST, 1.3);
}

void figures_of_classes(void)
{
	class_figure("mutex counter 2x8", "bench/counter 8", "bench/counter 1", 300000);
	class_figure("unlocked counter 2x5", "bench/hooked/unlocked 5", "bench/hooked/unlocked 1",
		     250000);
}

#define REDUCED "-j 1 --strategy dpor --races off --out bench"

/* Processor time for a class between two points of one long search, of executions that are alike.
 */
static double class_cost(double cpu_s[2], long from, long to)
{
	return (cpu_s[1] - cpu_s[0]) / (double)(to - from);
}

static double cut_cpu_s(long executions)
{
	char options[128];

	snprintf(options, sizeof(options), "%s --executions %ld", REDUCED, executions);
	return search_run(MEASURE_LIMITED, options, "bench/hooked/classes mutex 4 4").cost.cpu_s;
}

/* Below ten thousand classes a search takes no longer than one start differs from the next, so the
 * step from a hundred has the least weight. */
void figures_of_growth(void)
{
	static const long marks[] = {100, 10000, 100000, 1000000};
	double cpu_s[4], each[3];

	for (int i = 0; i < 4; i++)
		cpu_s[i] = cut_cpu_s(marks[i]);
	for (int i = 0; i < 3; i++)
		each[i] = class_cost(&cpu_s[i], marks[i], marks[i + 1]);
	table_add("dpor: time for a class after 100,000 to before, 10^6 classes", each[2] / each[1],
		  2, AT_MOST, 1.2);
	table_add("the same after 10,000 to before", each[1] / each[0], 2, AT_MOST, 1.2);
}

/* Two threads of each of seven pairs meet once: 128 classes. The executions between the 8th and the
 * last are measured. */
static void wide_figure(int rounds)
{
	double rates[MEASURE_ROUNDS];
	char program[64], what[128];

	snprintf(program, sizeof(program), "bench/hooked/classes pairs 20 %d", rounds);
	for (int i = 0; i < MEASURE_ROUNDS; i++) {
		struct search less =
			search_run(MEASURE_LIMITED, REDUCED " --executions 8", program);
		struct search more = search_run(0, REDUCED, program);
		double classes = more.classes == 128 ? more.classes - less.classes : NAN;

		rates[i] = classes / (more.cost.cpu_s - less.cost.cpu_s);
	}
	snprintf(what, sizeof(what),
		 "dpor: 20 threads, 128 classes, %d events: executions a second", 20 * rounds + 29);
	table_add(what, measure_median(rates), 0, AT_LEAST, 5000);
}

void figures_of_width(void)
{
	wide_figure(10);
	wide_figure(25);
}
