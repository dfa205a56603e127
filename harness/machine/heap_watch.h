/* heap_watch.h - which bytes of the heap belong to a block that is in use, and whose blocks they
 * were: for programs with hooks, whose accesses can be looked at.
 *
 * A byte for each 16 of the heap, the *shadow*, says how many of them may be accessed from the
 * first on. It is 0 where memory was never given out, is free again, or lies between two blocks.
 * Large blocks have no shadow, for to write it would touch more memory than the program does: a
 * table says which of them covers the beginning of each 64 KB. Before each block lies a record of
 * who allocated and freed it, so that at least 80 bytes lie between two blocks. What is freed waits
 * in a queue before it is used again.
 *
 * All of that is the program's memory, so that a snapshot has it. A program without hooks has
 * nothing of it.
 */
#ifndef HEDDLE_MACHINE_HEAP_WATCH_H
#define HEDDLE_MACHINE_HEAP_WATCH_H

#include "machine/layout.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HEAP_GRANULE 16ul
/* The shadow of an arena's beginning lies in its record: most programs use no more, and so no
 * further page that would have to be put back for each execution. */
#define HEAP_SHADOW_NEAR (8ul << 10)
/* Of an arena's span: the shadow of all of it, at its end, and the last part of that, which would
 * be the shadow of the shadow, for the table of large blocks. */
#define HEAP_SHADOW_AT (HEAP_ARENA_SPAN - HEAP_ARENA_SPAN / HEAP_GRANULE)
#define HEAP_LARGE_AT  (HEAP_ARENA_SPAN - (8ul << 20))
#define HEAP_CHUNK     (64ul << 10)
/* Where an arena's record has the first part of the shadow. */
#define HEAP_RECORD_SHADOW 1160ul

/* Where a block comes from or went: the return address of the call, the thread, and the how
 * manieth of the execution's allocations and frees it was; a `pc` of 0 where that is not known. */
struct heap_site {
	uint64_t pc;
	uint32_t thread, number;
};

struct heap_record {
	struct heap_site allocated, freed;
	void *next; /* in the queue */
	/* From the block's beginning to the user's bytes: an aligned one. */
	uint64_t offset;
	/* Of the free: the thread's epoch for the race detector, and the event, if any is recorded.
	 */
	uint32_t freed_epoch, freed_event;
	/* How many events had been recorded when it was allocated. */
	uint64_t born;
};

/* Set once somebody looks. */
extern bool heap_watched;
extern bool heap_mapped[HEAP_THREAD_ARENAS + 1];

/* From now on. What has been allocated before counts as accessible in all of its room. */
void heap_watch(void);

/* The record of a block in use, or just freed; null where it has none. */
struct heap_record *heap_record_of(void *block);

enum heap_state {
	HEAP_NOWHERE, /* there is no block */
	HEAP_USED,
	HEAP_FREED,
};

struct heap_found {
	enum heap_state state;
	unsigned long at, bytes; /* of the user's part */
	const struct heap_record *record;
};

/* The block that `address` lies in, or next to. Walks through the arena. */
void heap_find(unsigned long address, struct heap_found *found);

/* The first byte of [from, to) that may not be accessed; `to` where there is none. */
unsigned long heap_first_bad(unsigned long from, unsigned long to);

static inline bool heap_has(unsigned long address)
{
	return address - HEAP_BASE < HEAP_END - HEAP_BASE;
}

/* Requires: the arena is mapped. */
static inline uint8_t *heap_shadow(unsigned long address)
{
	unsigned long offset = address & (HEAP_ARENA_SPAN - 1), base = address - offset;

	return (uint8_t *)base + (offset < HEAP_SHADOW_NEAR ? HEAP_RECORD_SHADOW : HEAP_SHADOW_AT) +
	       offset / HEAP_GRANULE;
}

/* True for a byte of a block with a shadow: most. */
static inline bool heap_is_good(unsigned long address)
{
	return *heap_shadow(address) > (address & (HEAP_GRANULE - 1));
}

/* Whether [at, at + bytes) may be accessed. Requires: heap_has(at). */
static inline bool heap_may_access(unsigned long at, size_t bytes)
{
	if (__builtin_expect(bytes - 1 < HEAP_GRANULE && heap_has(at + bytes - 1) &&
				     heap_mapped[(at - HEAP_BASE) / HEAP_ARENA_SPAN] &&
				     heap_is_good(at) && heap_is_good(at + bytes - 1),
			     1))
		return true;
	return heap_first_bad(at, at + bytes) == at + bytes;
}

#endif
