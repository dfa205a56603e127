/* opens.c - open and its like: one of a named pipe may wait (session/fifos.h). */
#include "intercept/find.h"
#include "intercept/interpose.h"
#include "session/fifos.h"
#include "session/interrupt.h"

#include <fcntl.h>
#include <stdarg.h>

static int open_real(int folder, const char *path, int flags, mode_t mode)
{
	FIND(int, openat, (int, const char *, int, ...));

	return real_one(folder, path, flags, mode);
}

static bool has_mode(int flags)
{
	return flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE;
}

/* X(name, parameters, folder) */
#define OPENS(X)                                                                                   \
	X(open, (const char *path, int flags, ...), AT_FDCWD)                                      \
	X(open64, (const char *path, int flags, ...), AT_FDCWD)                                    \
	X(openat, (int folder, const char *path, int flags, ...), folder)                          \
	X(openat64, (int folder, const char *path, int flags, ...), folder)

#define X(name, parameters, at)                                                                    \
	INTERPOSE int name parameters                                                              \
	{                                                                                          \
		struct fifo_open call = {                                                          \
			.carry_out = open_real, .folder = at, .flags = flags, .path = path};       \
		va_list list;                                                                      \
                                                                                                   \
		va_start(list, flags);                                                             \
		if (has_mode(flags))                                                               \
			call.mode = va_arg(list, mode_t);                                          \
		va_end(list);                                                                      \
		interrupt_call(thread_controlled(), RETURN_PC);                                    \
		return fifo_open(thread_controlled(), &call, RETURN_PC);                           \
	}
OPENS(X)
#undef X

/* Fortified programs call them; no header declares them. */
int __open_2(const char *path, int flags);
int __open64_2(const char *path, int flags);

#define FORTIFIED(X) X(__open_2) X(__open64_2)
#define X(name)                                                                                    \
	INTERPOSE int name(const char *path, int flags)                                            \
	{                                                                                          \
		struct fifo_open call = {                                                          \
			.carry_out = open_real, .folder = AT_FDCWD, .flags = flags, .path = path}; \
                                                                                                   \
		interrupt_call(thread_controlled(), RETURN_PC);                                    \
		return fifo_open(thread_controlled(), &call, RETURN_PC);                           \
	}
FORTIFIED(X)
