/* edits.h - replays a trace with another version of the program.
 *
 * What the new version does is found out by trying: it is executed as far as possible in the order
 * of the trace, the events of each thread are compared with those of the trace (trace/align.h), and
 * with what is new or gone it is tried again (trace/follow.h), until the order is the one of the
 * trace or turns out to be impossible.
 */
#ifndef HEDDLE_CLI_EDITS_H
#define HEDDLE_CLI_EDITS_H

#include "cli/options.h"
#include "cli/single.h"
#include "trace/trace.h"

/* `request` is that of a replay; its plan is replaced. Returns the status of the command, or
 * STATUS_UNABLE with `error`. */
enum status edits_replay(const struct trace *wanted, struct single_request *request, char **words,
			 const char *path, struct error *error);

#endif
