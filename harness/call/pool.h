/* pool.h - memory that is given back all at once.
 *
 * What belongs to one typed thread (types, copied arguments, the result) lives and dies with it, so
 * nothing is freed by itself. A pool is used by one thread at a time; start with one that is all
 * zero.
 */
#ifndef HEDDLE_CALL_POOL_H
#define HEDDLE_CALL_POOL_H

#include <stddef.h>

struct pool_block;

struct pool {
	struct pool_block *blocks;
};

/* `size` bytes of zeros, aligned for any type; null when there is no memory. */
void *pool_allocate(struct pool *pool, size_t size);

/* Gives back everything; the pool is then empty and usable. */
void pool_free(struct pool *pool);

#endif
