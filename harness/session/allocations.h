/* allocations.h - where the blocks of the heap come from, in an execution that is written down. */
#ifndef HEDDLE_SESSION_ALLOCATIONS_H
#define HEDDLE_SESSION_ALLOCATIONS_H

#include "session/shared.h"

#include <stdbool.h>

void allocations_init(void);

/* What has been allocated so far belongs to every execution from now on; the next one begins. */
void allocations_mark(void);
void allocations_begin(void);

/* Too many are forgotten: then a block has no such place. */
void allocations_add(const struct block_report *block);

/* The last block that `address` lay in; all zero where none is known. */
void allocations_find(uint64_t address, struct block_report *block);

#endif
