/*
 * strings.c - memcpy and its kind.
 *
 * A compiler instruments no call of them. So when code that was compiled with the hooks calls one,
 * it announces the memory that it reads and then the memory that it writes, whole; what is not
 * instrumented goes straight to the C library's function. Strings count up to and including their
 * end.
 */
#include "intercept/strings.h"

#include "intercept/interpose.h"
#include "session/access.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define CALLER __builtin_return_address(0)

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

/* The functions that all others here are made of. */
static struct {
	void *(*memmove)(void *, const void *, size_t);
	void *(*memset)(void *, int, size_t);
	int (*memcmp)(const void *, const void *, size_t);
	void *(*memchr)(const void *, int, size_t);
	size_t (*strlen)(const char *);
	size_t (*strnlen)(const char *, size_t);
	int (*strcmp)(const char *, const char *);
	int (*strncmp)(const char *, const char *, size_t);
	char *(*strchr)(const char *, int);
	char *(*strrchr)(const char *, int);
	void *(*memcpy)(void *, const void *, size_t);
} own = {plain_memmove, plain_memset,  plain_memcmp, plain_memchr,  plain_strlen, plain_strnlen,
	 plain_strcmp,	plain_strncmp, plain_strchr, plain_strrchr, plain_memmove};

#define FIND(name)                                                                                 \
	do {                                                                                       \
		void *found = dlsym(RTLD_NEXT, #name);                                             \
                                                                                                   \
		if (found)                                                                         \
			*(void **)&own.name = found;                                               \
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

static void announce_copy(void *to, const void *from, size_t bytes, const void *pc)
{
	if (!bytes || !access_is_instrumented(pc))
		return;
	access_read(from, bytes, pc);
	access_write(to, bytes, pc);
}

static void announce_write(void *to, size_t bytes, const void *pc)
{
	if (bytes && access_is_instrumented(pc))
		access_write(to, bytes, pc);
}

static void announce_read(const void *from, size_t bytes, const void *pc)
{
	if (bytes && access_is_instrumented(pc))
		access_read(from, bytes, pc);
}

static size_t text_bytes(const char *text)
{
	return own.strlen(text) + 1;
}

/* Bytes of `text` that a function looks at which looks at `most` at the most. */
static size_t text_bytes_of(const char *text, size_t most)
{
	size_t length = own.strnlen(text, most);

	return length < most ? length + 1 : most;
}

INTERPOSE void *memcpy(void *restrict to, const void *restrict from, size_t bytes)
{
	announce_copy(to, from, bytes, CALLER);
	return own.memcpy(to, from, bytes);
}

INTERPOSE void *memmove(void *to, const void *from, size_t bytes)
{
	announce_copy(to, from, bytes, CALLER);
	return own.memmove(to, from, bytes);
}

INTERPOSE void *mempcpy(void *restrict to, const void *restrict from, size_t bytes)
{
	announce_copy(to, from, bytes, CALLER);
	return (char *)own.memcpy(to, from, bytes) + bytes;
}

INTERPOSE void *memset(void *at, int byte, size_t bytes)
{
	announce_write(at, bytes, CALLER);
	return own.memset(at, byte, bytes);
}

INTERPOSE void bzero(void *at, size_t bytes)
{
	announce_write(at, bytes, CALLER);
	own.memset(at, 0, bytes);
}

INTERPOSE int memcmp(const void *a, const void *b, size_t bytes)
{
	announce_read(a, bytes, CALLER);
	announce_read(b, bytes, CALLER);
	return own.memcmp(a, b, bytes);
}

INTERPOSE int bcmp(const void *a, const void *b, size_t bytes)
{
	announce_read(a, bytes, CALLER);
	announce_read(b, bytes, CALLER);
	return own.memcmp(a, b, bytes);
}

INTERPOSE void *memchr(const void *at, int byte, size_t bytes)
{
	const char *found = own.memchr(at, byte, bytes);

	announce_read(at, found ? (size_t)(found - (const char *)at) + 1 : bytes, CALLER);
	return own.memchr(at, byte, bytes);
}

INTERPOSE size_t strlen(const char *text)
{
	if (access_is_instrumented(CALLER))
		access_read(text, text_bytes(text), CALLER);
	return own.strlen(text);
}

INTERPOSE size_t strnlen(const char *text, size_t most)
{
	if (most && access_is_instrumented(CALLER))
		access_read(text, text_bytes_of(text, most), CALLER);
	return own.strnlen(text, most);
}

INTERPOSE int strcmp(const char *a, const char *b)
{
	if (access_is_instrumented(CALLER)) {
		access_read(a, text_bytes(a), CALLER);
		access_read(b, text_bytes(b), CALLER);
	}
	return own.strcmp(a, b);
}

INTERPOSE int strncmp(const char *a, const char *b, size_t most)
{
	if (most && access_is_instrumented(CALLER)) {
		access_read(a, text_bytes_of(a, most), CALLER);
		access_read(b, text_bytes_of(b, most), CALLER);
	}
	return own.strncmp(a, b, most);
}

INTERPOSE char *strchr(const char *text, int character)
{
	if (access_is_instrumented(CALLER))
		access_read(text, text_bytes(text), CALLER);
	return own.strchr(text, character);
}

INTERPOSE char *strrchr(const char *text, int character)
{
	if (access_is_instrumented(CALLER))
		access_read(text, text_bytes(text), CALLER);
	return own.strrchr(text, character);
}

INTERPOSE char *strcpy(char *restrict to, const char *restrict from)
{
	size_t bytes = text_bytes(from);

	announce_copy(to, from, bytes, CALLER);
	own.memcpy(to, from, bytes);
	return to;
}

INTERPOSE char *stpcpy(char *restrict to, const char *restrict from)
{
	size_t bytes = text_bytes(from);

	announce_copy(to, from, bytes, CALLER);
	own.memcpy(to, from, bytes);
	return to + bytes - 1;
}

/* Fills up with zeros what the text leaves of `bytes`. */
static void copy_padded(char *to, const char *from, size_t bytes, const void *pc)
{
	size_t length = own.strnlen(from, bytes);

	if (bytes && access_is_instrumented(pc)) {
		access_read(from, text_bytes_of(from, bytes), pc);
		access_write(to, bytes, pc);
	}
	own.memcpy(to, from, length);
	own.memset(to + length, 0, bytes - length);
}

INTERPOSE char *strncpy(char *restrict to, const char *restrict from, size_t bytes)
{
	copy_padded(to, from, bytes, CALLER);
	return to;
}

static void append(char *to, const char *from, size_t most, const void *pc)
{
	size_t at = own.strlen(to), length = own.strnlen(from, most);

	if (access_is_instrumented(pc)) {
		access_read(to, at + 1, pc);
		access_read(from, text_bytes_of(from, most), pc);
		access_write(to + at, length + 1, pc);
	}
	own.memcpy(to + at, from, length);
	to[at + length] = '\0';
}

INTERPOSE char *strcat(char *restrict to, const char *restrict from)
{
	append(to, from, (size_t)-1, CALLER);
	return to;
}

INTERPOSE char *strncat(char *restrict to, const char *restrict from, size_t most)
{
	append(to, from, most, CALLER);
	return to;
}

static char *duplicate(const char *text, size_t length, const void *pc)
{
	char *copy = malloc(length + 1);

	if (!copy)
		return 0;
	announce_read(text, length + 1, pc);
	own.memcpy(copy, text, length);
	copy[length] = '\0';
	return copy;
}

INTERPOSE char *strdup(const char *text)
{
	return duplicate(text, own.strlen(text), CALLER);
}

INTERPOSE char *strndup(const char *text, size_t most)
{
	return duplicate(text, own.strnlen(text, most), CALLER);
}
