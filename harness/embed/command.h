/* command.h - starts the command on behalf of heddle_explore(), and waits for it. */
#ifndef HEDDLE_EMBED_COMMAND_H
#define HEDDLE_EMBED_COMMAND_H

#include "embed/image.h"
#include "embed/words.h"
#include "session/embedded.h"

#include <limits.h>

/* What the command has left. */
struct command_end {
	struct embedded_result result; /* all zero where it did not get so far */
	int status;		       /* as waitpid() has it; -1 where that is not known */
	char *text;		       /* what it wrote; free() it. Null where there is no memory */
};

/* Stores the path of the command: what HEDDLE in the environment says, the one that belongs to this
 * library, or just its name. */
void command_find(char path[PATH_MAX]);

/* Runs the command with an image of this process, for the call of that name. Returns 0, or -1 with
 * errno where no process could be started. */
int command_run(struct command_end *end, const struct words *words, const char *name,
		const struct body *body);

#endif
