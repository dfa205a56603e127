/* notes.h - what the program did that heddle does not control, in words, so that nobody trusts a
 * run more than it deserves.
 *
 * Looked at while the process is there, since afterwards the place of a call has no name.
 */
#ifndef HEDDLE_CLI_NOTES_H
#define HEDDLE_CLI_NOTES_H

#include "session/shared.h"

#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

/* All zero at first. */
struct notes {
	char *texts[SHARED_NOTES_MAX]; /* "pthread_rwlock_wrlock, cache.c:12" */
	size_t count;
};

/* Takes in the notes that are new. `pid` is a process that runs the program, to name places; 0 when
 * there is none. */
void notes_update(struct notes *notes, const struct shared *shared, pid_t pid);

/* One line for each. */
void notes_print(FILE *out, const struct notes *notes);

void notes_free(struct notes *notes);

#endif
