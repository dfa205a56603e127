/* transfer.h - writing to and closing descriptors: a step, or several, then the call. As the C
 * library's functions; `self` null: only the call. */
#ifndef HEDDLE_SESSION_TRANSFER_H
#define HEDDLE_SESSION_TRANSFER_H

#include "session/session.h"

struct source;

#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>

ssize_t transfer_write(struct thread *self, int fd, const struct iovec *parts, int count,
		       const void *pc);
ssize_t transfer_send(struct thread *self, int fd, const struct msghdr *message, int flags,
		      const void *pc);
/* With MSG_WAITALL as often as it takes. */
ssize_t transfer_receive(struct thread *self, int fd, void *to, size_t bytes, int flags,
			 const void *pc);
int transfer_connect(struct thread *self, int fd, const struct sockaddr *address, socklen_t bytes,
		     const void *pc);
int transfer_close(struct thread *self, int fd, const void *pc);

/* Before and after a descriptor is closed by other means; what the one returns is for the other. */
struct source *transfer_close_begin(struct thread *self, int fd, const void *pc);
void transfer_close_end(struct source *source);

/* A stream is about to be written to, or to write out what it has. */
void transfer_stream(struct thread *self, int fd, const void *pc);

#endif
