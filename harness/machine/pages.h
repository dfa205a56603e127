/* pages.h - compares memory with a copy and puts back what differs, as fast as the processor can
 * read. */
#ifndef HEDDLE_MACHINE_PAGES_H
#define HEDDLE_MACHINE_PAGES_H

#include <stddef.h>

/* Chooses the instructions to use; call before pages_put_back(). */
void pages_init(void);

/* Makes `bytes` at `at` (both multiples of 8) equal to `copy`, or all zero where `copy` is null.
 * Writes only what differs. */
void pages_put_back(void *at, const void *copy, size_t bytes);

/* The bounds of this library's own writable data. */
void library_bounds(unsigned long *start, unsigned long *end);

#endif
