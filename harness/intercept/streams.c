/*
 * streams.c - the C library's streams: their locks, and reading from one that leads to a pipe.
 *
 * The C library reads by itself where nobody sees it. So each function that may have to read is
 * made of pieces that read at most once, when that does not wait: what is in the buffer is taken
 * first. Those with a format cannot be taken to pieces: they wait for the first byte, and are
 * reported.
 */
#ifndef __NO_INLINE__
#define __NO_INLINE__ 1
#endif

#include "intercept/find.h"
#include "intercept/interpose.h"
#include "session/blocking.h"
#include "session/note.h"
#include "session/streams.h"
#include "session/transfer.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

INTERPOSE void flockfile(FILE *file)
{
	FIND(void, flockfile, (FILE *));
	struct thread *self = thread_controlled();

	if (!self)
		real_one(file);
	else
		stream_lock(self, fileno(file), RETURN_PC);
}

INTERPOSE int ftrylockfile(FILE *file)
{
	FIND(int, ftrylockfile, (FILE *));
	struct thread *self = thread_controlled();

	return self ? stream_trylock(self, fileno(file), RETURN_PC) : real_one(file);
}

INTERPOSE void funlockfile(FILE *file)
{
	FIND(void, funlockfile, (FILE *));
	struct thread *self = thread_controlled();

	if (!self)
		real_one(file);
	else
		stream_unlock(self, fileno(file), RETURN_PC);
}

INTERPOSE int fflush(FILE *file)
{
	FIND(int, fflush, (FILE *));
	struct thread *self = thread_controlled();

	if (self && file) {
		stream_use(self, fileno(file), RETURN_PC);
		transfer_stream(self, fileno(file), RETURN_PC);
	}
	return real_one(file);
}

/* ---- reading */

/* True where the stream leads to what may wait: then it is to be read in pieces. */
static bool may_wait(struct thread *self, FILE *file)
{
	return self && file && files_source(fileno(file));
}

/* One byte, and whatever else there is goes into the buffer. */
static int next_byte(struct thread *self, FILE *file, const void *pc)
{
	FIND(int, fgetc_unlocked, (FILE *));
	bool reads = file->_IO_read_ptr >= file->_IO_read_end;
	int byte;

	if (reads)
		blocking_enter(self, OP_RECEIVE, fileno(file), POLLIN, false, pc);
	byte = real_one(file);
	if (reads)
		blocking_leave(self, OP_RECEIVE, fileno(file), byte == EOF ? 0 : 1);
	return byte;
}

/* X(name, parameters, arguments, stream) */
#define BYTES(X)                                                                                   \
	X(fgetc, (FILE * file), (file), file)                                                      \
	X(getc, (FILE * file), (file), file)                                                       \
	X(_IO_getc, (FILE * file), (file), file)                                                   \
	X(getchar, (void), (), stdin)                                                              \
	X(fgetc_unlocked, (FILE * file), (file), file)                                             \
	X(getc_unlocked, (FILE * file), (file), file)                                              \
	X(getchar_unlocked, (void), (), stdin)

int _IO_getc(FILE *file);

#define X(name, parameters, arguments, stream)                                                     \
	INTERPOSE int name parameters                                                              \
	{                                                                                          \
		FIND(int, name, parameters);                                                       \
		struct thread *self = thread_controlled();                                         \
                                                                                                   \
		stream_use(self, self ? fileno(stream) : -1, RETURN_PC);                           \
		return may_wait(self, stream) ? next_byte(self, stream, RETURN_PC)                 \
					      : real_one arguments;                                \
	}
BYTES(X)
#undef X

static char *line_of(struct thread *self, char *to, int room, FILE *file, const void *pc)
{
	int used = 0, byte = 0;

	while (used < room - 1 && byte != '\n') {
		byte = next_byte(self, file, pc);
		if (byte == EOF)
			break;
		to[used++] = (char)byte;
	}
	if (!used || (byte == EOF && ferror(file)))
		return 0;
	to[used] = '\0';
	return to;
}

#define LINES(X)                                                                                   \
	X(fgets, (char *restrict to, int room, FILE *restrict file), (to, room, file), room)       \
	X(fgets_unlocked, (char *restrict to, int room, FILE *restrict file), (to, room, file),    \
	  room)                                                                                    \
	X(__fgets_chk, (char *restrict to, size_t whole, int room, FILE *restrict file),           \
	  (to, whole, room, file), (size_t)room <= whole ? room : 0)

char *__fgets_chk(char *restrict to, size_t whole, int room, FILE *restrict file);

/* Where there is no room the C library has the say. */
#define X(name, parameters, arguments, bytes)                                                      \
	INTERPOSE char *name parameters                                                            \
	{                                                                                          \
		FIND(char *, name, parameters);                                                    \
		struct thread *self = thread_controlled();                                         \
                                                                                                   \
		stream_use(self, self ? fileno(file) : -1, RETURN_PC);                             \
		if (!may_wait(self, file) || (bytes) < 2)                                          \
			return real_one arguments;                                                 \
		return line_of(self, to, bytes, file, RETURN_PC);                                  \
	}
