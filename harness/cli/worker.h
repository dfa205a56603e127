/* worker.h - one worker: its slot in the shared block, its files, and the process that is in it
 * now.
 *
 * A worker outlives its processes: when one is killed another is started in the same slot and goes
 * on where that was. Knows nothing of what the reports mean.
 */
#ifndef HEDDLE_CLI_WORKER_H
#define HEDDLE_CLI_WORKER_H

#include "base/error.h"
#include "cli/launch.h"
#include "cli/stuck.h"
#include "session/shared.h"
#include "trace/event.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct worker {
	struct launch_worker launch;
	struct shared_worker *slot;
	pid_t pid; /* 0: no process */
	int pidfd; /* readable when the process has ended; -1: no process */
	struct stuck stuck;
};

/* How a process ended. */
struct worker_end {
	int status;	/* as waitpid() has it */
	uint32_t state; /* enum worker_state, as it was then */
	bool in_execution;
};

/* Makes the worker's files; starts nothing. Returns 0, or -1 with `error`. */
int worker_init(struct worker *worker, struct shared *shared, unsigned index, struct error *error);
void worker_close(struct worker *worker);

/* Starts a process in the worker, which has none. Returns 0, or -1 with `error`. */
int worker_start(struct worker *worker, const struct launch *launch, struct error *error);

/* The worker's state as its process last said it. */
enum worker_state worker_state(const struct worker *worker);

/* True while the process that a report is about can be read. */
bool worker_stands(const struct worker *worker);

/* True when the worker's process has ended, without taking note of it. */
bool worker_is_gone(const struct worker *worker);

/* Lets the process go on that has reported. */
void worker_answer(struct worker *worker);

/* Kills the process, with all that it has started in its group if it has one of its own. */
void worker_kill(const struct worker *worker, const struct launch *launch);

/* When the process has ended: says how, cleans up after it, and returns true. Never waits. */
bool worker_ended(struct worker *worker, const struct launch *launch, struct worker_end *end);

/* The events of a report: `count` from index `first` of the recording, at most as many as there
 * are. Null where there are none; else give them back with worker_events_close(). */
const struct event *worker_events(const struct worker *worker, uint64_t first, uint64_t *count);
void worker_events_close(const struct event *events, uint64_t first, uint64_t count);

/* How many processors this command may use. */
unsigned worker_processor_count(void);

#endif
