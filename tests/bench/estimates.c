/*
 * estimates.c - does the true number of classes lie in the range that a search tells when it is cut
 * short?
 *
 * Each program is searched to its end, and again up to a share of its classes, from a tenth on. It
 * counts as inside where it is so at all shares; where it is too early to tell, it is not. Two
 * sets: the constants of the estimate (harness/cli/estimate.c) were fitted with the first ten in
 * view, so only the others, which they were not fitted to, tell how it does on a program of yours.
 */
#include "figures.h"
#include "search.h"
#include "table.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>

#define OPTIONS "-j 1 --strategy dpor --races off --keep-going --out bench"

static const int shares[] = {10, 15, 20, 30, 50, 75};

static const char *const known[] = {
	"mutex 2 10",  "racy 2 5",    "mutex 3 4",  "racy 3 2",	  "philosophers 8 1",
	"readers 6 1", "filled 12 1", "ticket 2 5", "buffer 6 1", "semaphore 3 2",
};

static const char *const others[] = {
	"uneven 3 2",  "sums 3 2",	"racy 4 1",    "ticket 4 1", "philosophers 5 2",
	"readers 4 2", "rwlock 4 3",	"trylock 4 1", "stack 2 4",  "filled 11 1",
	"mutex 6 1",   "semaphore 4 1", "buffer 5 1",  "uneven 2 5",
};

static bool is_inside(const char *program, double classes, double *widest)
{
	bool inside = !isnan(classes);

	for (unsigned i = 0; i < sizeof(shares) / sizeof(*shares); i++) {
		char options[128];
		struct search cut;

		snprintf(options, sizeof(options), "%s --executions %.0f", OPTIONS,
			 ceil(classes * shares[i] / 100));
		cut = search_run(MEASURE_LIMITED, options, program);
		inside &= cut.low <= classes && classes <= cut.high;
		*widest = fmax(*widest, cut.high / cut.low);
	}
	return inside;
}

static void figure(const char *what, const char *const *programs, int count)
{
	double widest = 0;
	int inside = 0;
	char text[128];

	for (int i = 0; i < count; i++) {
		char program[64];
		double classes;

		snprintf(program, sizeof(program), "bench/hooked/classes %s", programs[i]);
		classes = search_run(0, OPTIONS, program).classes;
		if (is_inside(program, classes, &widest))
			inside++;
		else
			fprintf(stderr, "  %s: outside the range\n", programs[i]);
	}
	snprintf(text, sizeof(text), "dpor: of %d %s, classes in the range told from 10 %% on",
		 count, what);
	table_add(text, inside, 0, AT_LEAST, ceil(0.9 * count));
	table_add("the widest range, highest to lowest", widest, 2, UNDER, 4);
}

void figures_of_estimates(void)
{
	figure("programs that it was fitted to", known, sizeof(known) / sizeof(*known));
	figure("others", others, sizeof(others) / sizeof(*others));
}
