/*
 * output.c - the C library's ways to write to a file, each a point before it, with --output-order.
 *
 * A stream is taken for the file that it leads to: what two threads print through one comes out in
 * the order of their calls, whenever the buffer is written. The C library does not call these
 * functions itself, so that each call is one event.
 */
/* Else the header has bodies of its own for some of them. */
#ifndef __NO_INLINE__
#define __NO_INLINE__ 1
#endif

#include "intercept/find.h"
#include "intercept/interpose.h"
#include "session/interrupt.h"
#include "session/output.h"
#include "session/session.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

/* A macro, too. */
#undef fwrite_unlocked

/* As fortified and older programs call them; no header of today declares all of them. */
#define FORTIFIED(X)                                                                               \
	X(__vfprintf_chk, (FILE * file, int flag, const char *format, va_list list),               \
	  (file, flag, format, list), fileno(file))                                                \
	X(__vprintf_chk, (int flag, const char *format, va_list list), (flag, format, list),       \
	  fileno(stdout))                                                                          \
	X(__vdprintf_chk, (int fd, int flag, const char *format, va_list list),                    \
	  (fd, flag, format, list), fd)                                                            \
	X(_IO_putc, (int byte, FILE *file), (byte, file), fileno(file))                            \
	X(_IO_puts, (const char *text), (text), fileno(stdout))

#define X(name, parameters, arguments, fd) INTERPOSE int name parameters;
FORTIFIED(X)
#undef X

/* X(name, parameters, arguments, descriptor) of those that return int */
#define OUTPUTS(X)                                                                                 \
	FORTIFIED(X)                                                                               \
	X(puts, (const char *text), (text), fileno(stdout))                                        \
	X(putchar, (int byte), (byte), fileno(stdout))                                             \
	X(putc, (int byte, FILE *file), (byte, file), fileno(file))                                \
	X(fputc, (int byte, FILE *file), (byte, file), fileno(file))                               \
	X(fputs, (const char *restrict text, FILE *restrict file), (text, file), fileno(file))     \
	X(putchar_unlocked, (int byte), (byte), fileno(stdout))                                    \
	X(putc_unlocked, (int byte, FILE *file), (byte, file), fileno(file))                       \
	X(fputc_unlocked, (int byte, FILE *file), (byte, file), fileno(file))                      \
	X(fputs_unlocked, (const char *restrict text, FILE *restrict file), (text, file),          \
	  fileno(file))                                                                            \
	X(putw, (int word, FILE *file), (word, file), fileno(file))                                \
	X(vprintf, (const char *restrict format, va_list list), (format, list), fileno(stdout))    \
	X(vfprintf, (FILE *restrict file, const char *restrict format, va_list list),              \
	  (file, format, list), fileno(file))                                                      \
	X(vdprintf, (int fd, const char *restrict format, va_list list), (fd, format, list), fd)

/* The same of those that return a size, and are cancellation points */
#define POINT_OUTPUTS(X)                                                                           \
	X(ssize_t, pwrite, (int fd, const void *from, size_t bytes, off_t at),                     \
	  (fd, from, bytes, at), fd)

/* Those that are none: POSIX leaves that to the system. */
#define SIZED_OUTPUTS(X)                                                                           \
	X(size_t, fwrite,                                                                          \
	  (const void *restrict from, size_t bytes, size_t count, FILE *restrict file),            \
	  (from, bytes, count, file), fileno(file))                                                \
	X(size_t, fwrite_unlocked,                                                                 \
	  (const void *restrict from, size_t bytes, size_t count, FILE *restrict file),            \
	  (from, bytes, count, file), fileno(file))

#define SIZED(result, name, parameters, arguments, descriptor)                                     \
	INTERPOSE result name parameters                                                           \
	{                                                                                          \
		FIND(result, name, parameters);                                                    \
		output_stream_point(descriptor, RETURN_PC);                                        \
		return real_one arguments;                                                         \
	}
#define PLAIN(name, parameters, arguments, descriptor)                                             \
	SIZED(int, name, parameters, arguments, descriptor)
#define POINT(result, name, parameters, arguments, descriptor)                                     \
	INTERPOSE result name parameters                                                           \
	{                                                                                          \
		FIND(result, name, parameters);                                                    \
		interrupt_call(thread_controlled(), RETURN_PC);                                    \
		output_point(descriptor, RETURN_PC);                                               \
		return real_one arguments;                                                         \
	}
OUTPUTS(PLAIN)
SIZED_OUTPUTS(SIZED)
POINT_OUTPUTS(POINT)

INTERPOSE void perror(const char *text)
{
	FIND(void, perror, (const char *));
	output_stream_point(fileno(stderr), RETURN_PC);
	real_one(text);
}

/* ---- with as many arguments as the format says: by way of those with a list */

/* X(name, its parameters, the form with a list, the parameters of that, arguments, descriptor) */
#define VARIADIC_OUTPUTS(X)                                                                        \
	X(printf, (const char *restrict format, ...), vprintf,                                     \
	  (const char *restrict format, va_list), (format, list), fileno(stdout))                  \
	X(fprintf, (FILE *restrict file, const char *restrict format, ...), vfprintf,              \
	  (FILE *restrict file, const char *restrict format, va_list), (file, format, list),       \
	  fileno(file))                                                                            \
	X(dprintf, (int fd, const char *restrict format, ...), vdprintf,                           \
	  (int fd, const char *restrict format, va_list), (fd, format, list), fd)                  \
	X(__printf_chk, (int flag, const char *format, ...), __vprintf_chk,                        \
	  (int flag, const char *format, va_list), (flag, format, list), fileno(stdout))           \
	X(__fprintf_chk, (FILE * file, int flag, const char *format, ...), __vfprintf_chk,         \
	  (FILE * file, int flag, const char *format, va_list), (file, flag, format, list),        \
	  fileno(file))                                                                            \
	X(__dprintf_chk, (int fd, int flag, const char *format, ...), __vdprintf_chk,              \
	  (int fd, int flag, const char *format, va_list), (fd, flag, format, list), fd)

#define VARIADIC(name, parameters, list_form, list_parameters, arguments, descriptor)              \
	INTERPOSE int name parameters;                                                             \
	INTERPOSE int name parameters                                                              \
	{                                                                                          \
		FIND(int, list_form, list_parameters);                                             \
		va_list list;                                                                      \
		int result;                                                                        \
                                                                                                   \
		output_stream_point(descriptor, RETURN_PC);                                        \
		va_start(list, format);                                                            \
		result = real_one arguments;                                                       \
		va_end(list);                                                                      \
		return result;                                                                     \
	}
VARIADIC_OUTPUTS(VARIADIC)
