/*
 * events.c - the figures of one event: its time, its system calls, its memory.
 *
 * All come from the difference of two executions, one with N events and one with 3N. Time is
 * processor time: what else the machine does is not in it. The same loop without heddle is taken
 * off where it is a loop and not a system call.
 */
#include "figures.h"
#include "measure.h"
#include "table.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

/* Nanoseconds for each event of the command, of which there are `each` for 1 in `events`. */
static double event_ns(const char *command, const char *kind, long events, double each)
{
	struct cost less = measure_run(MEASURE_PINNED, NULL, "%s %s %ld", command, kind, events);
	struct cost more =
		measure_run(MEASURE_PINNED, NULL, "%s %s %ld", command, kind, 3 * events);

	return (more.cpu_s - less.cpu_s) / (2 * (double)events * each) * 1e9;
}

/* Of the accesses of two threads, how many were a choice: the traces of a few seeds tell. */
static double choice_share(void)
{
	long accesses = 0, choices = 0;
	char line[512];

	for (int seed = 1; seed <= 32; seed++) {
		FILE *trace;

		measure_run(0, NULL,
			    "./heddle run --races off --seed %d --trace bench/shared.trace "
			    "bench/hooked/events shared 1000",
			    seed);
		trace = fopen("bench/shared.trace", "r");
		while (trace && fgets(line, sizeof(line), trace))
			if (strstr(line, " write ") && strstr(line, " shared ")) {
				accesses++;
				choices += strstr(line, "choice") != NULL;
			}
		if (trace)
			fclose(trace);
		unlink("bench/shared.trace");
	}
	return accesses ? 100 * (double)choices / (double)accesses : NAN;
}

/* An execution of a search lets its threads go on for longer and longer as it gets long; so many
 * short ones are looked at instead of a long one. */
#define SEARCH                                                                                     \
	"./heddle explore --strategy random --races off -j 1 --executions 400 bench/hooked/events"
#define SEARCH_EVENTS 10000

void figures_of_events(void)
{
	double access[MEASURE_ROUNDS], yield[MEASURE_ROUNDS], shared[MEASURE_ROUNDS];

	for (int i = 0; i < MEASURE_ROUNDS; i++) {
		access[i] = event_ns("./heddle run bench/hooked/events", "access", 20000000, 1) -
			    event_ns("bench/events", "access", 20000000, 1);
		yield[i] = event_ns("./heddle run bench/hooked/events", "yield", 5000000, 1);
		shared[i] = event_ns(SEARCH, "shared", SEARCH_EVENTS, 400);
	}
	table_add("instrumented access without a switch, ns", measure_median(access), 1, UNDER, 50);
	table_add("switch (sched_yield of two threads in turn), ns", measure_median(yield), 1,
		  UNDER, 50);
	table_add("access of two threads at once in a random search, ns", measure_median(shared), 1,
		  NO_TARGET, 0);
	table_add("of these accesses a choice between the two, %", choice_share(), 0, NO_TARGET, 0);
}

#define FEW  20000000l
#define MANY 40000000l

/* That a few more or less are made at the start, by threads that wait for each other, is lost in
 * the number of events. */
static void system_call_figure(const char *what, const char *program)
{
	double less = measure_system_calls("./heddle run %s %ld", program, FEW);
	double more = measure_system_calls("./heddle run %s %ld", program, MANY);
	char text[128];

	snprintf(text, sizeof(text), "system calls for each of 20,000,000 more %s", what);
	if (isnan(less) || isnan(more))
		table_add_missing(text, "cannot be counted here");
	else
		table_add(text, (more - less) / (double)(MANY - FEW), 3, UNDER, 0.001);
}

static void growth_figure(const char *what, const char *program)
{
	double growth[MEASURE_ROUNDS];
	char text[128];

	for (int i = 0; i < MEASURE_ROUNDS; i++) {
		struct cost less =
			measure_run(MEASURE_WATCHED, NULL, "./heddle run %s %ld", program, FEW);
		struct cost more =
			measure_run(MEASURE_WATCHED, NULL, "./heddle run %s %ld", program, MANY);

		growth[i] = (more.child_kb - less.child_kb) * 1024 / (double)(MANY - FEW);
	}
	snprintf(text, sizeof(text), "memory for each of 20,000,000 more %s, bytes", what);
	table_add(text, measure_median(growth), 3, UNDER, 0.1);
}

void figures_of_system_calls(void)
{
	system_call_figure("accesses", "bench/hooked/events access");
	system_call_figure("switches", "bench/hooked/events yield");
	growth_figure("accesses", "bench/hooked/events access");
	growth_figure("switches", "bench/hooked/events yield");
}
