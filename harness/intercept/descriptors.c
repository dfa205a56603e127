/* descriptors.c - where descriptors come from, and where they end: session/files.h. */
#include "intercept/find.h"
#include "intercept/interpose.h"
#include "session/blocking.h"
#include "session/files.h"
#include "session/interrupt.h"
#include "session/timers.h"
#include "session/transfer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

/* X(name, parameters, arguments, kind) of those that return a descriptor */
#define MAKERS(X)                                                                                  \
	X(socket, (int domain, int type, int protocol), (domain, type, protocol), CHANNEL_SOCKET)  \
	X(eventfd, (unsigned value, int flags), (value, flags), CHANNEL_COUNTER)                   \
	X(epoll_create, (int size), (size), CHANNEL_EPOLL)                                         \
	X(epoll_create1, (int flags), (flags), CHANNEL_EPOLL)

#define X(name, parameters, arguments, kind)                                                       \
	INTERPOSE int name parameters                                                              \
	{                                                                                          \
		FIND(int, name, parameters);                                                       \
		int fd;                                                                            \
                                                                                                   \
		files_before_new();                                                                \
		fd = real_one arguments;                                                           \
		files_made(kind, fd);                                                              \
		return fd;                                                                         \
	}
MAKERS(X)
#undef X

INTERPOSE int timerfd_create(int clock, int flags)
{
	FIND(int, timerfd_create, (int, int));
	int fd;

	files_before_new();
	fd = real_one(clock, flags);
	files_made(CHANNEL_TIMER, fd);
	timers_made(fd, clock);
	return fd;
}

INTERPOSE int timerfd_settime(int fd, int flags, const struct itimerspec *value,
			      struct itimerspec *old)
{
	FIND(int, timerfd_settime, (int, int, const struct itimerspec *, struct itimerspec *));
	struct thread *self = thread_controlled();

	if (!self || !timers_is(fd))
		return real_one(fd, flags, value, old);
	blocking_enter(self, OP_SEND, fd, 0, true, RETURN_PC);
	errno = timers_set(fd, flags, value, old);
	blocking_leave(self, OP_SEND, fd, errno ? -1 : 0);
	return errno ? -1 : 0;
}

INTERPOSE int timerfd_gettime(int fd, struct itimerspec *value)
{
	FIND(int, timerfd_gettime, (int, struct itimerspec *));

	if (!thread_controlled() || !timers_is(fd))
		return real_one(fd, value);
	errno = timers_get(fd, value);
	return errno ? -1 : 0;
}

/* X(name, parameters, arguments, kind, array of the two) */
#define PAIR_MAKERS(X)                                                                             \
	X(pipe, (int ends[2]), (ends), CHANNEL_PIPE, ends)                                         \
	X(pipe2, (int ends[2], int flags), (ends, flags), CHANNEL_PIPE, ends)                      \
	X(socketpair, (int domain, int type, int protocol, int ends[2]),                           \
	  (domain, type, protocol, ends), CHANNEL_PAIR, ends)

#define X(name, parameters, arguments, kind, ends)                                                 \
	INTERPOSE int name parameters                                                              \
	{                                                                                          \
		FIND(int, name, parameters);                                                       \
		int result;                                                                        \
                                                                                                   \
		files_before_new();                                                                \
		result = real_one arguments;                                                       \
		if (!result)                                                                       \
			files_made_pair(kind, (ends)[0], (ends)[1]);                               \
		return result;                                                                     \
	}
PAIR_MAKERS(X)
#undef X

/* X(name, parameters, arguments, listening descriptor, kind) of those that wait for the new one */
#define ACCEPTS(X)                                                                                 \
	X(accept, (int fd, struct sockaddr *restrict from, socklen_t *restrict bytes),             \
	  (fd, from, bytes))                                                                       \
	X(accept4, (int fd, struct sockaddr *restrict from, socklen_t *restrict bytes, int flags), \
	  (fd, from, bytes, flags))

#define X(name, parameters, arguments)                                                             \
	INTERPOSE int name parameters                                                              \
	{                                                                                          \
		FIND(int, name, parameters);                                                       \
		struct thread *self = thread_controlled();                                         \
		int error = blocking_enter(self, OP_RECEIVE, fd, POLLIN, false, RETURN_PC), made;  \
                                                                                                   \
		errno = error ? error : errno;                                                     \
		made = error ? -1 : real_one arguments;                                            \
		files_made(CHANNEL_SOCKET, made);                                                  \
		if (!error)                                                                        \
			blocking_leave(self, OP_RECEIVE, fd, made);                                \
		return made;                                                                       \
	}
ACCEPTS(X)
#undef X

/* ---- copies */

INTERPOSE int dup(int fd)
{
	FIND(int, dup, (int));
	int copy = real_one(fd);

	files_copied(fd, copy);
	return copy;
}

INTERPOSE int dup2(int fd, int to)
{
	FIND(int, dup2, (int, int));
	struct thread *self = thread_controlled();
	struct source *source = fd == to ? 0 : transfer_close_begin(self, to, RETURN_PC);
	int copy = real_one(fd, to);

	files_copied(fd, copy);
	transfer_close_end(source);
	return copy;
}

INTERPOSE int dup3(int fd, int to, int flags)
{
	FIND(int, dup3, (int, int, int));
	struct thread *self = thread_controlled();
	struct source *source = fd == to ? 0 : transfer_close_begin(self, to, RETURN_PC);
	int copy = real_one(fd, to, flags);

	files_copied(fd, copy);
	transfer_close_end(source);
	return copy;
}

/* ---- ends */

INTERPOSE int close(int fd)
{
	interrupt_call(thread_controlled(), RETURN_PC);
	return transfer_close(thread_controlled(), fd, RETURN_PC);
}

INTERPOSE int fclose(FILE *file)
{
	FIND(int, fclose, (FILE *));
	struct thread *self = thread_controlled();
	int fd = self && file ? fileno(file) : -1, result;
	struct source *source;

	transfer_stream(self, fd, RETURN_PC);
	source = fd >= 0 ? transfer_close_begin(self, fd, RETURN_PC) : 0;
	result = real_one(file);
	transfer_close_end(source);
	return result;
}

INTERPOSE int close_range(unsigned first, unsigned last, int flags)
{
	FIND(int, close_range, (unsigned, unsigned, int));

	for (unsigned fd = first; !flags && fd <= last && fd < FILES_MAX; fd++)
		transfer_close_end(transfer_close_begin(thread_controlled(), (int)fd, RETURN_PC));
	return real_one(first, last, flags);
}

INTERPOSE void closefrom(int first)
{
	FIND(void, closefrom, (int));

	for (int fd = first < 0 ? 0 : first; fd < FILES_MAX; fd++)
		transfer_close_end(transfer_close_begin(thread_controlled(), fd, RETURN_PC));
	real_one(first);
}
