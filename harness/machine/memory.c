#include "machine/memory.h"

#include "base/check.h"
#include "machine/layout.h"
#include "machine/syscall.h"

#include <stdbool.h>
#include <sys/mman.h>

/* The tables of threads and fibers are the largest that count as small. */
#define SMALL_BYTES (4ul << 20)

struct pool {
	unsigned long base, bytes, next;
};

/* Few mappings: a forked execution pays for each that there is. */
static struct pool pool = {.base = POOL_BASE, .bytes = POOL_BYTES};
static struct pool large_pool = {.base = LARGE_POOL_BASE, .bytes = LARGE_POOL_BYTES};
static struct pool parent_pool = {.base = PARENT_POOL_BASE, .bytes = PARENT_POOL_BYTES};
static unsigned long files_next = FILES_BASE;

static unsigned long whole_pages(size_t bytes)
{
	return (bytes + PAGE_BYTES - 1) & -PAGE_BYTES;
}

static bool map(unsigned long at, unsigned long bytes, int flags, int fd)
{
	long got = sys_call6(SYS_mmap, (long)at, (long)bytes, PROT_READ | PROT_WRITE,
			     flags | MAP_FIXED_NOREPLACE | MAP_NORESERVE, fd, 0);

	return got == (long)at;
}

static void *pool_take(struct pool *from, size_t bytes)
{
	unsigned long at;

	if (!from->next) {
		CHECK(map(from->base, from->bytes, MAP_PRIVATE | MAP_ANONYMOUS, -1) &&
		      "the kernel gives no memory: is there a limit on the address space (ulimit "
		      "-v)?");
		from->next = from->base;
	}
	at = from->next;
	from->next += whole_pages(bytes);
	CHECK(from->next <= from->base + from->bytes);
	return (void *)at;
}

void *memory_reserve(size_t bytes)
{
	return pool_take(bytes <= SMALL_BYTES ? &pool : &large_pool, bytes);
}

void *memory_reserve_for_parent(size_t bytes)
{
	return pool_take(&parent_pool, bytes);
}

void memory_keep_from_children(void)
{
	sys_call3(SYS_madvise, PARENT_POOL_BASE, PARENT_POOL_BYTES, MADV_DONTFORK);
}

void *memory_reserve_shared(size_t bytes)
{
	unsigned long at = files_next;

	CHECK(at + whole_pages(bytes) < FILES_END);
	CHECK(map(at, whole_pages(bytes), MAP_SHARED | MAP_ANONYMOUS, -1) &&
	      "the kernel gives no shared memory");
	files_next += whole_pages(bytes);
	return (void *)at;
}

void *memory_map_file(int fd, size_t bytes)
{
	unsigned long at = files_next;

	CHECK(at + whole_pages(bytes) < FILES_END);
	if (!map(at, whole_pages(bytes), MAP_SHARED, fd))
		return 0;
	files_next += whole_pages(bytes) + PAGE_BYTES;
	return (void *)at;
}

void memory_copy(void *to, const void *from, size_t bytes)
{
	__asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(bytes) : : "memory");
}

void memory_zero(void *at, size_t bytes)
{
	__asm__ volatile("rep stosb" : "+D"(at), "+c"(bytes) : "a"(0) : "memory");
}
