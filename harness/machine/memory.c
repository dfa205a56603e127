#include "machine/memory.h"

#include "base/check.h"
#include "machine/layout.h"
#include "machine/syscall.h"

#include <sys/mman.h>

static unsigned long next = HARNESS_BASE;

static void *map(size_t bytes, int flags, int fd)
{
	unsigned long at = next, size = (bytes + PAGE_BYTES - 1) & -PAGE_BYTES;
	long got = sys_call6(SYS_mmap, (long)at, (long)size, PROT_READ | PROT_WRITE,
			     flags | MAP_FIXED_NOREPLACE | MAP_NORESERVE, fd, 0);

	if (got != (long)at)
		return 0;
	/* A gap, so that an overrun in heddle faults. */
	next += size + PAGE_BYTES;
	CHECK(next < HARNESS_END);
	return (void *)at;
}

void *memory_reserve(size_t bytes)
{
	void *at = map(bytes, MAP_PRIVATE | MAP_ANONYMOUS, -1);

	CHECK(at && "the kernel gives no memory: is there a limit on the address space (ulimit -v)?");
	return at;
}

void *memory_map_file(int fd, size_t bytes)
{
	return map(bytes, MAP_SHARED, fd);
}

void memory_copy(void *to, const void *from, size_t bytes)
{
	__asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(bytes) : : "memory");
}

void memory_zero(void *at, size_t bytes)
{
	__asm__ volatile("rep stosb" : "+D"(at), "+c"(bytes) : "a"(0) : "memory");
}
