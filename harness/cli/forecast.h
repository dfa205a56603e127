/* forecast.h - how many classes a search has yet to execute, and how long that will take: what is
 * certain, and a range for the rest.
 */
#ifndef HEDDLE_CLI_FORECAST_H
#define HEDDLE_CLI_FORECAST_H

#include "cli/estimate.h"
#include "cli/search.h"

#include <stdio.h>

struct forecast {
	uint64_t done, planned; /* planned: certainly still to come */
	bool has_range;		/* it is not too early to tell */
	struct estimate_range range;
	double left_low_s, left_high_s; /* at the speed so far */
};

/* Tells as of the time `now_s`. False where nothing can be told: the search is not a reducing one,
 * it has nothing left to do, or its tree changes too fast to be read. */
bool forecast_make(struct forecast *forecast, const struct search *search, double now_s);

/* "120 classes so far, at least 7 more, between 250 and 940 in all (estimate), time left between 2
 * s and 9 s" */
void forecast_print(FILE *out, const struct forecast *forecast);

#endif
