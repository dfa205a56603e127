/*
 * announced.c - see announced.h.
 *
 * Invariant: between the announcement of an access and the access there is no other announcement.
 * Reading first into a piece of the stack and then from there keeps it for the functions that touch
 * two places; only announcing both and then copying would let another thread write what had already
 * been announced as read.
 *
 * How much of a text is touched depends on what is in it, so it is looked at before it may be. That
 * look decides nothing: it is repeated after the announcement, which is repeated too if there is
 * more of it now.
 */
#include "intercept/announced.h"

#include "intercept/strings.h"
#include "session/access.h"

#include <stdint.h>
#include <stdlib.h>

/* Small beside the smallest stack that a thread can have (16 KB). */
#define PIECE 512

static size_t min(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Bytes of `text` that a function looks at which looks at `most` and not past the end. */
static size_t text_bytes(const char *text, size_t most)
{
	size_t length = strings_real.strnlen(text, most);

	return length < most ? length + 1 : most;
}

/* Announces the read of a text; returns how many bytes of it there are then. */
static size_t text_announce(const char *text, size_t most, const void *pc)
{
	size_t bytes = text_bytes(text, most), announced;

	do {
		announced = bytes;
		access_read(text, announced, pc);
		bytes = text_bytes(text, most);
	} while (bytes > announced);
	return bytes;
}

void *announced_move(void *to, const void *from, size_t bytes, const void *pc)
{
	bool backwards = (uintptr_t)to - (uintptr_t)from < bytes;
	char piece[PIECE];

	for (size_t done = 0, part; done < bytes; done += part) {
		size_t at;

		part = min(bytes - done, PIECE);
		at = backwards ? bytes - done - part : done;
		access_read((const char *)from + at, part, pc);
		strings_real.memcpy(piece, (const char *)from + at, part);
		access_write((char *)to + at, part, pc);
		strings_real.memcpy((char *)to + at, piece, part);
	}
	return to;
}

void *announced_set(void *at, int byte, size_t bytes, const void *pc)
{
	if (bytes)
		access_write(at, bytes, pc);
	return strings_real.memset(at, byte, bytes);
}

int announced_compare(const void *a, const void *b, size_t bytes, const void *pc)
{
	char piece[PIECE];
	int order = 0;

	for (size_t at = 0, part; at < bytes && !order; at += part) {
		part = min(bytes - at, PIECE);
		access_read((const char *)a + at, part, pc);
		strings_real.memcpy(piece, (const char *)a + at, part);
		access_read((const char *)b + at, part, pc);
		order = strings_real.memcmp(piece, (const char *)b + at, part);
	}
	return order;
}

static size_t find_bytes(const char *at, int byte, size_t bytes)
{
	const char *found = strings_real.memchr(at, byte, bytes);

	return found ? (size_t)(found - at) + 1 : bytes;
}

void *announced_find(const void *at, int byte, size_t bytes, const void *pc)
{
	size_t looked_at = find_bytes(at, byte, bytes), announced;

	if (!bytes)
		return NULL;
	do {
		announced = looked_at;
		access_read(at, announced, pc);
		looked_at = find_bytes(at, byte, bytes);
	} while (looked_at > announced);
	return (void *)strings_real.memchr(at, byte, looked_at);
}

size_t announced_length(const char *text, size_t most, const void *pc)
{
	if (!most)
		return 0;
	return strings_real.strnlen(text, text_announce(text, most, pc));
}

/* Bytes of each that a comparison looks at: up to the first difference, or the end of both. */
static size_t compare_bytes(const char *a, const char *b, size_t most)
{
	for (size_t i = 0; i < most; i++)
		if (a[i] != b[i] || !a[i])
			return i + 1;
	return most;
}

/* Announces the read of as much of `a` as the comparison looks at, and takes it over. */
static size_t compare_first(char *piece, const char *a, const char *b, size_t most, const void *pc)
{
	size_t bytes = compare_bytes(a, b, most), announced;

	do {
		announced = bytes;
		access_read(a, announced, pc);
		bytes = compare_bytes(a, b, most);
	} while (bytes > announced);
	strings_real.memcpy(piece, a, bytes);
	return bytes;
}

int announced_text_compare(const char *a, const char *b, size_t most, const void *pc)
{
	char piece[PIECE];

	for (size_t bytes; most; a += bytes, b += bytes, most -= bytes) {
		int order;

		bytes = compare_first(piece, a, b, min(most, PIECE), pc);
		access_read(b, bytes, pc);
		order = strings_real.strncmp(piece, b, bytes);
		if (order || !piece[bytes - 1])
			return order;
	}
	return 0;
}

static size_t text_find_bytes(const char *text, int character)
{
	const char *found = strings_real.strchr(text, character);

	return found ? (size_t)(found - text) + 1 : strings_real.strlen(text) + 1;
}

char *announced_text_find(const char *text, int character, const void *pc)
{
	size_t looked_at = text_find_bytes(text, character), announced;

	do {
		announced = looked_at;
		access_read(text, announced, pc);
		looked_at = text_find_bytes(text, character);
	} while (looked_at > announced);
	return (char *)strings_real.strchr(text, character);
}

char *announced_text_find_last(const char *text, int character, const void *pc)
{
	text_announce(text, SIZE_MAX, pc);
	return (char *)strings_real.strrchr(text, character);
}

char *announced_text_copy(char *to, const char *from, size_t most, const void *pc)
{
	char piece[PIECE];

	for (size_t bytes; most; to += bytes, from += bytes, most -= bytes) {
		bytes = text_announce(from, min(most, PIECE), pc);
		strings_real.memcpy(piece, from, bytes);
		access_write(to, bytes, pc);
		strings_real.memcpy(to, piece, bytes);
		if (!piece[bytes - 1])
			return to + bytes - 1;
	}
	return to;
}

char *announced_text_copy_padded(char *to, const char *from, size_t bytes, const void *pc)
{
	char *end = announced_text_copy(to, from, bytes, pc);

	if (end < to + bytes)
		announced_set(end + 1, 0, (size_t)(to + bytes - end) - 1, pc);
	return end;
}

char *announced_text_append(char *to, const char *from, size_t most, const void *pc)
{
	char *end = to + announced_length(to, SIZE_MAX, pc);
	char *after = announced_text_copy(end, from, most, pc);

	if (most != SIZE_MAX && after == end + most)
		announced_set(after, 0, 1, pc);
	return to;
}

char *announced_text_duplicate(const char *text, size_t most, const void *pc)
{
	size_t length = strings_real.strnlen(text, most), room;
	char *copy = NULL;

	do {
		char *larger = realloc(copy, length + 1);

		if (!larger) {
			free(copy);
			return NULL;
		}
		copy = larger;
		room = length;
		if (most)
			access_read(text, min(length + 1, most), pc);
		length = strings_real.strnlen(text, most);
	} while (length > room);
	strings_real.memcpy(copy, text, length);
	copy[length] = '\0';
	return copy;
}
