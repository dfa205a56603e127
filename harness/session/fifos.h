/* fifos.h - opening a named pipe waits until somebody opens the other end. */
#ifndef HEDDLE_SESSION_FIFOS_H
#define HEDDLE_SESSION_FIFOS_H

#include "session/session.h"

#include <sys/types.h>

struct fifo_open {
	/* openat() of the C library. */
	int (*carry_out)(int folder, const char *path, int flags, mode_t mode);
	int folder, flags;
	const char *path;
	mode_t mode;
};

/* Opens it, whatever it is: waits here where that would wait. As the call. */
int fifo_open(struct thread *self, const struct fifo_open *open, const void *pc);

#endif
