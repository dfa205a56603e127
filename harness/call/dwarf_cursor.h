/* dwarf_cursor.h - reads the numbers of a section one after the other.
 *
 * A cursor never leaves its section: a read behind the end gives 0, moves to the end and marks the
 * cursor bad.
 */
#ifndef HEDDLE_CALL_DWARF_CURSOR_H
#define HEDDLE_CALL_DWARF_CURSOR_H

#include "call/image.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cursor {
	const unsigned char *at, *end;
	bool bad;
};

struct cursor cursor_at(struct section section, size_t offset);
void cursor_skip(struct cursor *c, uint64_t bytes);
void cursor_skip_string(struct cursor *c);

/* A little-endian number; of more than 8 bytes the lowest 8. */
uint64_t cursor_number(struct cursor *c, unsigned bytes);

/* A LEB128 number, as if unsigned; of more than 64 bits the lowest 64. */
uint64_t cursor_leb(struct cursor *c);

#endif
