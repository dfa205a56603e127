/* file_locks.h - locks on files that are waited for: tried, as a step, and tried again when any
 * such lock was used, or after a while, since other programs may hold them, too. */
#ifndef HEDDLE_SESSION_FILE_LOCKS_H
#define HEDDLE_SESSION_FILE_LOCKS_H

#include "session/session.h"

struct file_lock_try {
	/* Without waiting: 0, or -1 and errno. */
	int (*carry_out)(const struct file_lock_try *self);
	int fd, command;
	void *argument;
	long bytes;
};

/* Carries it out, as often as it takes where `may_wait`. -1 and errno as the call. */
int file_lock(struct thread *self, const struct file_lock_try *call, bool may_wait, const void *pc);

/* A descriptor is about to be closed, with which its locks end. */
void file_lock_closing(struct thread *self, int fd, const void *pc);

#endif
