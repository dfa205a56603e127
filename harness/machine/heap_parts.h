/* heap_parts.h - what the files of the heap share: how arenas and blocks lie in memory. Only for
 * heap*.c, and for the command, which reads them in a process that stands still.
 *
 * An arena is its record, the blocks from there on, and at its end the tables of heap_watch.h. A
 * block never moves, is never split and never joined with another, whether it is free or not.
 */
#ifndef HEDDLE_MACHINE_HEAP_PARTS_H
#define HEDDLE_MACHINE_HEAP_PARTS_H

#include "machine/heap.h"
#include "machine/heap_watch.h"

#include <stdint.h>

#define CLASSES	      140u
#define HEADER_BYTES  16ul
#define MAGIC_USED    0x7d15u
#define MAGIC_FREE    0xf4eeu
#define MAGIC_ALIGNED 0xa119u

struct header {
	/* MAGIC_ALIGNED: how far before the user's bytes the block itself begins. */
	uint64_t bytes;
	uint32_t arena;
	uint16_t class;
	uint16_t magic;
};

struct arena {
	uint64_t next; /* first address never given out */
	struct header *free[CLASSES];
	/* Blocks from here on have a record in front of their header; 0: none has. */
	uint64_t watched_from;
	/* Freed, and not to be used again yet: a queue, and what its blocks hold. */
	struct header *oldest, *newest;
	uint64_t waiting_bytes;
	uint8_t shadow[HEAP_SHADOW_NEAR / HEAP_GRANULE];
};

_Static_assert(offsetof(struct arena, shadow) == HEAP_RECORD_SHADOW, "see heap_watch.h");

unsigned long heap_arena_address(unsigned arena);
/* The arena in which `address` lies, or -1. */
int heap_arena_at(unsigned long address);

/* The room of a block of that class. */
static inline size_t heap_class_bytes(unsigned class)
{
	unsigned log;

	if (class < 8)
		return (class + 1) * 16ul;
	log = 7 + (class - 8) / 4;
	return (1ul << log) + ((class - 8) % 4 + 1) * (1ul << (log - 2));
}

static inline bool header_is_watched(const struct arena *arena, const struct header *header)
{
	return arena->watched_from && (uint64_t)header >= arena->watched_from;
}

static inline struct heap_record *header_record(struct header *header)
{
	return (struct heap_record *)header - 1;
}

/* A block that was never used before lies at `header` now. */
void watch_fresh(struct header *header);
/* The user's bytes of the block are now [at, at + bytes), `at` being where they began before. */
void watch_used(struct header *header, const void *at, size_t bytes);
void watch_freed(struct header *header);
/* Queues a freed block, and takes from the queue what may be used again: calls `reuse` for it. */
void watch_wait(struct arena *arena, struct header *header, void (*reuse)(struct header *header));

#endif
