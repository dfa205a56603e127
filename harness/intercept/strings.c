/*
 * strings.c - memcpy and its kind.
 *
 * A compiler instruments no call of them. So when code that was compiled with the hooks calls one,
 * it takes the form that announces its accesses (announced.h); what is not instrumented goes
 * straight to the C library's function, since most of a program's copies are made there.
 */
#include "intercept/strings.h"

#include "intercept/announced.h"
#include "intercept/interpose.h"
#include "session/access.h"

#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define CALLER	     __builtin_return_address(0)
#define INSTRUMENTED access_is_watched(CALLER)

/* Before strings_init(). */

static void *plain_memmove(void *to, const void *from, size_t bytes)
{
	char *t = to;
	const char *f = from;

	if (t <= f)
		for (size_t i = 0; i < bytes; i++)
			t[i] = f[i];
	else
		while (bytes--)
			t[bytes] = f[bytes];
	return to;
}

static void *plain_memset(void *at, int byte, size_t bytes)
{
	char *t = at;

	for (size_t i = 0; i < bytes; i++)
		t[i] = (char)byte;
	return at;
}

static int plain_memcmp(const void *a, const void *b, size_t bytes)
{
	const unsigned char *x = a, *y = b;

	for (size_t i = 0; i < bytes; i++)
		if (x[i] != y[i])
			return x[i] - y[i];
	return 0;
}

static size_t plain_strnlen(const char *text, size_t most)
{
	size_t length = 0;

	while (length < most && text[length])
		length++;
	return length;
}

static size_t plain_strlen(const char *text)
{
	return plain_strnlen(text, (size_t)-1);
}

static int plain_strncmp(const char *a, const char *b, size_t most)
{
	size_t i = 0;

	while (i < most && a[i] && a[i] == b[i])
		i++;
	return i == most ? 0 : (unsigned char)a[i] - (unsigned char)b[i];
}

static int plain_strcmp(const char *a, const char *b)
{
	return plain_strncmp(a, b, (size_t)-1);
}

static void *plain_memchr(const void *at, int byte, size_t bytes)
{
	const unsigned char *t = at;

	for (size_t i = 0; i < bytes; i++)
		if (t[i] == (unsigned char)byte)
			return (void *)(t + i);
	return 0;
}

static char *plain_strchr(const char *text, int character)
{
	return plain_memchr(text, character, plain_strlen(text) + 1);
}

static char *plain_strrchr(const char *text, int character)
{
	for (size_t i = plain_strlen(text) + 1; i--;)
		if (text[i] == (char)character)
			return (char *)text + i;
	return 0;
}

struct strings_real strings_real = {
	plain_memmove, plain_memset,  plain_memcmp, plain_memchr,  plain_strlen,  plain_strnlen,
	plain_strcmp,  plain_strncmp, plain_strchr, plain_strrchr, plain_memmove,
};

