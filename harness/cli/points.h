/* points.h - what --point and --watch name, found in the program's files before it is started. */
#ifndef HEDDLE_CLI_POINTS_H
#define HEDDLE_CLI_POINTS_H

#include "base/error.h"
#include "session/shared.h"
#include "trace/trace.h"

#include <stdio.h>

/* As they were typed. */
struct points {
	const char *points[SHARED_POINTS_MAX], *watches[SHARED_WATCHES_MAX];
	unsigned point_count, watch_count;
};

/* Fills in what the configuration has of them; `executable` is what will be started. Returns 0, or
 * -1 with `error`. */
int points_resolve(const struct points *points, const char *executable,
		   struct shared_config *config, struct error *error);

/* What a replay needs, as `setting` lines, and back. */
void points_to_trace(const struct points *points, const struct shared *shared, struct trace *trace);
void points_from_trace(struct points *points, const struct trace *trace);
void points_sites_from_trace(struct shared *shared, const struct trace *trace);

/* The options once more, each with a space before it. */
void points_print(FILE *out, const struct points *points);

#endif
