/* search.h - runs `heddle explore` and reads what it says with --json. */
#ifndef HEDDLE_BENCH_SEARCH_H
#define HEDDLE_BENCH_SEARCH_H

#include "measure.h"

/* What is not a number could not be read, or is null. */
struct search {
	struct cost cost;
	double executions, classes;
	double low, high; /* the estimated range of classes, of a search that was cut short */
	char mode[16];
};

/* `how` as for measure_run(). */
struct search search_run(unsigned how, const char *options, const char *program);

#endif
