/*
 * transfer.c - writes that have to wait, in pieces that do not.
 *
 * A pipe that poll() says can be written to takes PIPE_BUF bytes at least; a socket is asked not to
 * wait, and takes what it can. Each piece is a step, as it is for the kernel, which lets others in
 * between, too.
 */
#include "session/transfer.h"

#include "machine/real.h"
#include "session/blocking.h"
#include "session/file_locks.h"
#include "session/note.h"
#include "session/races.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

static bool is_socket(const struct source *source)
{
	return source->kind == CHANNEL_SOCKET || source->kind == CHANNEL_PAIR;
}

static bool is_pipe(const struct source *source)
{
	return source->kind == CHANNEL_PIPE || source->kind == CHANNEL_FIFO;
}

static size_t size_of(const struct iovec *parts, size_t count)
{
	size_t sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += parts[i].iov_len;
	return sum;
}

/* `write` as the program has called it: a trace of system calls shows the same. */
static ssize_t write_real(int fd, const struct iovec *parts, int count)
{
	real_resolve();
	if (count == 1)
		return real.write(fd, parts->iov_base, parts->iov_len);
	return real.writev(fd, parts, count);
}

static ssize_t write_once(struct thread *self, int fd, const struct iovec *parts, int count,
			  const void *pc)
{
	int error = blocking_enter(self, OP_SEND, fd, POLLOUT, false, pc);
	ssize_t sent;

	if (error) {
		errno = error;
		return -1;
	}
	sent = write_real(fd, parts, count);
	blocking_leave(self, OP_SEND, fd, sent);
	return sent;
}

static ssize_t write_in_pieces(struct thread *self, int fd, const struct iovec *parts, int count,
			       const void *pc)
{
	ssize_t sum = 0;

	for (int i = 0; i < count; i++)
		for (size_t at = 0; at < parts[i].iov_len;) {
			size_t left = parts[i].iov_len - at;
			struct iovec piece = {.iov_base = (char *)parts[i].iov_base + at,
					      .iov_len = left < PIPE_BUF ? left : PIPE_BUF};
			ssize_t sent = write_once(self, fd, &piece, 1, pc);

			if (sent < 0)
				return sum ? sum : -1;
			at += (size_t)sent;
			sum += sent;
		}
	return sum;
}

ssize_t transfer_write(struct thread *self, int fd, const struct iovec *parts, int count,
		       const void *pc)
{
	struct source *source = self ? files_source(fd) : 0;
	struct msghdr message = {.msg_iov = (struct iovec *)parts, .msg_iovlen = (size_t)count};

	if (!source || count < 1)
		return write_real(fd, parts, count);
	if (is_socket(source))
		return transfer_send(self, fd, &message, 0, pc);
	if (is_pipe(source) && size_of(parts, (size_t)count) > PIPE_BUF && !blocking_never(fd))
		return write_in_pieces(self, fd, parts, count, pc);
	return write_once(self, fd, parts, count, pc);
}

/* ---- sockets */

static void advance(struct msghdr *message, size_t bytes)
{
	while (message->msg_iovlen && bytes >= message->msg_iov->iov_len) {
		bytes -= message->msg_iov->iov_len;
		message->msg_iov++;
		message->msg_iovlen--;
	}
	/* What it comes with has gone with the first piece. */
	message->msg_controllen = 0;
}

static bool is_stream(int fd)
{
	int type = 0;
	socklen_t bytes = sizeof(type);

	return !getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &bytes) && type == SOCK_STREAM;
}

/* Where the socket has room, and not for a message of that size, there is nothing to wait for. */
static ssize_t send_for_real(int fd, const struct msghdr *message, int flags, const void *pc)
{
	note_uncontrolled("a message larger than a socket has room for", pc);
	return real.sendmsg(fd, message, flags);
}

/* One piece: of a stream the rest of the part that is at hand. */
static ssize_t send_once(struct thread *self, int fd, const struct msghdr *message, int flags,
			 bool waits, const void *pc)
{
	int error = blocking_enter(self, OP_SEND, fd, POLLOUT, !waits, pc);
	ssize_t sent;

	if (error) {
		errno = error;
		return -1;
	}
	sent = real.sendmsg(fd, message, flags | MSG_DONTWAIT);
	if (sent < 0 && errno == EAGAIN && waits && blocking_is_ready(self))
		sent = send_for_real(fd, message, flags, pc);
	blocking_leave(self, OP_SEND, fd, sent);
	return sent;
}

static ssize_t send_stream(struct thread *self, int fd, const struct msghdr *message, int flags,
			   const void *pc)
{
	struct msghdr rest = *message;
	ssize_t sum = 0;

	while (rest.msg_iovlen) {
		struct iovec part = *rest.msg_iov;
		ssize_t sent;

		for (size_t at = 0; at < part.iov_len; at += (size_t)sent) {
			struct iovec piece = {.iov_base = (char *)part.iov_base + at,
					      .iov_len = part.iov_len - at};
			struct msghdr one = rest;

			one.msg_iov = &piece;
			one.msg_iovlen = 1;
			sent = send_once(self, fd, &one, flags, true, pc);
			if (sent < 0 && errno == EAGAIN)
				sent = 0;
			if (sent < 0)
				return sum ? sum : -1;
			sum += sent;
			rest.msg_controllen = 0;
		}
		advance(&rest, part.iov_len);
	}
	return sum;
}

