/*
 * heap.c - size classes over bump allocation, an arena for each thread.
 *
 * Layout of a block: a 16-byte header, then the user's bytes. An aligned block has a second header
 * just before the user's bytes that leads back to the first. Classes are 16, 32, ... 128 and then
 * four to a doubling, so that rounding wastes at most a quarter and no block is ever split or
 * joined: virtual addresses are plentiful, and the simplest scheme is the one whose addresses are
 * easiest to reason about.
 *
 * Why not a general allocator: addresses must be a function of the program's own behaviour, and
 * cheap to put back.
 */
#include "machine/heap.h"

#include "base/check.h"
#include "machine/heap_parts.h"
#include "machine/layout.h"
#include "machine/memory.h"
#include "machine/snapshot.h"
#include "machine/syscall.h"

#include <stdint.h>
#include <sys/mman.h>

/* Freed blocks of at least this size give their pages back. */
#define GIVE_BACK_BYTES (256ul << 10)

bool heap_exact;

/* Which arenas are mapped. Not the program's: a mapping outlives an execution. */
bool heap_mapped[HEAP_THREAD_ARENAS + 1];

static unsigned class_of(size_t bytes)
{
	unsigned log;

	if (bytes <= 128)
		return bytes ? (unsigned)((bytes - 1) / 16) : 0;
	log = 63 - (unsigned)__builtin_clzl(bytes - 1);
	return 8 + (log - 7) * 4 + (unsigned)((bytes - 1) >> (log - 2) & 3);
}

unsigned long heap_arena_address(unsigned arena)
{
	return arena == HEAP_ARENA_LIBRARY ? LIBRARY_HEAP_BASE
					   : HEAP_BASE + arena * HEAP_ARENA_SPAN;
}

/* What an arena has room for, without its tables. */
static unsigned long blocks_bytes(unsigned arena)
{
	return arena == HEAP_ARENA_LIBRARY ? LIBRARY_HEAP_BYTES : HEAP_SHADOW_AT;
}

static unsigned long arena_bytes(unsigned arena)
{
	return arena == HEAP_ARENA_LIBRARY ? LIBRARY_HEAP_BYTES : HEAP_ARENA_SPAN;
}

int heap_arena_at(unsigned long address)
{
	if (address >= LIBRARY_HEAP_BASE && address < LIBRARY_HEAP_BASE + LIBRARY_HEAP_BYTES)
		return HEAP_ARENA_LIBRARY;
	if (address >= HEAP_BASE && address < HEAP_END)
		return (int)((address - HEAP_BASE) / HEAP_ARENA_SPAN);
	return -1;
}

static struct arena *arena_get(unsigned index)
{
	struct arena *arena = (struct arena *)heap_arena_address(index);
	long got;

	if (__builtin_expect(!heap_mapped[index], 0)) {
		got = sys_call6(
			SYS_mmap, SYS_ARG(arena), (long)arena_bytes(index), PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
		CHECK(got == SYS_ARG(arena) && "no address space for the heap (ulimit -v?)");
		sys_call3(SYS_madvise, arena, arena_bytes(index), MADV_NOHUGEPAGE);
		heap_mapped[index] = true;
		snapshot_add_zero((unsigned long)arena, arena_bytes(index));
	}
	if (__builtin_expect(!arena->next, 0)) {
		arena->next = (uint64_t)arena + ((sizeof(*arena) + 63) & -64ul);
		if (heap_watched && index != HEAP_ARENA_LIBRARY)
			arena->watched_from = arena->next;
	}
	return arena;
}

static struct header *block_header(void *block)
{
	struct header *header = (struct header *)block - 1;

	if (header->magic == MAGIC_ALIGNED)
		header = (struct header *)((char *)block - header->bytes) - 1;
	return header;
}

/* Where a free block has the next one of its class. */
static struct header **link_of(const struct arena *arena, struct header *header)
{
	if (header_is_watched(arena, header))
		return (struct header **)&header_record(header)->next;
	return (struct header **)(header + 1);
}

/* A place that was never used, or null where the arena has no room. */
static struct header *bump(struct arena *arena, unsigned index, unsigned class)
{
	size_t front = arena->watched_from ? sizeof(struct heap_record) : 0;
	struct header *header = (struct header *)(arena->next + front);
	uint64_t next = (uint64_t)(header + 1) + heap_class_bytes(class);

