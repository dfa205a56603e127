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
#include "machine/layout.h"
#include "machine/memory.h"
#include "machine/snapshot.h"
#include "machine/syscall.h"

#include <stdint.h>
#include <sys/mman.h>

#define CLASSES	      140u
#define HEADER_BYTES  16ul
#define MAGIC_USED    0x7d15u
#define MAGIC_FREE    0xf4eeu
#define MAGIC_ALIGNED 0xa119u
/* Freed blocks of at least this size give their pages back. */
#define GIVE_BACK_BYTES (256ul << 10)

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
};

bool heap_exact;

/* Which arenas are mapped. Not the program's: a mapping outlives an execution. */
static bool mapped[HEAP_THREAD_ARENAS + 1];

static unsigned class_of(size_t bytes)
{
	unsigned log;

	if (bytes <= 128)
		return bytes ? (unsigned)((bytes - 1) / 16) : 0;
	log = 63 - (unsigned)__builtin_clzl(bytes - 1);
	return 8 + (log - 7) * 4 + (unsigned)((bytes - 1) >> (log - 2) & 3);
}

static size_t class_bytes(unsigned class)
{
	unsigned log;

	if (class < 8)
		return (class + 1) * 16ul;
	log = 7 + (class - 8) / 4;
	return (1ul << log) + ((class - 8) % 4 + 1) * (1ul << (log - 2));
}

static unsigned long arena_address(unsigned arena)
{
	return arena == HEAP_ARENA_LIBRARY ? LIBRARY_HEAP_BASE
					   : HEAP_BASE + arena * HEAP_ARENA_SPAN;
}

static unsigned long arena_bytes(unsigned arena)
{
	return arena == HEAP_ARENA_LIBRARY ? LIBRARY_HEAP_BYTES : HEAP_ARENA_SPAN;
}

/* The arena in which `address` lies, or -1. */
static int arena_at(unsigned long address)
{
	if (address >= LIBRARY_HEAP_BASE && address < LIBRARY_HEAP_BASE + LIBRARY_HEAP_BYTES)
		return HEAP_ARENA_LIBRARY;
	if (address >= HEAP_BASE && address < HEAP_END)
		return (int)((address - HEAP_BASE) / HEAP_ARENA_SPAN);
	return -1;
}

static struct arena *arena_get(unsigned index)
{
	struct arena *arena = (struct arena *)arena_address(index);
	long got;

	if (__builtin_expect(!mapped[index], 0)) {
		got = sys_call6(
			SYS_mmap, SYS_ARG(arena), (long)arena_bytes(index), PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
		CHECK(got == SYS_ARG(arena) && "no address space for the heap (ulimit -v?)");
		sys_call3(SYS_madvise, arena, arena_bytes(index), MADV_NOHUGEPAGE);
		mapped[index] = true;
		snapshot_add_zero((unsigned long)arena, arena_bytes(index));
	}
	if (__builtin_expect(!arena->next, 0))
		arena->next = (uint64_t)arena + ((sizeof(*arena) + 63) & -64ul);
	return arena;
}

static struct header *block_header(void *block)
{
	struct header *header = (struct header *)block - 1;

	if (header->magic == MAGIC_ALIGNED)
		header = (struct header *)((char *)block - header->bytes) - 1;
	return header;
}

/* A block of `bytes`; `*fresh` says that it was never used, so is all zero. */
static void *take(unsigned index, size_t bytes, bool *fresh)
{
	struct arena *arena = arena_get(index);
	unsigned class = class_of(bytes);
	struct header *header;
	size_t room;

	if (bytes > HEAP_ARENA_SPAN / 2)
		return 0;
	header = arena->free[class];
	*fresh = !header;
	if (header) {
		arena->free[class] = *(struct header **)(header + 1);
	} else {
		room = class_bytes(class) + HEADER_BYTES;
		if (arena->next + room > arena_address(index) + arena_bytes(index))
			return 0;
		header = (struct header *)arena->next;
		arena->next += room;
	}
	*header = (struct header){
		.bytes = bytes, .arena = index, .class = (uint16_t) class, .magic = MAGIC_USED};
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
	return aligned;
}

size_t heap_usable(void *block)
{
	struct header *header = block_header(block);

	return class_bytes(header->class) - (size_t)((char *)block - (char *)(header + 1));
}

void *heap_resize(unsigned arena, void *block, size_t bytes)
{
	size_t room = heap_usable(block);
	void *moved;

	if (bytes <= room && (room <= 128 || bytes >= room / 4)) {
		block_header(block)->bytes =
			bytes + (size_t)((char *)block - (char *)(block_header(block) + 1));
		return block;
	}
	moved = heap_allocate(arena, bytes);
	if (!moved)
		return 0;
	memory_copy(moved, block, bytes < room ? bytes : room);
	heap_free(arena, block);
	return moved;
}

static void give_back(struct header *header)
{
	unsigned long from = ((unsigned long)(header + 2) + PAGE_BYTES - 1) & -PAGE_BYTES;
	unsigned long to = ((unsigned long)(header + 1) + class_bytes(header->class)) & -PAGE_BYTES;

	if (to > from)
		sys_call3(SYS_madvise, from, to - from, MADV_DONTNEED);
}

void heap_free(unsigned arena, void *block)
{
	struct header *header = block_header(block);
	struct arena *home = (struct arena *)arena_address(header->arena);

	header->magic = MAGIC_FREE;
	if (heap_exact && arena != header->arena)
		return;
	*(struct header **)(header + 1) = home->free[header->class];
	home->free[header->class] = header;
	/* Under a snapshot a page must not change behind its back. */
	if (class_bytes(header->class) >= GIVE_BACK_BYTES && !snapshot_active)
		give_back(header);
}

bool heap_is_block(void *block)
{
	int arena = arena_at((unsigned long)block - HEADER_BYTES);
	struct header *header;

	if (arena < 0 || !mapped[arena] || (unsigned long)block % 16)
		return false;
	header = block_header(block);
	return header->magic == MAGIC_USED && header->arena == (unsigned)arena;
}

void heap_each_arena(void (*each)(unsigned long at, unsigned long used, unsigned long extent))
{
	for (unsigned i = 0; i <= HEAP_THREAD_ARENAS; i++) {
		struct arena *arena = (struct arena *)arena_address(i);

		if (mapped[i])
			each((unsigned long)arena,
			     arena->next ? arena->next - (unsigned long)arena : 0, arena_bytes(i));
	}
}
