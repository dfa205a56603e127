/* caller.h - the program that has called heddle_explore() and started this command:
 * session/embedded.h. */
#ifndef HEDDLE_CLI_CALLER_H
#define HEDDLE_CLI_CALLER_H

#include "base/error.h"
#include "cli/launch.h"
#include "cli/options.h"
#include "cli/search.h"
#include "trace/trace.h"

#include <stdbool.h>
#include <sys/types.h>

/* `setting call NAME` in a trace: which call of heddle_explore() of the program it is of. */
#define SETTING_CALL "call"

/* The name of the call, or null where nobody has called: the command was started by hand. */
const char *caller_call(void);

/* Has the caller's image fork a worker. Returns its pid, or -1 with `error`. */
pid_t caller_start(const struct launch *launch, const struct launch_worker *worker,
		   struct error *error);

/* Tells the caller, if there is one, what came of the search, or of a replay, and lets the image
 * end. */
void caller_tell(const struct search *search, enum status status);
void caller_tell_replay(const struct trace *trace, enum status status);

/* Starts the program of a trace with a call and has it come to that call, which then replays the
 * trace. Returns the exit status. */
enum status caller_replay(const struct trace *trace, const char *path);

#endif
