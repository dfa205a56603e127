/* board.h - makes the block of memory that the command shares with its workers (session/shared.h).
 */
#ifndef HEDDLE_CLI_BOARD_H
#define HEDDLE_CLI_BOARD_H

#include "base/error.h"
#include "session/shared.h"

#include <stddef.h>
#include <stdbool.h>
#include <stdint.h>

/* Makes a block with that configuration, no worker in it, and stores its descriptor in `*fd`. It is
 * sparse: only what is written to uses memory. Returns null with `error` when there is no memory.
 */
struct shared *board_make(int *fd, const struct shared_config *config, struct error *error);

/* A memory file of no length, closed on exec; -1 with `error` when there is none. */
int board_file(const char *name, struct error *error);

/* How many executions ended with the outcome in that slot. */
uint64_t board_result(const struct shared *shared, uint32_t slot);

/* The progress of a worker that is valid now. */
struct shared_progress board_progress(const struct shared_worker *worker);

/* How many executions of dpor could only repeat others, and were given up. */
uint64_t board_redundant(const struct shared *shared);

/* True when an exhaustive search has nothing left to do. */
bool board_is_finished(const struct shared *shared);

/* The total of executions and, for a depth-first search, the fraction of the tree that they are. */
uint64_t board_executions(const struct shared *shared);
double board_fraction(const struct shared *shared);

#endif
