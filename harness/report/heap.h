/* heap.h - misuse of the heap in words: what was done, to which block, who allocated it and who
 * freed it.
 *
 *	heddle: use after free: T2 get reads 4 bytes at offset 8 of a heap block of 24 bytes that
 *	was freed
 *	  T1 drop  freed it at cache.c:31 in drop
 *	  T0 main  allocated it at cache.c:12 in main
 *
 * Of a report of one of these verdicts. Stacks are text that was taken where the block's past was
 * gone through again, or null.
 */
#ifndef HEDDLE_REPORT_HEAP_H
#define HEDDLE_REPORT_HEAP_H

#include "report/symbols.h"
#include "session/shared.h"

#include <stdbool.h>
#include <stdio.h>

bool heap_is_verdict(enum verdict verdict);

/* The sentence, without the verdict's word. Kept in `buffer`. */
const char *heap_message(const struct report *report, struct symbols *symbols, char *buffer,
			 size_t size);

/* The lines about the block. */
void heap_print(FILE *out, const struct report *report, struct symbols *symbols,
		const char *freed_stack, const char *allocated_stack);

#endif