LINES(X)
#undef X

static size_t block_of(struct thread *self, void *to, size_t bytes, FILE *file, const void *pc)
{
	size_t used = 0;

	while (used < bytes) {
		int byte = next_byte(self, file, pc);

		if (byte == EOF)
			break;
		((char *)to)[used++] = (char)byte;
	}
	return used;
}

#define BLOCKS(X)                                                                                  \
	X(fread, (void *restrict to, size_t bytes, size_t count, FILE *restrict file),             \
	  (to, bytes, count, file))                                                                \
	X(fread_unlocked, (void *restrict to, size_t bytes, size_t count, FILE *restrict file),    \
	  (to, bytes, count, file))

#undef fread_unlocked
#define X(name, parameters, arguments)                                                             \
	INTERPOSE size_t name parameters                                                           \
	{                                                                                          \
		FIND(size_t, name, parameters);                                                    \
		struct thread *self = thread_controlled();                                         \
                                                                                                   \
		stream_use(self, self ? fileno(file) : -1, RETURN_PC);                             \
		if (!may_wait(self, file) || !bytes || !count)                                     \
			return real_one arguments;                                                 \
		return block_of(self, to, bytes * count, file, RETURN_PC) / bytes;                 \
	}
BLOCKS(X)
#undef X

static bool has_room(char **line, size_t *room, size_t wanted)
{
	size_t more = wanted < 120 ? 120 : wanted * 2;
	char *larger;

	if (*line && *room >= wanted)
		return true;
	larger = realloc(*line, more);
	if (!larger)
		return false;
	*line = larger;
	*room = more;
	return true;
}

static ssize_t text_of(struct thread *self, char **line, size_t *room, int end, FILE *file,
		       const void *pc)
{
	ssize_t used = 0;
	int byte = EOF;

	do {
		byte = next_byte(self, file, pc);
		if (byte == EOF)
			break;
		if (!has_room(line, room, (size_t)used + 2))
			return -1;
		(*line)[used++] = (char)byte;
	} while (byte != end);
	if (!used)
		return -1;
	(*line)[used] = '\0';
	return used;
}

#define TEXTS(X)                                                                                   \
	X(getline, (char **restrict line, size_t *restrict room, FILE *restrict file),             \
	  (line, room, file), '\n')                                                                \
	X(getdelim, (char **restrict line, size_t *restrict room, int end, FILE *restrict file),   \
	  (line, room, end, file), end)                                                            \
	X(__getdelim, (char **restrict line, size_t *restrict room, int end, FILE *restrict file), \
	  (line, room, end, file), end)

#define X(name, parameters, arguments, last)                                                       \
	INTERPOSE ssize_t name parameters                                                          \
	{                                                                                          \
		FIND(ssize_t, name, parameters);                                                   \
		struct thread *self = thread_controlled();                                         \
                                                                                                   \
		stream_use(self, self ? fileno(file) : -1, RETURN_PC);                             \
		if (!may_wait(self, file) || !line || !room)                                       \
			return real_one arguments;                                                 \
		return text_of(self, line, room, last, file, RETURN_PC);                           \
	}
TEXTS(X)
#undef X

/* ---- with a format */

/* It waits for the first byte; should there not be enough, everybody waits. */
static void scan_begin(FILE *file, const char *name, const void *pc)
{
	struct thread *self = thread_controlled();

	if (!may_wait(self, file))
		return;
	note_uncontrolled(name, pc);
	if (file->_IO_read_ptr >= file->_IO_read_end)
		blocking_enter(self, OP_RECEIVE, fileno(file), POLLIN, false, pc);
}

/* X(name, as the header renames it, its parameters, form with a list, the parameters of that,
 * arguments, stream) */
#define SCANS(X)                                                                                   \
	X(scanf, (const char *restrict format, ...), __isoc99_vscanf, (const char *, va_list),     \
	  (format, list), stdin)                                                                   \
	X(fscanf, (FILE *restrict file, const char *restrict format, ...), __isoc99_vfscanf,       \
	  (FILE *, const char *, va_list), (file, format, list), file)

#define X(name, parameters, list_form, list_parameters, arguments, stream)                         \
	INTERPOSE int name parameters                                                              \
	{                                                                                          \
		FIND(int, list_form, list_parameters);                                             \
		va_list list;                                                                      \
		int result;                                                                        \
                                                                                                   \
		scan_begin(stream, #name, RETURN_PC);                                              \
		va_start(list, format);                                                            \
		result = real_one arguments;                                                       \
		va_end(list);                                                                      \
		return result;                                                                     \
	}
SCANS(X)
