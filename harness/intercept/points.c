/*
 * points.c - calls of the C library that are cancellation points and nothing else to heddle.
 *
 * A thread is cancelled before the call, or not by it. One that blocks in the kernel holds up all
 * threads, so nobody can cancel it there.
 */
#include "intercept/interpose.h"
#include "session/interrupt.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

/* X(result, name, parameters, arguments) */
#define POINTS(X)                                                                                  \
	X(ssize_t, read, (int fd, void *to, size_t n), (fd, to, n))                                \
	X(ssize_t, pread, (int fd, void *to, size_t n, off_t at), (fd, to, n, at))                 \
	X(ssize_t, pread64, (int fd, void *to, size_t n, off_t at), (fd, to, n, at))               \
	X(ssize_t, readv, (int fd, const struct iovec *parts, int n), (fd, parts, n))              \
	X(int, close, (int fd), (fd))                                                              \
	X(int, creat, (const char *path, mode_t mode), (path, mode))                               \
	X(int, fsync, (int fd), (fd))                                                              \
	X(int, fdatasync, (int fd), (fd))                                                          \
	X(int, lockf, (int fd, int command, off_t n), (fd, command, n))                            \
	X(int, tcdrain, (int fd), (fd))                                                            \
	X(int, poll, (struct pollfd * fds, nfds_t n, int ms), (fds, n, ms))                        \
	X(int, ppoll,                                                                              \
	  (struct pollfd * fds, nfds_t n, const struct timespec *most, const sigset_t *mask),      \
	  (fds, n, most, mask))                                                                    \
	X(int, select, (int n, fd_set *r, fd_set *w, fd_set *e, struct timeval *most),             \
	  (n, r, w, e, most))                                                                      \
	X(int, pselect,                                                                            \
	  (int n, fd_set *r, fd_set *w, fd_set *e, const struct timespec *most,                    \
	   const sigset_t *mask),                                                                  \
	  (n, r, w, e, most, mask))                                                                \
	X(int, epoll_wait, (int fd, struct epoll_event *to, int n, int ms), (fd, to, n, ms))       \
	X(int, accept, (int fd, struct sockaddr *from, socklen_t *n), (fd, from, n))               \
	X(int, connect, (int fd, const struct sockaddr *to, socklen_t n), (fd, to, n))             \
	X(ssize_t, recv, (int fd, void *to, size_t n, int flags), (fd, to, n, flags))              \
	X(ssize_t, recvfrom,                                                                       \
	  (int fd, void *to, size_t n, int flags, struct sockaddr *from, socklen_t *m),            \
	  (fd, to, n, flags, from, m))                                                             \
	X(ssize_t, recvmsg, (int fd, struct msghdr *to, int flags), (fd, to, flags))               \
	X(ssize_t, send, (int fd, const void *from, size_t n, int flags), (fd, from, n, flags))    \
	X(ssize_t, sendto,                                                                         \
	  (int fd, const void *from, size_t n, int flags, const struct sockaddr *to, socklen_t m), \
	  (fd, from, n, flags, to, m))                                                             \
	X(ssize_t, sendmsg, (int fd, const struct msghdr *from, int flags), (fd, from, flags))     \
	X(pid_t, wait, (int *status), (status))                                                    \
	X(pid_t, waitpid, (pid_t pid, int *status, int options), (pid, status, options))           \
	X(int, waitid, (idtype_t type, id_t id, siginfo_t * info, int options),                    \
	  (type, id, info, options))

/* `real_one` of the function `name`. */
#define FIND(result, name, parameters)                                                             \
	static result(*real_one) parameters;                                                       \
                                                                                                   \
	if (!real_one)                                                                             \
	*(void **)&real_one = dlsym(RTLD_NEXT, #name)

#define POINT(result, name, parameters, arguments)                                                 \
	INTERPOSE result name parameters                                                           \
	{                                                                                          \
		FIND(result, name, parameters);                                                    \
		interrupt_call(thread_controlled(), RETURN_PC);                                    \
		return real_one arguments;                                                         \
	}
POINTS(POINT)

/* The third argument is there where a file may be made. */
#define OPEN(name, parameters, ...)                                                                \
	INTERPOSE int name parameters                                                              \
	{                                                                                          \
		FIND(int, name, parameters);                                                       \
		va_list list;                                                                      \
		mode_t mode;                                                                       \
                                                                                                   \
		va_start(list, flags);                                                             \
		mode = va_arg(list, mode_t);                                                       \
		va_end(list);                                                                      \
		interrupt_call(thread_controlled(), RETURN_PC);                                    \
		return real_one(__VA_ARGS__, mode);                                                \
	}
OPEN(open, (const char *path, int flags, ...), path, flags)
OPEN(open64, (const char *path, int flags, ...), path, flags)
OPEN(openat, (int folder, const char *path, int flags, ...), folder, path, flags)
OPEN(openat64, (int folder, const char *path, int flags, ...), folder, path, flags)
