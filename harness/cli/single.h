/* single.h - one execution of a program that keeps its own input and output: what run and replay
 * have in common. */
#ifndef HEDDLE_CLI_SINGLE_H
#define HEDDLE_CLI_SINGLE_H

#include "base/error.h"
#include "cli/capture.h"
#include "cli/launch.h"
#include "cli/notes.h"
#include "cli/worker.h"
#include "session/shared.h"
#include "trace/event.h"

#include <stdbool.h>
#include <stddef.h>

/* What is asked for. */
struct single_request {
	struct shared_config config;
	struct origin origin;
	struct target target;
	const struct event *plan;     /* config.plan_count events, or null */
	const struct trace *sites_of; /* that says where --watch found accesses, or null */
	double stuck_s;
	bool is_trial; /* nobody sees what the program writes, and it has nothing to read */
};

/* What came of it. */
struct single {
	bool captured; /* `capture` holds the execution; else the process ended without a report */
	struct capture capture;
	struct looks looks; /* races of a program that went on */
	struct notes notes;
	struct worker_end end;
	bool has_outcome; /* the program has said what it ended with */
	char outcome[OUTCOME_BYTES];
	int interrupted; /* the signal that the user ended it with, or 0 */
};

/* Carries it out. Returns 0, or -1 with `error` when the program could not be run. Free with
 * single_free(). */
int single_execute(struct single *single, const struct single_request *request, char **words,
		   struct error *error);
void single_free(struct single *single);

/* The exit status that the command ends with: as a failure, or as a pass; says what has to be said
 * of a process that ended without a report. */
int single_status(const struct single *single);

#endif
