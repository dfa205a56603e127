/* strings_checked.c - the forms of the string functions that _FORTIFY_SOURCE calls: `room` bytes
 * are there to be written. They go on to the plain forms, whose caller is then this library, so
 * each announces for itself. */
#include "intercept/interpose.h"
#include "session/access.h"

#include <string.h>

extern void __chk_fail(void) __attribute__((noreturn));

#define CALLER __builtin_return_address(0)

static void check(size_t bytes, size_t room)
{
	if (bytes > room)
		__chk_fail();
}

static void announce(const void *read, void *written, size_t bytes, const void *pc)
{
	if (!bytes || !access_is_instrumented(pc))
		return;
	if (read)
		access_read(read, bytes, pc);
	access_write(written, bytes, pc);
}

INTERPOSE void *__memcpy_chk(void *to, const void *from, size_t bytes, size_t room);
void *__memcpy_chk(void *to, const void *from, size_t bytes, size_t room)
{
	check(bytes, room);
	announce(from, to, bytes, CALLER);
	return memcpy(to, from, bytes);
}

INTERPOSE void *__memmove_chk(void *to, const void *from, size_t bytes, size_t room);
void *__memmove_chk(void *to, const void *from, size_t bytes, size_t room)
{
	check(bytes, room);
	announce(from, to, bytes, CALLER);
	return memmove(to, from, bytes);
}

INTERPOSE void *__mempcpy_chk(void *to, const void *from, size_t bytes, size_t room);
void *__mempcpy_chk(void *to, const void *from, size_t bytes, size_t room)
{
	check(bytes, room);
	announce(from, to, bytes, CALLER);
	return (char *)memcpy(to, from, bytes) + bytes;
}

INTERPOSE void *__memset_chk(void *at, int byte, size_t bytes, size_t room);
void *__memset_chk(void *at, int byte, size_t bytes, size_t room)
{
	check(bytes, room);
	announce(0, at, bytes, CALLER);
	return memset(at, byte, bytes);
}

INTERPOSE char *__strcpy_chk(char *to, const char *from, size_t room);
char *__strcpy_chk(char *to, const char *from, size_t room)
{
	size_t bytes = strlen(from) + 1;

	check(bytes, room);
	announce(from, to, bytes, CALLER);
	return memcpy(to, from, bytes);
}

INTERPOSE char *__stpcpy_chk(char *to, const char *from, size_t room);
char *__stpcpy_chk(char *to, const char *from, size_t room)
{
	return __strcpy_chk(to, from, room) + strlen(from);
}

INTERPOSE char *__strncpy_chk(char *to, const char *from, size_t bytes, size_t room);
char *__strncpy_chk(char *to, const char *from, size_t bytes, size_t room)
{
	size_t length = strnlen(from, bytes);

	check(bytes, room);
	if (bytes && access_is_instrumented(CALLER)) {
		access_read(from, length < bytes ? length + 1 : bytes, CALLER);
		access_write(to, bytes, CALLER);
	}
	memcpy(to, from, length);
	memset(to + length, 0, bytes - length);
	return to;
}

INTERPOSE char *__strcat_chk(char *to, const char *from, size_t room);
char *__strcat_chk(char *to, const char *from, size_t room)
{
	size_t at = strlen(to), bytes = strlen(from) + 1;

	check(at + bytes, room);
	if (access_is_instrumented(CALLER))
		access_read(to, at + 1, CALLER);
	announce(from, to + at, bytes, CALLER);
	memcpy(to + at, from, bytes);
	return to;
}
