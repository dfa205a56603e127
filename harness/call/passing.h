/* passing.h - values on their way from heddle_thread()'s `...` into libffi.
 *
 * Knows how the ABI passes a value of a type and what libffi calls that type; not how types are
 * written.
 */
#ifndef HEDDLE_CALL_PASSING_H
#define HEDDLE_CALL_PASSING_H

#include "call/pool.h"
#include "call/type.h"

#include <ffi.h>
#include <stdarg.h>

/* Bytes to keep for a value of `type`: its own, but never fewer than a register, which libffi reads
 * and writes whole. */
size_t passing_size(const struct type *type);

/* Takes the next argument, which is of `type`, and stores it at `to` (passing_size() bytes). */
void passing_take(va_list *arguments, const struct type *type, void *to);

/* libffi's description of `type`; null when there is no memory. */
ffi_type *passing_ffi_type(struct pool *pool, const struct type *type);

/* From the value that libffi left at `from` to an object of `type` at `to`. */
void passing_give(const struct type *type, const void *from, void *to);

#endif
