/* heap.c - malloc and its family: the program's heap is machine/heap.h from the first allocation
 * on, controlled or not. */
#include "intercept/heap_share.h"
#include "intercept/interpose.h"
#include "machine/heap.h"
#include "machine/layout.h"
#include "machine/memory.h"
#include "session/heap_check.h"
#include "session/session.h"
#include "session/spin.h"

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
	if (!session.attached)
		return HEAP_ARENA_BEFORE;
	return session.controlled ? HEAP_ARENA_LIBRARY : 0;
}

static void *or_no_memory(void *block, size_t bytes, const void *pc)
{
	if (!block) {
		errno = ENOMEM;
		if (execution.current)
			execution.current->heap_caller = 0;
	}
	heap_allocated(block, bytes, pc);
	return block;
}

static void block_free(void *block, const void *pc)
{
	unsigned from = arena();
	bool held;

	heap_freed(block, pc);
	held = heap_hold();
	heap_free(from, block);
	heap_let_go(held);
}

static void *allocate(unsigned from, size_t bytes)
{
	bool held = heap_hold();
	void *block = heap_allocate(from, bytes);

	heap_let_go(held);
	return block;
}

static void *allocate_zeroed(size_t bytes)
{
	bool held = heap_hold();
	void *block = heap_allocate_zeroed(arena(), bytes);

	heap_let_go(held);
	return block;
}

static void *allocate_aligned(size_t alignment, size_t bytes)
{
	bool held = heap_hold();
	void *block = heap_allocate_aligned(arena(), alignment, bytes);

	heap_let_go(held);
	return block;
}

static void block_check(void *block, const void *pc)
{
	if (__builtin_expect(!heap_is_block(block), 0)) {
		heap_bad_free(block, pc);
		abort();
	}
}

INTERPOSE void *malloc(size_t bytes)
{
	return or_no_memory(allocate(arena(), bytes), bytes, RETURN_PC);
}

INTERPOSE void *calloc(size_t count, size_t bytes)
{
	size_t all;

	if (__builtin_mul_overflow(count, bytes, &all))
		return or_no_memory(0, 0, RETURN_PC);
	return or_no_memory(allocate_zeroed(all), all, RETURN_PC);
}

INTERPOSE void free(void *block)
{
	if (!block)
		return;
	heap_free_point(block, RETURN_PC);
	block_check(block, RETURN_PC);
	block_free(block, RETURN_PC);
}

/* Within its room where that is enough; else the old one is freed. */
static void *resize(void *block, size_t bytes, const void *pc)
{
	unsigned from = arena();
	size_t before = heap_usable(block);
	void *moved = heap_fits(block, bytes) ? block : allocate(from, bytes);

	if (moved == block)
		heap_fit(block, bytes);
	moved = or_no_memory(moved, bytes, pc);
	if (!moved || moved == block)
		return moved;
	memory_copy(moved, block, bytes < before ? bytes : before);
	block_free(block, pc);
	return moved;
}

INTERPOSE void *realloc(void *block, size_t bytes)
{
	if (!block)
		return malloc(bytes);
	if (!bytes || !heap_was_block(block) || !heap_fits(block, bytes))
		heap_free_point(block, RETURN_PC);
	block_check(block, RETURN_PC);
	if (!bytes) {
		block_free(block, RETURN_PC);
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
	return or_no_memory(allocate_aligned(alignment, bytes), bytes, RETURN_PC);
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
	got = allocate_aligned(alignment, bytes);
	if (!got)
		return ENOMEM;
	heap_allocated(got, bytes, RETURN_PC);
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
