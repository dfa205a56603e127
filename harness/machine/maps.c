/*
 * maps.c - /proc/self/maps and /proc/self/pagemap (Documentation/filesystems/proc.rst,
 * admin-guide/mm/pagemap.rst).
 */
#include "machine/maps.h"

#include "base/check.h"
#include "machine/layout.h"
#include "machine/memory.h"
#include "machine/syscall.h"

#include <fcntl.h>
#include <stdint.h>

#define MAPS_BYTES    (4ul << 20)
#define PAGEMAP_BATCH 512ul
/* pagemap: bit 63 the page is in memory, bit 62 it is swapped out. */
#define PAGEMAP_THERE (3ul << 62)

static char *buffer;
static uint64_t *entries;

static unsigned long hex_read(const char **at)
{
	unsigned long value = 0;

	for (;; (*at)++) {
		char c = **at;

		if (c >= '0' && c <= '9')
			value = value * 16 + (unsigned long)(c - '0');
		else if (c >= 'a' && c <= 'f')
			value = value * 16 + (unsigned long)(c - 'a' + 10);
		else
			return value;
	}
}

static bool starts_with(const char *text, const char *prefix)
{
	while (*prefix)
		if (*text++ != *prefix++)
			return false;
	return true;
}

/* start-end perms offset device inode path */
static const char *line_parse(const char *line, struct mapping *mapping)
{
	const char *at = line;
	unsigned long inode = 0;

	mapping->start = hex_read(&at);
	at++;
	mapping->end = hex_read(&at);
	at++;
	mapping->readable = at[0] == 'r';
	mapping->writable = at[1] == 'w';
	mapping->executable = at[2] == 'x';
	mapping->shared = at[3] == 's';
	at += 5;
	for (int field = 0; field < 2; at++)
		field += *at == ' ';
	while (*at >= '0' && *at <= '9')
		inode = inode * 10 + (unsigned long)(*at++ - '0');
	while (*at == ' ')
		at++;
	mapping->file = inode != 0;
	mapping->kernel_stack = starts_with(at, "[stack]");
	mapping->kernel_own = starts_with(at, "[v");
	while (*at && *at != '\n')
		at++;
	return *at ? at + 1 : at;
}

void maps_each(void (*each)(const struct mapping *mapping, void *argument), void *argument)
{
	long fd = sys_call3(SYS_open, "/proc/self/maps", O_RDONLY | O_CLOEXEC, 0);
	struct mapping mapping;
	unsigned long length = 0;
	const char *at;
	long got;

	CHECK(fd >= 0 && "/proc is needed");
	if (!buffer)
		buffer = memory_reserve_for_parent(MAPS_BYTES);
	while ((got = sys_call3(SYS_read, fd, buffer + length, MAPS_BYTES - 1 - length)) > 0)
		length += (unsigned long)got;
	sys_call1(SYS_close, fd);
	buffer[length] = '\0';
	for (at = buffer; *at;) {
		at = line_parse(at, &mapping);
		each(&mapping, argument);
	}
}

void maps_each_present(unsigned long start, unsigned long end,
		       void (*each)(unsigned long page, void *argument), void *argument)
{
	long fd = sys_call3(SYS_open, "/proc/self/pagemap", O_RDONLY | O_CLOEXEC, 0);

	CHECK(fd >= 0 && "/proc is needed");
	if (!entries)
		entries = memory_reserve_for_parent(PAGEMAP_BATCH * sizeof(*entries));
	while (start < end) {
		unsigned long pages = (end - start) / PAGE_BYTES;
		long got;

		if (pages > PAGEMAP_BATCH)
			pages = PAGEMAP_BATCH;
		got = sys_call4(SYS_pread64, fd, entries, pages * 8, start / PAGE_BYTES * 8);
		CHECK(got == (long)(pages * 8));
		for (unsigned long i = 0; i < pages; i++)
			if (entries[i] & PAGEMAP_THERE)
				each(start + i * PAGE_BYTES, argument);
		start += pages * PAGE_BYTES;
	}
	sys_call1(SYS_close, fd);
}
