/* strings_checked.c - the forms of the string functions that _FORTIFY_SOURCE calls: `room` bytes
 * are there to be written, and a program that writes more is ended. */
#include "intercept/announced.h"
#include "intercept/interpose.h"
#include "intercept/strings.h"
#include "session/access.h"

#include <stdint.h>
#include <string.h>

extern void __chk_fail(void) __attribute__((noreturn));

#define CALLER	     __builtin_return_address(0)
#define INSTRUMENTED access_is_watched(CALLER)

static void check(size_t bytes, size_t room)
{
	if (bytes > room)
		__chk_fail();
}

INTERPOSE void *__memcpy_chk(void *to, const void *from, size_t bytes, size_t room);
void *__memcpy_chk(void *to, const void *from, size_t bytes, size_t room)
{
	check(bytes, room);
	if (INSTRUMENTED)
		return announced_move(to, from, bytes, CALLER);
	return strings_real.memcpy(to, from, bytes);
}

INTERPOSE void *__memmove_chk(void *to, const void *from, size_t bytes, size_t room);
void *__memmove_chk(void *to, const void *from, size_t bytes, size_t room)
{
	check(bytes, room);
	if (INSTRUMENTED)
		return announced_move(to, from, bytes, CALLER);
	return strings_real.memmove(to, from, bytes);
}

INTERPOSE void *__mempcpy_chk(void *to, const void *from, size_t bytes, size_t room);
void *__mempcpy_chk(void *to, const void *from, size_t bytes, size_t room)
{
	check(bytes, room);
	if (INSTRUMENTED)
		announced_move(to, from, bytes, CALLER);
	else
		strings_real.memcpy(to, from, bytes);
	return (char *)to + bytes;
}

INTERPOSE void *__memset_chk(void *at, int byte, size_t bytes, size_t room);
void *__memset_chk(void *at, int byte, size_t bytes, size_t room)
{
	check(bytes, room);
	if (INSTRUMENTED)
		return announced_set(at, byte, bytes, CALLER);
	return strings_real.memset(at, byte, bytes);
}

/* A null `pc`: the caller is not instrumented. */
static char *copy_checked(char *to, const char *from, size_t room, const void *pc)
{
	size_t length;

	if (pc) {
		char *end = announced_text_copy(to, from, room, pc);

		check((size_t)(end - to) + 1, room);
		return end;
	}
	length = strings_real.strnlen(from, room);
	check(length + 1, room);
	strings_real.memcpy(to, from, length + 1);
	return to + length;
}

static char *append_checked(char *to, const char *from, size_t most, size_t room, const void *pc)
{
	size_t at = pc ? announced_length(to, SIZE_MAX, pc) : strings_real.strlen(to);
	size_t left = room > at ? room - at : 0;

	if (left <= most)
		copy_checked(to + at, from, left, pc);
	else if (pc)
		announced_text_append(to, from, most, pc);
	else
		strncat(to, from, most);
	return to;
}

INTERPOSE char *__strcpy_chk(char *to, const char *from, size_t room);
char *__strcpy_chk(char *to, const char *from, size_t room)
{
	copy_checked(to, from, room, INSTRUMENTED ? CALLER : NULL);
	return to;
}

INTERPOSE char *__stpcpy_chk(char *to, const char *from, size_t room);
char *__stpcpy_chk(char *to, const char *from, size_t room)
{
	return copy_checked(to, from, room, INSTRUMENTED ? CALLER : NULL);
}

INTERPOSE char *__strncpy_chk(char *to, const char *from, size_t bytes, size_t room);
char *__strncpy_chk(char *to, const char *from, size_t bytes, size_t room)
{
	check(bytes, room);
	if (!INSTRUMENTED)
		return strncpy(to, from, bytes);
	announced_text_copy_padded(to, from, bytes, CALLER);
	return to;
}

INTERPOSE char *__stpncpy_chk(char *to, const char *from, size_t bytes, size_t room);
char *__stpncpy_chk(char *to, const char *from, size_t bytes, size_t room)
{
	check(bytes, room);
	if (INSTRUMENTED)
		return announced_text_copy_padded(to, from, bytes, CALLER);
	return stpncpy(to, from, bytes);
}

INTERPOSE char *__strcat_chk(char *to, const char *from, size_t room);
char *__strcat_chk(char *to, const char *from, size_t room)
{
	return append_checked(to, from, SIZE_MAX, room, INSTRUMENTED ? CALLER : NULL);
}

INTERPOSE char *__strncat_chk(char *to, const char *from, size_t most, size_t room);
char *__strncat_chk(char *to, const char *from, size_t most, size_t room)
{
	return append_checked(to, from, most, room, INSTRUMENTED ? CALLER : NULL);
}
