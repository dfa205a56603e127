/* launch.h - starts a process with heddle's library in it.
 *
 * Knows how a process has to be made so that its executions repeat: no address randomisation,
 * functions bound at start. Does not know what the process does afterwards.
 */
#ifndef HEDDLE_CLI_LAUNCH_H
#define HEDDLE_CLI_LAUNCH_H

#include "base/error.h"
#include "cli/library.h"
#include "cli/target.h"

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

/* What all workers of a session have in common. */
struct launch {
	const struct target *target;
	char **words; /* the program as it was named, and its arguments */
	struct library library;
	int shared_fd;
	/* The program is one of many: standard input is empty, output goes to the worker's output
	 * file, and the process is in a group of its own, so that a Ctrl-C reaches only the
	 * command. */
	bool captured;
	sigset_t signals; /* the mask that the program starts with */
};

/* What one worker has for itself. Descriptors are the command's, closed on exec. */
struct launch_worker {
	unsigned index;
	int recording_fd, output_fd;
};

/* The words that a process is started with. Made for an exec that follows, or the same ones. */
char **launch_words(const struct launch *launch);

/* Starts a process. Returns its pid, or -1 with `error`. */
pid_t launch_start(const struct launch *launch, const struct launch_worker *worker,
		   struct error *error);

#endif
