/*
 * heap_watch.c - see heap_watch.h.
 *
 * Invariant: in a watched arena the shadow of a block's room is that of its user's bytes while it
 * is in use, and 0 else. Of a large block nobody writes a shadow, so it is 0, and whether it is in
 * use stands in its header.
 */
#include "machine/heap_watch.h"

#include "machine/heap_parts.h"

/* From here on a block covers the beginning of some chunk, wherever it lies. */
#define LARGE_BYTES (2 * HEAP_CHUNK)
/* What the freed blocks of an arena hold before the first of them is used again. */
#define WAITING_BYTES (1ul << 20)

bool heap_watched;

static void fill(unsigned long from, unsigned long to, uint8_t value)
{
	uint8_t *at = heap_shadow(from);

	for (unsigned long i = 0; i < (to - from) / HEAP_GRANULE; i++)
		at[i] = value;
}

/* The shadow of [from, to), whole granules, of which the beginning may lie in the arena's record.
 */
static void shadow_fill(unsigned long from, unsigned long to, uint8_t value)
{
	unsigned long near = (from & -HEAP_ARENA_SPAN) + HEAP_SHADOW_NEAR;

	if (from < near && near < to) {
		fill(from, near, value);
		from = near;
	}
	if (from < to)
		fill(from, to, value);
}

static void shadow_set(unsigned long at, size_t bytes)
{
	unsigned long whole = at + bytes / HEAP_GRANULE * HEAP_GRANULE;

	shadow_fill(at, whole, HEAP_GRANULE);
	if (bytes % HEAP_GRANULE)
		*heap_shadow(whole) = (uint8_t)(bytes % HEAP_GRANULE);
}

static bool is_large(const struct header *header)
{
	return heap_class_bytes(header->class) >= LARGE_BYTES;
}

static unsigned long room_at(const struct header *header)
{
	return (unsigned long)(header + 1);
}

static unsigned long room_end(const struct header *header)
{
	return room_at(header) + heap_class_bytes(header->class);
}

/* The large block that covers the beginning of the chunk of `address`, or null. */
static struct header **large_at(unsigned long address)
{
	unsigned long offset = address & (HEAP_ARENA_SPAN - 1);

	return (struct header **)(address - offset + HEAP_LARGE_AT) + offset / HEAP_CHUNK;
}

void watch_fresh(struct header *header)
{
	unsigned long at = (room_at(header) + HEAP_CHUNK - 1) & -HEAP_CHUNK;

	if (!is_large(header))
		return;
	for (; at < room_end(header); at += HEAP_CHUNK)
		*large_at(at) = header;
}

void watch_used(struct header *header, const void *at, size_t bytes)
{
	struct heap_record *record = header_record(header);

	record->offset = (unsigned long)at - room_at(header);
	record->freed = (struct heap_site){.pc = 0};
	if (is_large(header))
		return;
	shadow_fill(room_at(header), room_end(header), 0);
	shadow_set((unsigned long)at, bytes);
}

void watch_freed(struct header *header)
{
	/* A large one has a shadow where it was there before anyone looked. */
	if (!is_large(header) || *heap_shadow(room_at(header)))
		shadow_fill(room_at(header), room_end(header), 0);
}

/* One that has no record is not used again. */
void watch_wait(struct arena *arena, struct header *header, void (*reuse)(struct header *header))
{
	if (!header_is_watched(arena, header))
		return;
	header_record(header)->next = 0;
	if (arena->newest)
		header_record(arena->newest)->next = header;
	else
		arena->oldest = header;
	arena->newest = header;
	arena->waiting_bytes += heap_class_bytes(header->class);
	while (arena->waiting_bytes > WAITING_BYTES && arena->oldest != arena->newest) {
		struct header *first = arena->oldest;

		arena->oldest = header_record(first)->next;
		arena->waiting_bytes -= heap_class_bytes(first->class);
		reuse(first);
	}
}

/* ---- to walk through an arena */

static struct header *header_at(const struct arena *arena, unsigned long at)
{
	bool watched = arena->watched_from && at >= arena->watched_from;

	return (struct header *)(at + (watched ? sizeof(struct heap_record) : 0));
}

