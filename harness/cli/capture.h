/* capture.h - one execution, kept after its process has gone on: the trace, the report in words,
 * the output.
 *
 * Taken while the process stands still (WORKER_REPORTING), since names, values and stacks are read
 * from its memory.
 */
#ifndef HEDDLE_CLI_CAPTURE_H
#define HEDDLE_CLI_CAPTURE_H

#include "cli/looks.h"
#include "cli/points.h"
#include "cli/worker.h"
#include "session/shared.h"
#include "trace/trace.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Where an execution comes from: what a trace says in its header. */
struct origin {
	char *const *words; /* the program as it was named, and its arguments */
	uint64_t program_hash;
	const char *session; /* "run", "explore" */
	enum strategy strategy;
	uint64_t seed;
	bool wait_for_threads, output_order;
	struct points points;
};

/* `setting wait-for-threads 1` in a trace, and the like. */
#define SETTING_WAIT_FOR_THREADS "wait-for-threads"
#define SETTING_OUTPUT_ORDER	 "output-order"

#define CAPTURE_OUTPUT_MAX 4096

struct capture {
	enum verdict verdict;
	uint64_t signature, execution, step;
	int exit_status;
	struct trace trace;
	char *text; /* the failure as it is printed, without the command that replays it; "" where
		       it passed */
	char *message; /* its sentence */
	char *where;   /* "file:line", or "" */
	char *with;    /* of a data race: where the first access is; else "" */
	/* The same as files below the current folder, "src/bank.c:31", or "": see source.h. */
	char *source, *with_source;
	/* The first bytes that the execution wrote, and how many it wrote in all. */
	char output[CAPTURE_OUTPUT_MAX];
	size_t output_kept;
	uint64_t output_bytes;
};

/* Takes everything from a worker that reports; new events start at `first` in its recording.
 * `looks`: what was seen of the execution before. Free with capture_free(). */
void capture_take(struct capture *capture, const struct origin *origin, const struct worker *worker,
		  const struct looks *looks, uint64_t first);

/* The same from a report whose process is gone: no names, no events. */
void capture_take_lost(struct capture *capture, const struct origin *origin,
		       const struct report *report, const struct worker *worker);

void capture_free(struct capture *capture);

/* Writes what the execution printed, indented; nothing where it printed nothing. */
void capture_print_output(FILE *out, const struct capture *capture);

#endif
