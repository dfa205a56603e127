/* escape.h - texts as they stand in a trace: nothing that ends a line, splits a field or does not
 * print. */
#ifndef HEDDLE_TRACE_ESCAPE_H
#define HEDDLE_TRACE_ESCAPE_H

#include <stdbool.h>
#include <stddef.h>

/* Writes `text` as a header value (spaces stay, but not at the ends) or as a field (no spaces; ""
 * is "-"), a field being cut to `size` bytes with its NUL. Besides, the bytes in `also` are written
 * as numbers. Returns the length. */
size_t escape_value(char *out, size_t size, const char *text);
size_t escape_field(char *out, size_t size, const char *text, const char *also);

/* Room that escape_value() needs for any text of `length` bytes. */
size_t escape_room(size_t length);

/* Turns `text` back, in place. False, and `text` as it was, when it holds what no escape makes:
 * "\q", "\x1", a NUL. */
bool escape_undo(char *text);

#endif
