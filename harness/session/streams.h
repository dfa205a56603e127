/* streams.h - the locks of the C library's streams (flockfile), and streams that lead to what
 * waits.
 *
 * The C library's own lock would be waited for in the kernel, by all threads at once, so it is
 * never taken for long: who has called flockfile() holds a mutex of ours, and whoever else uses the
 * stream waits for that first. */
#ifndef HEDDLE_SESSION_STREAMS_H
#define HEDDLE_SESSION_STREAMS_H

#include "session/session.h"

/* flockfile, ftrylockfile (0, or an error) and funlockfile of the stream on that descriptor. */
void stream_lock(struct thread *self, int fd, const void *pc);
int stream_trylock(struct thread *self, int fd, const void *pc);
void stream_unlock(struct thread *self, int fd, const void *pc);

/* The calling thread is about to use the stream: waits while another one has it. */
void stream_use(struct thread *self, int fd, const void *pc);

/* They belong to the execution. */
void streams_save(void);
void streams_restore(void);

#endif
