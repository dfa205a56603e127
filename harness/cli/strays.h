/* strays.h - processes that a program under search started and that outlived it. */
#ifndef HEDDLE_CLI_STRAYS_H
#define HEDDLE_CLI_STRAYS_H

#include <stddef.h>
#include <sys/types.h>

#define STRAYS_KNOWN_MAX 256

/* Children that the command had before it started any: a shell that became heddle by exec leaves
 * its own. */
struct strays {
	pid_t known[STRAYS_KNOWN_MAX];
	size_t count;
};

/* From now on every process whose parent ends comes to the command. Remembers the children that are
 * there. */
void strays_begin(struct strays *strays);

/* Kills all other children and waits for them. Requires: the command has no child left that it
 * wants. */
void strays_end(const struct strays *strays);

#endif