ssize_t transfer_send(struct thread *self, int fd, const struct msghdr *message, int flags,
		      const void *pc)
{
	bool waits;

	real_resolve();
	if (!self || !files_source(fd))
		return real.sendmsg(fd, message, flags);
	waits = !(flags & MSG_DONTWAIT) && !blocking_never(fd);
	if (waits && is_stream(fd) && size_of(message->msg_iov, message->msg_iovlen) &&
	    message->msg_iovlen == 1)
		return send_stream(self, fd, message, flags, pc);
	return send_once(self, fd, message, flags, waits, pc);
}

ssize_t transfer_receive(struct thread *self, int fd, void *to, size_t bytes, int flags,
			 const void *pc)
{
	bool all = self && flags & MSG_WAITALL && !(flags & (MSG_DONTWAIT | MSG_PEEK)) &&
		   files_source(fd) && !blocking_never(fd) && is_stream(fd);
	size_t sum = 0;

	real_resolve();
	do {
		int error = blocking_enter(self, OP_RECEIVE, fd, POLLIN, flags & MSG_DONTWAIT, pc);
		ssize_t got;

		if (error && sum)
			break;
		errno = error;
		if (error)
			return -1;
		got = real.recv(fd, (char *)to + sum, bytes - sum,
				flags & (all ? ~MSG_WAITALL : ~0));
		blocking_leave(self, OP_RECEIVE, fd, got);
		if (got <= 0 && !sum)
			return got;
		if (got <= 0)
			break;
		sum += (size_t)got;
	} while (all && sum < bytes);
	return (ssize_t)sum;
}

static int connect_result(int fd)
{
	int error = 0;
	socklen_t bytes = sizeof(error);

	getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &bytes);
	if (!error)
		return 0;
	errno = error;
	return -1;
}

/* Without waiting; then the end of that is waited for. */
int transfer_connect(struct thread *self, int fd, const struct sockaddr *address, socklen_t bytes,
		     const void *pc)
{
	int result, error, flags;

	real_resolve();
	if (!self || !files_source(fd) || blocking_enter(self, OP_SEND, fd, 0, true, pc))
		return real.connect(fd, address, bytes);
	flags = fcntl(fd, F_GETFL);
	fcntl(fd, F_SETFL, flags | O_NONBLOCK);
	result = real.connect(fd, address, bytes);
	error = errno;
	fcntl(fd, F_SETFL, flags);
	blocking_leave(self, OP_SEND, fd, result);
	errno = error;
	if (!result || flags & O_NONBLOCK || (error != EINPROGRESS && error != EAGAIN))
		return result;
	if (error == EAGAIN) {
		note_uncontrolled("connect() to a socket that has many waiting", pc);
		return real.connect(fd, address, bytes);
	}
	errno = blocking_enter(self, OP_POLL, fd, POLLOUT, false, pc);
	return errno ? -1 : connect_result(fd);
}

/* ---- the end of a descriptor */

/* Only the last descriptor of an end is noticed at the other one. */
static bool is_last(int fd)
{
	const struct source *source = files_known(fd);

	return source && source->kind != CHANNEL_OTHER && source->count[files_end(fd)] == 1;
}

struct source *transfer_close_begin(struct thread *self, int fd, const void *pc)
{
	struct source *source = self ? files_known(fd) : 0;
	bool last = source && is_last(fd);

	file_lock_closing(self, fd, pc);
	if (last)
		blocking_enter(self, OP_CLOSE, fd, 0, true, pc);
	files_closed(fd);
	if (!last)
		return 0;
	races_give_more(self, files_channel(source));
	return source;
}

void transfer_close_end(struct source *source)
{
	if (source)
		files_used(source);
}

int transfer_close(struct thread *self, int fd, const void *pc)
{
	struct source *source = transfer_close_begin(self, fd, pc);
	int result;

	real_resolve();
	result = real.close(fd);
	transfer_close_end(source);
	return result;
}

void transfer_stream(struct thread *self, int fd, const void *pc)
{
	const struct source *source = self && fd >= 0 ? files_source(fd) : 0;
	int was = errno;

	if (!source || source->kind == CHANNEL_OTHER)
		return;
	blocking_enter(self, OP_SEND, fd, POLLOUT, true, pc);
	if (!blocking_is_ready(self) && !blocking_never(fd))
		note_uncontrolled("a stream that leads to a full pipe", pc);
	/* It is the C library that writes, after this: the channel is looked at again when the next
	 * thread is chosen. */
	execution.stream_written = fd + 1;
	errno = was;
}
