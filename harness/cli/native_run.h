/* native_run.h - one run of a program that nobody controls, and how it ended. */
#ifndef HEDDLE_CLI_NATIVE_RUN_H
#define HEDDLE_CLI_NATIVE_RUN_H

#include "base/error.h"
#include "cli/launch.h"
#include "cli/outcomes.h"
#include "native/board.h"

#include <stdbool.h>
#include <stdint.h>

struct native_run {
	struct launch launch; /* target, words, library, signals */
	struct native_board *board;
	int board_fd, signals_fd;
	double hang_s;
};

#define NATIVE_TEXT_BYTES 1024

/* How a run ended. */
struct native_end {
	bool assumed;	  /* it was of no interest */
	bool interrupted; /* the user has ended it: it does not count */
	enum outcome_kind kind;
	char text[NATIVE_TEXT_BYTES]; /* the outcome; "crash: SIGSEGV", "assertion at counter.c:31"
				       */
};

/* Makes the board. Returns 0, or -1 with `error`. Close with native_run_close() in both cases. */
int native_run_open(struct native_run *run, struct error *error);
void native_run_close(struct native_run *run);

/* Runs the program once; `seed` is that of its delays. Returns 0, or -1 with `error` where it
 * cannot be started. */
int native_run(struct native_run *run, uint64_t seed, struct native_end *end, struct error *error);

#endif
