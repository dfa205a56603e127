/* stuck.h - notices a program that does not come to a scheduling point any more, and asks it where
 * it is.
 *
 * Judged by the processor time that it has used, so that a busy machine makes no difference; in a
 * search also by the time that it has been waiting, since there is nobody who could give it what it
 * waits for.
 */
#ifndef HEDDLE_CLI_STUCK_H
#define HEDDLE_CLI_STUCK_H

#include "session/shared.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* What was seen of a worker so far. All zero at the start of a process. */
struct stuck {
	uint64_t steps, executions;
	bool in_execution;
	pid_t pid;	/* whose processor time is counted: the worker, or its child */
	double used_s;	/* at the last sign of life */
	double alive_s; /* when that was */
	double asked_s; /* when the signal was sent; 0: not yet */
};

enum stuck_answer {
	STUCK_NO,     /* it goes on, or has just been asked */
	STUCK_SILENT, /* it was asked and did not answer */
};

/* Looks at a running worker. `limit_s` is how long it may go on without a sign of life;
 * `waiting_counts` says whether waiting is taken for being stuck too. Sends the signal that asks.
 */
enum stuck_answer stuck_check(struct stuck *stuck, const struct shared_worker *worker,
			      double limit_s, bool waiting_counts);

#endif
