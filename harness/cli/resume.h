/* resume.h - the file of a search that can be continued: --resume.
 *
 * The block that the command shares with its workers (session/shared.h) lies in a file instead of
 * in memory that goes with the processes. Whatever ends these, kill -9 included, what has been
 * explored is in the file, and what was half done is undone when the search goes on.
 */
#ifndef HEDDLE_CLI_RESUME_H
#define HEDDLE_CLI_RESUME_H

#include "base/error.h"
#include "cli/findings.h"
#include "session/shared.h"

#include <stdint.h>

/* Opens the file at `path`, or makes it: of the search that `config` describes, of the program of
 * that hash with these words. Stores its descriptor. A search that is continued keeps its number of
 * workers. Returns the block, to be unmapped by the caller, or null with `error`: the file is of
 * another search, is used by one, or cannot be written. */
struct shared *resume_open(const char *path, const struct shared_config *config,
			   uint64_t program_hash, char *const *words, int *fd, struct error *error);

/* Writes down what is known of a finding; takes it all up again. */
void resume_keep(struct shared *shared, const struct finding *finding);
void resume_findings(const struct shared *shared, struct findings *findings);

#endif
