/* pages.c - the program's writable pages, brought into memory before main: a thread that is the
 * first to write to one would lose a microsecond in the kernel, and the other would be over by
 * then. */
#include "native/native.h"
#include "native/pages.h"

#include <link.h>
#include <stdbool.h>
#include <stddef.h>

#define PAGE_BYTES 4096u
/* Of one object; more is not what small programs have. */
#define PAGES_MAX 4096u

static bool is_in(const struct dl_phdr_info *object, unsigned type, uintptr_t at)
{
	for (int i = 0; i < object->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &object->dlpi_phdr[i];
		uintptr_t low = object->dlpi_addr + part->p_vaddr;

		if (part->p_type == type && at >= (low & -(uintptr_t)PAGE_BYTES) &&
		    at < low + part->p_memsz)
			return true;
	}
	return false;
}

static void write_back(uintptr_t at)
{
	volatile char *byte = (volatile char *)at;

	*byte = *byte;
}

static int object_touch(struct dl_phdr_info *object, size_t size, void *unused)
{
	(void)size;
	(void)unused;
	for (int i = 0; i < object->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &object->dlpi_phdr[i];
		uintptr_t low = object->dlpi_addr + part->p_vaddr, end = low + part->p_memsz, at;

		if (part->p_type != PT_LOAD || !(part->p_flags & PF_W))
			continue;
		at = low & -(uintptr_t)PAGE_BYTES;
		for (unsigned pages = 0; at < end && pages < PAGES_MAX; pages++, at += PAGE_BYTES)
			/* What has been relocated is not to be written any more. */
			if (!is_in(object, PT_GNU_RELRO, at))
				write_back(at > low ? at : low);
	}
	return 0;
}

void native_pages_touch(void)
{
	dl_iterate_phdr(object_touch, NULL);
}