	if (next > (uint64_t)arena + blocks_bytes(index))
		return 0;
	arena->next = next;
	return header;
}

/* A block of `bytes`; `*fresh` says that it was never used, so is all zero. */
static void *take(unsigned index, size_t bytes, bool *fresh)
{
	struct arena *arena = arena_get(index);
	unsigned class = class_of(bytes);
	struct header *header;

	if (bytes > HEAP_ARENA_SPAN / 2)
		return 0;
	header = arena->free[class];
	*fresh = !header;
	if (header)
		arena->free[class] = *link_of(arena, header);
	else
		header = bump(arena, index, class);
	if (!header)
		return 0;
	*header = (struct header){
		.bytes = bytes, .arena = index, .class = (uint16_t) class, .magic = MAGIC_USED};
	if (header_is_watched(arena, header)) {
		if (*fresh)
			watch_fresh(header);
		watch_used(header, header + 1, bytes);
	}
	return header + 1;
}

void *heap_allocate(unsigned arena, size_t bytes)
{
	bool fresh;

	return take(arena, bytes, &fresh);
}

void *heap_allocate_zeroed(unsigned arena, size_t bytes)
{
	bool fresh;
	void *block = take(arena, bytes, &fresh);

	if (block && !fresh)
		memory_zero(block, bytes);
	return block;
}

/* Where the user's bytes of a block in use lie has changed. */
static void watch_again(void *block, size_t bytes)
{
	struct header *header = block_header(block);

	header->bytes = bytes + (size_t)((char *)block - (char *)(header + 1));
	if (header_is_watched((struct arena *)heap_arena_address(header->arena), header))
		watch_used(header, block, bytes);
}

void *heap_allocate_aligned(unsigned arena, size_t alignment, size_t bytes)
{
	char *block, *aligned;

	if (alignment <= 16)
		return heap_allocate(arena, bytes);
	if (bytes + alignment < bytes)
		return 0;
	block = heap_allocate(arena, bytes + alignment);
	if (!block)
		return 0;
	aligned = (char *)(((unsigned long)block + alignment - 1) & -alignment);
	if (aligned != block)
		((struct header *)aligned)[-1] = (struct header){
			.bytes = (uint64_t)(aligned - block), .magic = MAGIC_ALIGNED};
	watch_again(aligned, bytes);
	return aligned;
}

static size_t room_of(void *block)
{
	struct header *header = block_header(block);

	return heap_class_bytes(header->class) - (size_t)((char *)block - (char *)(header + 1));
}

size_t heap_usable(void *block)
{
	struct header *header = block_header(block);

	if (header_is_watched((struct arena *)heap_arena_address(header->arena), header))
		return header->bytes - (size_t)((char *)block - (char *)(header + 1));
	return room_of(block);
}

bool heap_fits(void *block, size_t bytes)
{
	size_t room = room_of(block);

	return bytes <= room && (room <= 128 || bytes >= room / 4);
}

void heap_fit(void *block, size_t bytes)
{
	watch_again(block, bytes);
}

static void give_back(struct header *header)
{
	unsigned long from = ((unsigned long)(header + 2) + PAGE_BYTES - 1) & -PAGE_BYTES;
	unsigned long to =
		((unsigned long)(header + 1) + heap_class_bytes(header->class)) & -PAGE_BYTES;

	if (to > from)
		sys_call3(SYS_madvise, from, to - from, MADV_DONTNEED);
}

static void reuse(struct header *header)
{
	struct arena *home = (struct arena *)heap_arena_address(header->arena);

	*link_of(home, header) = home->free[header->class];
	home->free[header->class] = header;
}

void heap_free(unsigned arena, void *block)
{
	struct header *header = block_header(block);
	struct arena *home = (struct arena *)heap_arena_address(header->arena);

	header->magic = MAGIC_FREE;
	if (home->watched_from)
		watch_freed(header);
	if (heap_exact && arena != header->arena)
		return;
	if (home->watched_from)
		watch_wait(home, header, reuse);
	else
		reuse(header);
	/* Under a snapshot a page must not change behind its back. */
	if (heap_class_bytes(header->class) >= GIVE_BACK_BYTES && !snapshot_active)
		give_back(header);
}

/* The header of the block that begins at `block`, free or not; null where none does. */
static struct header *header_find(void *block)
{
	int arena = heap_arena_at((unsigned long)block - HEADER_BYTES);
	struct header *header;

	if (arena < 0 || !heap_mapped[arena] || (unsigned long)block % 16)
		return 0;
	header = block_header(block);
	return header->arena == (unsigned)arena ? header : 0;
}

bool heap_is_block(void *block)
{
	const struct header *header = header_find(block);

	return header && header->magic == MAGIC_USED;
}

bool heap_was_block(void *block)
{
	const struct header *header = header_find(block);

	return header && (header->magic == MAGIC_USED || header->magic == MAGIC_FREE) &&
	       header->class < CLASSES;
}

void heap_each_arena(void (*each)(unsigned long at, unsigned long used, unsigned long extent))
{
	for (unsigned i = 0; i <= HEAP_THREAD_ARENAS; i++) {
		unsigned long at = heap_arena_address(i), used;
		const struct arena *arena = (const struct arena *)at;

		if (!heap_mapped[i])
			continue;
		used = arena->next ? arena->next - at : 0;
		if (!arena->watched_from) {
			each(at, used, arena_bytes(i));
			continue;
		}
		each(at, used, HEAP_SHADOW_AT);
		each(at + HEAP_SHADOW_AT, used / HEAP_GRANULE + 1, HEAP_LARGE_AT - HEAP_SHADOW_AT);
		each(at + HEAP_LARGE_AT, (used / HEAP_CHUNK + 1) * sizeof(void *),
		     HEAP_ARENA_SPAN - HEAP_LARGE_AT);
	}
}
