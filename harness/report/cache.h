/* cache.h - remembers a pointer for a pair of numbers. */
#ifndef HEDDLE_REPORT_CACHE_H
#define HEDDLE_REPORT_CACHE_H

#include <stddef.h>
#include <stdint.h>

struct cache_entry {
	uint64_t a, b;
	void *value; /* null: slot is empty */
};

/* All zero is an empty cache. */
struct cache {
	struct cache_entry *entries;
	size_t room, used;
};

/* Where the pointer for (a, b) is or goes: null there until the caller stores one, which must
 * happen before the next call. */
void **cache_at(struct cache *cache, uint64_t a, uint64_t b);

/* Frees the cache and, with free(), every pointer in it. */
void cache_free(struct cache *cache);

#endif
