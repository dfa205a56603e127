/*
 * points.c - calls of the C library that are cancellation points and nothing else to heddle.
 *
 * A thread is cancelled before the call, or not by it. Those that may wait are in other files.
 */
#include "intercept/find.h"
#include "intercept/interpose.h"
#include "session/interrupt.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

/* X(result, name, parameters, arguments) */
#define POINTS(X)                                                                                  \
	X(ssize_t, pread, (int fd, void *to, size_t n, off_t at), (fd, to, n, at))                 \
	X(ssize_t, pread64, (int fd, void *to, size_t n, off_t at), (fd, to, n, at))               \
	X(int, creat, (const char *path, mode_t mode), (path, mode))                               \
	X(int, fsync, (int fd), (fd))                                                              \
	X(int, fdatasync, (int fd), (fd))                                                          \
	X(int, tcdrain, (int fd), (fd))

#define POINT(result, name, parameters, arguments)                                                 \
	INTERPOSE result name parameters                                                           \
	{                                                                                          \
		FIND(result, name, parameters);                                                    \
		interrupt_call(thread_controlled(), RETURN_PC);                                    \
		return real_one arguments;                                                         \
	}
POINTS(POINT)