static struct header *first_of(const struct arena *arena)
{
	return header_at(arena, (unsigned long)arena + ((sizeof(*arena) + 63) & -64ul));
}

/* Null after the last one. */
static struct header *next_of(const struct arena *arena, const struct header *header)
{
	return room_end(header) < arena->next ? header_at(arena, room_end(header)) : 0;
}

static struct arena *arena_of(unsigned long address)
{
	int index = heap_arena_at(address);
	struct arena *arena = index < 0 ? 0 : (struct arena *)heap_arena_address((unsigned)index);

	return arena && heap_mapped[index] && arena->next ? arena : 0;
}

static bool has_blocks(const struct arena *arena)
{
	return arena && (unsigned long)first_of(arena) < arena->next;
}

void heap_watch(void)
{
	if (heap_watched)
		return;
	heap_watched = true;
	for (unsigned i = 0; i < HEAP_THREAD_ARENAS; i++) {
		struct arena *arena = arena_of(heap_arena_address(i));

		if (!arena)
			continue;
		for (struct header *at = has_blocks(arena) ? first_of(arena) : 0; at;
		     at = next_of(arena, at))
			if (at->magic == MAGIC_USED)
				shadow_fill(room_at(at), room_end(at), HEAP_GRANULE);
		/* They have no record. */
		for (unsigned class = 0; class < CLASSES; class ++)
			arena->free[class] = 0;
		arena->watched_from = arena->next;
	}
}

struct heap_record *heap_record_of(void *block)
{
	struct header *header = (struct header *)block - 1;
	struct arena *arena = arena_of((unsigned long)block);

	if (header->magic == MAGIC_ALIGNED)
		header = (struct header *)((char *)block - header->bytes) - 1;
	return arena && header_is_watched(arena, header) ? header_record(header) : 0;
}

/* ---- what lies at an address */

static void describe(const struct arena *arena, struct header *header, struct heap_found *found)
{
	bool watched = header_is_watched(arena, header);
	unsigned long offset = watched ? header_record(header)->offset : 0;

	*found = (struct heap_found){
		.state = header->magic == MAGIC_USED ? HEAP_USED : HEAP_FREED,
		.at = room_at(header) + offset,
		.bytes = header->bytes - offset,
		.record = watched ? header_record(header) : 0,
	};
}

/* Which of two neighbours is nearer to an address between them. */
static bool is_next_nearer(const struct heap_found *before, const struct heap_found *after,
			   unsigned long address)
{
	return after->state && address >= before->at + before->bytes &&
	       after->at - address < address - (before->at + before->bytes);
}

void heap_find(unsigned long address, struct heap_found *found)
{
	const struct arena *arena = arena_of(address);
	struct heap_found after = {.state = HEAP_NOWHERE};

	*found = after;
	for (struct header *at = has_blocks(arena) ? first_of(arena) : 0; at;
	     at = next_of(arena, at)) {
		describe(arena, at, &after);
		if (after.at > address)
			break;
		*found = after;
	}
	if (!found->state || is_next_nearer(found, &after, address))
		*found = after;
}

/* Where the bytes end that a large block in use has from `address` on; `address` where none has. */
static unsigned long large_end(unsigned long address)
{
	unsigned long next = (address & -HEAP_CHUNK) + HEAP_CHUNK;
	struct header *candidates[2] = {*large_at(address), *large_at(next)};

	for (unsigned i = 0; i < 2; i++) {
		struct header *header = candidates[i];
		unsigned long at;

		if (!header || header->magic != MAGIC_USED)
			continue;
		at = room_at(header) + header_record(header)->offset;
		if (address >= at && address < room_at(header) + header->bytes)
			return room_at(header) + header->bytes;
	}
	return address;
}

unsigned long heap_first_bad(unsigned long from, unsigned long to)
{
	while (from < to && heap_has(from)) {
		unsigned long granule = from & -HEAP_GRANULE, end;

		if (!arena_of(from) || (from & (HEAP_ARENA_SPAN - 1)) >= HEAP_SHADOW_AT)
			return from;
		end = heap_is_good(from) ? granule + *heap_shadow(from) : large_end(from);
		if (end == from)
			return from;
		from = end;
	}
	return from < to ? from : to;
}