#define FIND(name)                                                                                 \
	do {                                                                                       \
		void *found = dlsym(RTLD_NEXT, #name);                                             \
                                                                                                   \
		if (found)                                                                         \
			*(void **)&strings_real.name = found;                                      \
	} while (0)

void strings_init(void)
{
	FIND(memmove);
	FIND(memset);
	FIND(memcmp);
	FIND(memchr);
	FIND(strlen);
	FIND(strnlen);
	FIND(strcmp);
	FIND(strncmp);
	FIND(strchr);
	FIND(strrchr);
	FIND(memcpy);
}

INTERPOSE void *memcpy(void *restrict to, const void *restrict from, size_t bytes)
{
	if (INSTRUMENTED)
		return announced_move(to, from, bytes, CALLER);
	return strings_real.memcpy(to, from, bytes);
}

INTERPOSE void *memmove(void *to, const void *from, size_t bytes)
{
	if (INSTRUMENTED)
		return announced_move(to, from, bytes, CALLER);
	return strings_real.memmove(to, from, bytes);
}

INTERPOSE void *mempcpy(void *restrict to, const void *restrict from, size_t bytes)
{
	if (INSTRUMENTED)
		announced_move(to, from, bytes, CALLER);
	else
		strings_real.memcpy(to, from, bytes);
	return (char *)to + bytes;
}

INTERPOSE void *memset(void *at, int byte, size_t bytes)
{
	if (INSTRUMENTED)
		return announced_set(at, byte, bytes, CALLER);
	return strings_real.memset(at, byte, bytes);
}

INTERPOSE void bzero(void *at, size_t bytes)
{
	if (INSTRUMENTED)
		announced_set(at, 0, bytes, CALLER);
	else
		strings_real.memset(at, 0, bytes);
}

INTERPOSE int memcmp(const void *a, const void *b, size_t bytes)
{
	if (INSTRUMENTED)
		return announced_compare(a, b, bytes, CALLER);
	return strings_real.memcmp(a, b, bytes);
}

INTERPOSE int bcmp(const void *a, const void *b, size_t bytes)
{
	if (INSTRUMENTED)
		return announced_compare(a, b, bytes, CALLER);
	return strings_real.memcmp(a, b, bytes);
}

INTERPOSE void *memchr(const void *at, int byte, size_t bytes)
{
	if (INSTRUMENTED)
		return announced_find(at, byte, bytes, CALLER);
	return strings_real.memchr(at, byte, bytes);
}

INTERPOSE size_t strlen(const char *text)
{
	if (INSTRUMENTED)
		return announced_length(text, SIZE_MAX, CALLER);
	return strings_real.strlen(text);
}

INTERPOSE size_t strnlen(const char *text, size_t most)
{
	if (INSTRUMENTED)
		return announced_length(text, most, CALLER);
	return strings_real.strnlen(text, most);
}

INTERPOSE int strcmp(const char *a, const char *b)
{
	if (INSTRUMENTED)
		return announced_text_compare(a, b, SIZE_MAX, CALLER);
	return strings_real.strcmp(a, b);
}

INTERPOSE int strncmp(const char *a, const char *b, size_t most)
{
	if (INSTRUMENTED)
		return announced_text_compare(a, b, most, CALLER);
	return strings_real.strncmp(a, b, most);
}

INTERPOSE char *strchr(const char *text, int character)
{
	if (INSTRUMENTED)
		return announced_text_find(text, character, CALLER);
	return strings_real.strchr(text, character);
}

INTERPOSE char *strrchr(const char *text, int character)
{
	if (INSTRUMENTED)
		return announced_text_find_last(text, character, CALLER);
	return strings_real.strrchr(text, character);
}

INTERPOSE char *stpcpy(char *restrict to, const char *restrict from)
{
	size_t length;

	if (INSTRUMENTED)
		return announced_text_copy(to, from, SIZE_MAX, CALLER);
	length = strings_real.strlen(from);
	strings_real.memcpy(to, from, length + 1);
	return to + length;
}

INTERPOSE char *strcpy(char *restrict to, const char *restrict from)
{
	if (INSTRUMENTED)
		announced_text_copy(to, from, SIZE_MAX, CALLER);
	else
		strings_real.memcpy(to, from, strings_real.strlen(from) + 1);
	return to;
}

INTERPOSE char *stpncpy(char *restrict to, const char *restrict from, size_t bytes)
{
	size_t length;

	if (INSTRUMENTED)
		return announced_text_copy_padded(to, from, bytes, CALLER);
	length = strings_real.strnlen(from, bytes);
	strings_real.memcpy(to, from, length);
	strings_real.memset(to + length, 0, bytes - length);
	return to + length;
}

INTERPOSE char *strncpy(char *restrict to, const char *restrict from, size_t bytes)
{
	if (INSTRUMENTED)
		announced_text_copy_padded(to, from, bytes, CALLER);
	else
		stpncpy(to, from, bytes);
	return to;
}

static char *append(char *to, const char *from, size_t most)
{
	size_t at = strings_real.strlen(to), length = strings_real.strnlen(from, most);

	strings_real.memcpy(to + at, from, length);
	to[at + length] = '\0';
	return to;
}

INTERPOSE char *strcat(char *restrict to, const char *restrict from)
{
	if (INSTRUMENTED)
		return announced_text_append(to, from, SIZE_MAX, CALLER);
	return append(to, from, SIZE_MAX);
}

INTERPOSE char *strncat(char *restrict to, const char *restrict from, size_t most)
{
	if (INSTRUMENTED)
		return announced_text_append(to, from, most, CALLER);
	return append(to, from, most);
}

static char *duplicate(const char *text, size_t length)
{
	char *copy = malloc(length + 1);

	if (!copy)
		return NULL;
	strings_real.memcpy(copy, text, length);
	copy[length] = '\0';
	return copy;
}

INTERPOSE char *strdup(const char *text)
{
	if (INSTRUMENTED)
		return announced_text_duplicate(text, SIZE_MAX - 1, CALLER);
	return duplicate(text, strings_real.strlen(text));
}

INTERPOSE char *strndup(const char *text, size_t most)
{
	if (INSTRUMENTED)
		return announced_text_duplicate(text, most, CALLER);
	return duplicate(text, strings_real.strnlen(text, most));
}
