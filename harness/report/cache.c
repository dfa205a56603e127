#include "report/cache.h"

#include "base/check.h"

#include <stdlib.h>

#define ROOM_FIRST 64u

static struct cache_entry *find(struct cache_entry *entries, size_t room, uint64_t a, uint64_t b)
{
	uint64_t hash = (a * 0x9e3779b97f4a7c15u) ^ (b * 0xbf58476d1ce4e5b9u);
	size_t slot = (hash ^ hash >> 29) & (room - 1);

	while (entries[slot].value && (entries[slot].a != a || entries[slot].b != b))
		slot = (slot + 1) & (room - 1);
	return &entries[slot];
}

static void grow(struct cache *cache)
{
	size_t room = cache->room ? 2 * cache->room : ROOM_FIRST;
	struct cache_entry *entries = calloc(room, sizeof(*entries));

	CHECK(entries && "enough memory");
	for (size_t i = 0; i < cache->room; i++) {
		const struct cache_entry *old = &cache->entries[i];

		if (old->value)
			*find(entries, room, old->a, old->b) = *old;
	}
	free(cache->entries);
	cache->entries = entries;
	cache->room = room;
}

void **cache_at(struct cache *cache, uint64_t a, uint64_t b)
{
	struct cache_entry *entry;

	if (2 * cache->used >= cache->room)
		grow(cache);
	entry = find(cache->entries, cache->room, a, b);
	if (!entry->value) {
		cache->used++;
		entry->a = a;
		entry->b = b;
	}
	return &entry->value;
}

void cache_free(struct cache *cache)
{
	for (size_t i = 0; i < cache->room; i++)
		free(cache->entries[i].value);
	free(cache->entries);
	*cache = (struct cache){.entries = NULL};
}
