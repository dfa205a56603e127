/* heap.h - the program's heap: deterministic, at fixed addresses.
 *
 * A block's address depends on the thread that allocates it and on what that thread has allocated
 * and anyone has given back to its arena before. All of it, the arenas' own records too, is the
 * program's memory, so that a snapshot has it.
 *
 * Blocks are 16-byte aligned. Sizes are rounded up to classes (four to a doubling), and a freed
 * block is used again for its class by the arena it came from. Large freed blocks give their pages
 * back to the kernel.
 */
#ifndef HEDDLE_MACHINE_HEAP_H
#define HEDDLE_MACHINE_HEAP_H

#include <stdbool.h>
#include <stddef.h>

/* The arena for what the C library allocates on behalf of heddle. */
#define HEAP_ARENA_LIBRARY 1024u
/* For what the program allocates before it calls heddle_explore(): what is explored finds an arena
 * of its own as new, whatever was there before. */
#define HEAP_ARENA_BEFORE 1023u

/* All return null where memory is used up; they set no errno. `arena` is a thread's, or
 * HEAP_ARENA_LIBRARY. */
void *heap_allocate(unsigned arena, size_t bytes);
void *heap_allocate_zeroed(unsigned arena, size_t bytes);
/* `alignment` is a power of two. */
void *heap_allocate_aligned(unsigned arena, size_t alignment, size_t bytes);
/* True where the block has room for `bytes`, of which they take a fair share; resizes it so. */
bool heap_fits(void *block, size_t bytes);
void heap_fit(void *block, size_t bytes);
/* `block` is not null. Requires: heap_is_block(block). */
void heap_free(unsigned arena, void *block);
/* How many bytes the program may use: all of the room, or those that it asked for where somebody
 * looks (heap_watch.h). */
size_t heap_usable(void *block);

/* Set for a search: then a block that another thread than its owner frees is not used again, so
 * that an address depends on the owner alone and no memory passes from thread to thread unseen. */
extern bool heap_exact;

/* True when `block` was given out by this heap and is not free. */
bool heap_is_block(void *block);
/* The same for one that may be free: whether there is a block that begins at `block`. */
bool heap_was_block(void *block);

/* Calls `each` for every arena that is mapped: its address, the bytes that were ever used, and
 * those mapped. */
void heap_each_arena(void (*each)(unsigned long at, unsigned long used, unsigned long mapped));

#endif
