/* heap.c - malloc and its family: the program's heap is machine/heap.h from the first allocation
 * on, controlled or not. */
#include "intercept/interpose.h"
#include "machine/heap.h"
#include "machine/layout.h"
#include "session/races.h"
#include "session/session.h"
#include "session/spin.h"
#include "session/verdict.h"

#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <unistd.h>

static unsigned arena(void)
{
	struct thread *self = execution.current;

	if (self && session.spins)
		spin_break(self);
	if (self)
		return self->arena;
	return session.controlled ? HEAP_ARENA_LIBRARY : 0;
}

static void *or_no_memory(void *block, size_t bytes, const void *pc)
{
	if (!block)
		errno = ENOMEM;
	races_allocated(block, bytes, pc);
	return block;
}

static void block_free(void *block)
{
	races_forget_memory(block, heap_usable(block));
	heap_free(arena(), block);
}

static void block_check(void *block, const void *pc)
{
	if (__builtin_expect(!heap_is_block(block), 0)) {
		if (execution.current)
			verdict_misuse("free or realloc of what is no allocated block: freed "
				       "before, or never allocated",
				       pc);
		abort();
	}
}

INTERPOSE void *malloc(size_t bytes)
{
	return or_no_memory(heap_allocate(arena(), bytes), bytes, RETURN_PC);
}

INTERPOSE void *calloc(size_t count, size_t bytes)
{
	size_t all;

	if (__builtin_mul_overflow(count, bytes, &all))
		return or_no_memory(0, 0, RETURN_PC);
	return or_no_memory(heap_allocate_zeroed(arena(), all), all, RETURN_PC);
}

INTERPOSE void free(void *block)
{
	if (!block)
		return;
	block_check(block, RETURN_PC);
	block_free(block);
}

/* Where the block moves, the old one is free. */
static void *resize(void *block, size_t bytes, const void *pc)
{
	size_t before = heap_usable(block);
	void *moved = heap_resize(arena(), block, bytes);

	if (moved && moved != block)
		races_forget_memory(block, before);
	return or_no_memory(moved, bytes, pc);
}

INTERPOSE void *realloc(void *block, size_t bytes)
{
	if (!block)
		return malloc(bytes);
	block_check(block, RETURN_PC);
	if (!bytes) {
		block_free(block);
		return 0;
	}
	return resize(block, bytes, RETURN_PC);
}

INTERPOSE void *reallocarray(void *block, size_t count, size_t bytes)
{
	size_t all;

	if (__builtin_mul_overflow(count, bytes, &all))
		return or_no_memory(0, 0, RETURN_PC);
	return realloc(block, all);
}

static int is_power_of_two(size_t number)
{
	return number && !(number & (number - 1));
}

INTERPOSE void *memalign(size_t alignment, size_t bytes)
{
	if (!is_power_of_two(alignment)) {
		errno = EINVAL;
		return 0;
	}
	return or_no_memory(heap_allocate_aligned(arena(), alignment, bytes), bytes, RETURN_PC);
}

INTERPOSE void *aligned_alloc(size_t alignment, size_t bytes)
{
	return memalign(alignment, bytes);
}

INTERPOSE int posix_memalign(void **block, size_t alignment, size_t bytes)
{
	void *got;

	if (!is_power_of_two(alignment) || alignment % sizeof(void *))
		return EINVAL;
	got = heap_allocate_aligned(arena(), alignment, bytes);
	if (!got)
		return ENOMEM;
	races_allocated(got, bytes, RETURN_PC);
	*block = got;
	return 0;
}

INTERPOSE void *valloc(size_t bytes)
{
	return memalign((size_t)getpagesize(), bytes);
}

INTERPOSE void *pvalloc(size_t bytes)
{
	size_t page = (size_t)getpagesize();

	return memalign(page, (bytes + page - 1) & -page);
}

INTERPOSE size_t malloc_usable_size(void *block)
{
	return block ? heap_usable(block) : 0;
}
