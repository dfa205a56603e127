/* blocks.h - names for what lies in a block of the heap: where it was allocated, and what it is.
 *
 *	node(list.c:12).next		the first block that T0 allocated there
 *	T1:node#2(list.c:12).next	the second one of T1
 *	heap(list.c:12)+0x8		of a type that the debug information does not tell
 *
 * A block is known where it has a record (machine/heap_watch.h), in programs with hooks. Which one
 * of a place it is counts by address, which does not depend on what other threads do.
 */
#ifndef HEDDLE_REPORT_BLOCKS_H
#define HEDDLE_REPORT_BLOCKS_H

#include "report/symbols.h"

#include <stdbool.h>

/* Names what lies at `address`. False where there is no block that is known, or another one was
 * there when the recording knew it already. */
bool blocks_name(struct symbols *symbols, uint64_t address, uint32_t size,
		 struct symbols_object *object);

/* Events are on `address` from number `event` of the recording on: a block that was allocated later
 * has no name then. Before anything is asked for. */
void blocks_meet(struct symbols *symbols, uint64_t address, uint64_t event);

void blocks_free(struct symbols *symbols);

#endif
