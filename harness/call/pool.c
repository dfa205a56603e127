#include "call/pool.h"

#include <stdalign.h>
#include <stdlib.h>

/* Holds a usual signature, its arguments and its result, so that a thread costs one malloc. */
#define BLOCK_SIZE 1024

struct pool_block {
	struct pool_block *next;
	size_t used, size;
	alignas(max_align_t) unsigned char bytes[];
};

static struct pool_block *block_add(struct pool *pool, size_t size)
{
	struct pool_block *block = calloc(1, sizeof(*block) + size);

	if (!block)
		return NULL;
	block->size = size;
	block->next = pool->blocks;
	pool->blocks = block;
	return block;
}

void *pool_allocate(struct pool *pool, size_t size)
{
	struct pool_block *block = pool->blocks;
	size_t rounded = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
	void *place;

	if (rounded < size)
		return NULL;
	if (!block || block->size - block->used < rounded)
		block = block_add(pool, rounded > BLOCK_SIZE ? rounded : BLOCK_SIZE);
	if (!block)
		return NULL;
	place = block->bytes + block->used;
	block->used += rounded;
	return place;
}

void pool_free(struct pool *pool)
{
	while (pool->blocks) {
		struct pool_block *block = pool->blocks;

		pool->blocks = block->next;
		free(block);
	}
}
