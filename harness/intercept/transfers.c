/* transfers.c - reading and writing by way of descriptors: session/blocking.h, session/transfer.h.
 */
#include "intercept/find.h"
#include "intercept/interpose.h"
#include "session/blocking.h"
#include "session/interrupt.h"
#include "session/note.h"
#include "session/output.h"
#include "session/timers.h"
#include "session/transfer.h"

#include <errno.h>
#include <sys/eventfd.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <unistd.h>

INTERPOSE ssize_t write(int fd, const void *from, size_t bytes)
{
	struct iovec part = {.iov_base = (void *)from, .iov_len = bytes};

	interrupt_call(thread_controlled(), RETURN_PC);
	output_point(fd, RETURN_PC);
	return transfer_write(thread_controlled(), fd, &part, 1, RETURN_PC);
}

INTERPOSE ssize_t writev(int fd, const struct iovec *parts, int count)
{
	interrupt_call(thread_controlled(), RETURN_PC);
	output_point(fd, RETURN_PC);
	return transfer_write(thread_controlled(), fd, parts, count, RETURN_PC);
}

INTERPOSE ssize_t send(int fd, const void *from, size_t bytes, int flags)
{
	struct iovec part = {.iov_base = (void *)from, .iov_len = bytes};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};

	return transfer_send(thread_controlled(), fd, &message, flags, RETURN_PC);
}

INTERPOSE ssize_t sendto(int fd, const void *from, size_t bytes, int flags,
			 const struct sockaddr *to, socklen_t to_bytes)
{
	struct iovec part = {.iov_base = (void *)from, .iov_len = bytes};
	struct msghdr message = {
		.msg_name = (void *)to, .msg_namelen = to_bytes, .msg_iov = &part, .msg_iovlen = 1};

	return transfer_send(thread_controlled(), fd, &message, flags, RETURN_PC);
}

INTERPOSE ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
	return transfer_send(thread_controlled(), fd, message, flags, RETURN_PC);
}

INTERPOSE ssize_t recv(int fd, void *to, size_t bytes, int flags)
{
	return transfer_receive(thread_controlled(), fd, to, bytes, flags, RETURN_PC);
}

INTERPOSE int connect(int fd, const struct sockaddr *address, socklen_t bytes)
{
	return transfer_connect(thread_controlled(), fd, address, bytes, RETURN_PC);
}

/* X(result, name, parameters, arguments, descriptor, OP_, what poll() is to say, whether it has
 * asked not to wait) */
#define TRANSFERS(X)                                                                               \
	X(ssize_t, readv, (int fd, const struct iovec *parts, int count), (fd, parts, count), fd,  \
	  OP_RECEIVE, POLLIN, false)                                                               \
	X(ssize_t, __recv_chk, (int fd, void *to, size_t bytes, size_t room, int flags),           \
	  (fd, to, bytes, room, flags), fd, OP_RECEIVE, POLLIN, flags &MSG_DONTWAIT)               \
	X(ssize_t, recvfrom,                                                                       \
	  (int fd, void *restrict to, size_t bytes, int flags, struct sockaddr *restrict from,     \
	   socklen_t *restrict from_bytes),                                                        \
	  (fd, to, bytes, flags, from, from_bytes), fd, OP_RECEIVE, POLLIN, flags &MSG_DONTWAIT)   \
	X(ssize_t, __recvfrom_chk,                                                                 \
	  (int fd, void *restrict to, size_t bytes, size_t room, int flags,                        \
	   struct sockaddr *restrict from, socklen_t *restrict from_bytes),                        \
	  (fd, to, bytes, room, flags, from, from_bytes), fd, OP_RECEIVE, POLLIN,                  \
	  flags &MSG_DONTWAIT)                                                                     \
	X(ssize_t, recvmsg, (int fd, struct msghdr *message, int flags), (fd, message, flags), fd, \
	  OP_RECEIVE, POLLIN, flags &MSG_DONTWAIT)                                                 \
	X(int, recvmmsg,                                                                           \
	  (int fd, struct mmsghdr *messages, unsigned count, int flags, struct timespec *limit),   \
	  (fd, messages, count, flags | MSG_WAITFORONE, limit), fd, OP_RECEIVE, POLLIN,            \
	  flags &MSG_DONTWAIT)                                                                     \
	X(int, sendmmsg, (int fd, struct mmsghdr *messages, unsigned count, int flags),            \
	  (fd, messages, count, flags), fd, OP_SEND, POLLOUT, flags &MSG_DONTWAIT)                 \
	X(int, eventfd_read, (int fd, eventfd_t *value), (fd, value), fd, OP_RECEIVE, POLLIN,      \
	  false)                                                                                   \
	X(int, eventfd_write, (int fd, eventfd_t value), (fd, value), fd, OP_SEND, POLLOUT, false) \
	X(ssize_t, sendfile, (int to, int from, off_t *at, size_t bytes), (to, from, at, bytes),   \
	  to, OP_SEND, POLLOUT, false)                                                             \
	X(int, shutdown, (int fd, int how), (fd, how), fd, OP_CLOSE, 0, true)

/* Fortified programs call them; no header declares them. */
ssize_t __read_chk(int fd, void *to, size_t bytes, size_t room);
ssize_t __recv_chk(int fd, void *to, size_t bytes, size_t room, int flags);
ssize_t __recvfrom_chk(int fd, void *restrict to, size_t bytes, size_t room, int flags,
		       struct sockaddr *restrict from, socklen_t *restrict from_bytes);

#define X(result, name, parameters, arguments, fd, op, events, never)                              \
	INTERPOSE result name parameters                                                           \
	{                                                                                          \
		FIND(result, name, parameters);                                                    \
		struct thread *self = thread_controlled();                                         \
		int error = blocking_enter(self, op, fd, events, never, RETURN_PC);                \
		result done;                                                                       \
                                                                                                   \
		if (error) {                                                                       \
			errno = error;                                                             \
			return -1;                                                                 \
		}                                                                                  \
		done = real_one arguments;                                                         \
		blocking_leave(self, op, fd, done);                                                \
		return done;                                                                       \
	}
TRANSFERS(X)
#undef X

/* A timer tells how often it has expired by its own clock. */
#define READS(X)                                                                                   \
	X(read, (int fd, void *to, size_t bytes), (fd, to, bytes))                                 \
	X(__read_chk, (int fd, void *to, size_t bytes, size_t room), (fd, to, bytes, room))

#define X(name, parameters, arguments)                                                             \
	INTERPOSE ssize_t name parameters                                                          \
	{                                                                                          \
		FIND(ssize_t, name, parameters);                                                   \
		struct thread *self = thread_controlled();                                         \
		int error = blocking_enter(self, OP_RECEIVE, fd, POLLIN, false, RETURN_PC);        \
		ssize_t got;                                                                       \
                                                                                                   \
		errno = error ? error : errno;                                                     \
		got = error ? -1 : real_one arguments;                                             \
		if (!error)                                                                        \
			blocking_leave(self, OP_RECEIVE, fd, got);                                 \
		if (got == (ssize_t)sizeof(uint64_t) && self && timers_is(fd))                     \
			*(uint64_t *)to = timers_taken(fd);                                        \
		return got;                                                                        \
	}
READS(X)
