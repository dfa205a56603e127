/*
 * store.c - an arena of texts with a hash table over it.
 *
 * A trace of a million events has a few hundred different texts; kept once, an event is a row of
 * pointers. The table holds pointers into the arena, by open addressing (linear probing), at most
 * half full.
 */
#include "trace/store.h"

#include "base/check.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_BYTES (64u << 10)
#define SLOTS_FIRST 256u

struct chunk {
	struct chunk *next;
	size_t used, size;
	char bytes[];
};

struct trace_store {
	struct chunk *chunks;
	const char **slots;
	size_t slot_count, used;
};

static void *need(void *memory)
{
	CHECK(memory && "enough memory");
	return memory;
}

void *store_room(void *array, size_t count, size_t size)
{
	if (count & (count - 1))
		return array;
	return need(realloc(array, (count ? 2 * count : 1) * size));
}

struct trace_store *store_new(void)
{
	struct trace_store *store = need(calloc(1, sizeof(*store)));

	store->slot_count = SLOTS_FIRST;
	store->slots = need(calloc(SLOTS_FIRST, sizeof(*store->slots)));
	return store;
}

void store_free(struct trace_store *store)
{
	if (!store)
		return;
	for (struct chunk *chunk = store->chunks, *next; chunk; chunk = next) {
		next = chunk->next;
		free(chunk);
	}
	free(store->slots);
	free(store);
}

static size_t slot_of(const struct trace_store *store, const char *text)
{
	uint64_t hash = 0xcbf29ce484222325u;
	size_t slot;

	for (const char *at = text; *at; at++)
		hash = (hash ^ (unsigned char)*at) * 0x100000001b3u;
	slot = (hash ^ hash >> 32) & (store->slot_count - 1);
	while (store->slots[slot] && strcmp(store->slots[slot], text))
		slot = (slot + 1) & (store->slot_count - 1);
	return slot;
}

static void slots_grow(struct trace_store *store)
{
	const char **old = store->slots;
	size_t old_count = store->slot_count;

	store->slot_count *= 2;
	store->slots = need(calloc(store->slot_count, sizeof(*store->slots)));
	for (size_t i = 0; i < old_count; i++)
		if (old[i])
			store->slots[slot_of(store, old[i])] = old[i];
	free(old);
}

static char *copy(struct trace_store *store, const char *text)
{
	size_t size = strlen(text) + 1;
	struct chunk *chunk = store->chunks;

	if (!chunk || chunk->size - chunk->used < size) {
		size_t room = size > CHUNK_BYTES ? size : CHUNK_BYTES;

		chunk = need(malloc(sizeof(*chunk) + room));
		*chunk = (struct chunk){.next = store->chunks, .size = room};
		store->chunks = chunk;
	}
	chunk->used += size;
	return memcpy(chunk->bytes + chunk->used - size, text, size);
}

const char *store_intern(struct trace_store *store, const char *text)
{
	size_t slot = slot_of(store, text);

	if (store->slots[slot])
		return store->slots[slot];
	if (2 * ++store->used > store->slot_count) {
		slots_grow(store);
		slot = slot_of(store, text);
	}
	return store->slots[slot] = copy(store, text);
}
