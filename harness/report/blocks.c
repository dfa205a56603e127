/*
 * blocks.c - reads the heap of a process that stands still.
 *
 * An arena is walked through once, from block to block, when something in it is first asked for:
 * its blocks are as they were left by the last one who had them. Where an event is on memory that a
 * block got later, the block is not the one that the event was on, and is not named.
 */
#include "report/blocks.h"

#include "base/check.h"
#include "machine/heap_parts.h"
#include "report/assigned.h"
#include "report/inside.h"
#include "report/parts.h"

#include <stdlib.h>
#include <string.h>

/* More in one arena are not looked through. */
#define BLOCKS_MAX     (1u << 20)
#define NAME_MAX_BYTES 1024

struct block {
	uint64_t low, high; /* the user's bytes */
	uint64_t pc, born;
	const char *place; /* "list.c:12"; null where that is not known */
	uint32_t thread;
	unsigned number; /* among those of its place and thread, from 1 on */
	bool was_another;
};

struct arena_blocks {
	struct block *blocks; /* in ascending order */
	size_t count;
};

struct blocks {
	struct cache arenas; /* by index + 1: struct arena_blocks */
};

static bool block_read(const struct symbols *symbols, uint64_t at, bool watched,
		       struct block *block, uint64_t *next)
{
	struct heap_record record = {.offset = 0};
	struct header header;

	if (watched && !inside_read(symbols, at, &record, sizeof(record)))
		return false;
	at += watched ? sizeof(record) : 0;
	if (!inside_read(symbols, at, &header, sizeof(header)) || header.class >= CLASSES)
		return false;
	*block = (struct block){.low = at + sizeof(header) + record.offset,
				.high = at + sizeof(header) + header.bytes,
				.pc = record.allocated.pc,
				.born = record.born,
				.thread = record.allocated.thread};
	*next = at + sizeof(header) + heap_class_bytes(header.class);
	return true;
}

/* By place, then by address. */
static int by_place(const void *left, const void *right)
{
	const struct block *a = *(struct block *const *)left, *b = *(struct block *const *)right;

	if (a->place != b->place)
		return a->place < b->place ? -1 : 1;
	if (a->thread != b->thread)
		return a->thread < b->thread ? -1 : 1;
	return a->low < b->low ? -1 : a->low > b->low;
}

static void blocks_number(struct arena_blocks *arena)
{
	struct block **order = calloc(arena->count + 1, sizeof(*order));
	unsigned number = 0;

	CHECK(order && "enough memory");
	for (size_t i = 0; i < arena->count; i++)
		order[i] = &arena->blocks[i];
	qsort(order, arena->count, sizeof(*order), by_place);
	for (size_t i = 0; i < arena->count; i++) {
		if (i &&
		    (order[i]->pc != order[i - 1]->pc || order[i]->thread != order[i - 1]->thread))
			number = 0;
		order[i]->number = ++number;
	}
	free(order);
}

/* Without folders: a name has to be short. */
static const char *place_of(struct symbols *symbols, uint64_t pc)
{
	const struct place *place = symbols_place(symbols, pc);
	const char *slash = place->line ? strrchr(place->text, '/') : NULL;

	if (!pc || !strcmp(place->text, "?"))
		return NULL;
	return slash ? inside_text(symbols, "%s", slash + 1)
		     : inside_text(symbols, "%s", place->text);
}

static void arena_read(struct symbols *symbols, uint64_t low, struct arena_blocks *arena)
{
	struct arena head;
	uint64_t at = low + ((sizeof(head) + 63) & -64ul);

	if (!inside_read(symbols, low, &head, sizeof(head)))
		return;
	while (at < head.next && arena->count < BLOCKS_MAX) {
		bool watched = head.watched_from && at >= head.watched_from;
		struct block block;

		if (!block_read(symbols, at, watched, &block, &at))
			break;
		block.place = place_of(symbols, block.pc);
		arena->blocks = store_room(arena->blocks, arena->count, sizeof(block));
		arena->blocks[arena->count++] = block;
	}
	blocks_number(arena);
}

static struct arena_blocks *arena_of(struct symbols *symbols, uint64_t address)
{
	uint64_t index = (address - HEAP_BASE) / HEAP_ARENA_SPAN;
	void **slot;

	if (!symbols->blocks)
		symbols->blocks = calloc(1, sizeof(*symbols->blocks));
	CHECK(symbols->blocks && "enough memory");
	slot = cache_at(&symbols->blocks->arenas, index + 1, 0);
	if (!*slot) {
		*slot = calloc(1, sizeof(struct arena_blocks));
		CHECK(*slot && "enough memory");
		arena_read(symbols, HEAP_BASE + index * HEAP_ARENA_SPAN, *slot);
	}
	return *slot;
}

static struct block *block_at(struct symbols *symbols, uint64_t address)
{
	struct arena_blocks *arena;
	size_t low = 0, high;

	if (address < HEAP_BASE || address >= HEAP_END)
		return NULL;
	arena = arena_of(symbols, address);
	high = arena->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (arena->blocks[middle].low <= address)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low || address >= arena->blocks[low - 1].high)
		return NULL;
	return &arena->blocks[low - 1];
}

void blocks_meet(struct symbols *symbols, uint64_t address, uint64_t event)
{
	struct block *block = symbols ? block_at(symbols, address) : NULL;

	if (block && block->born > event)
		block->was_another = true;
}

/* "T1:node#2(list.c:12)" */
static void whole_name(const struct block *block, const char *what, char *name, size_t size)
{
	char thread[16] = "", number[16] = "";

	if (block->thread)
		snprintf(thread, sizeof(thread), "T%u:", block->thread);
	if (block->number > 1)
		snprintf(number, sizeof(number), "#%u", block->number);
	snprintf(name, size, "%s%s%s(%s)", thread, what, number, block->place);
}

bool blocks_name(struct symbols *symbols, uint64_t address, uint32_t size,
		 struct symbols_object *object)
{
	struct block *block = block_at(symbols, address);
	char whole[NAME_MAX_BYTES], name[NAME_MAX_BYTES];
	uint64_t offset, element;
	Dwarf_Die type;

	if (!block || block->was_another || !block->place)
		return false;
	offset = address - block->low;
	element = assigned_type(symbols, block->pc, block->high - block->low, &type);
	object->is_variable = true;
	if (!element) {
		whole_name(block, "heap", whole, sizeof(whole));
		object->name =
			offset ? inside_text(symbols, "%s+0x%lx", whole, (unsigned long)offset)
			       : inside_text(symbols, "%s", whole);
		return true;
	}
	whole_name(block, dwarf_diename(&type), whole, sizeof(whole));
	if (block->high - block->low > element)
		snprintf(whole + strlen(whole), sizeof(whole) - strlen(whole), "[%lu]",
			 (unsigned long)(offset / element));
	object->type = parts_name(&type, offset % element, size, whole, name, sizeof(name));
	object->name = inside_text(symbols, "%s", name);
	return true;
}

void blocks_free(struct symbols *symbols)
{
	struct cache *arenas = symbols->blocks ? &symbols->blocks->arenas : NULL;

	for (size_t i = 0; arenas && i < arenas->room; i++)
		if (arenas->entries[i].value)
			free(((struct arena_blocks *)arenas->entries[i].value)->blocks);
	if (arenas)
		cache_free(arenas);
	free(symbols->blocks);
}
