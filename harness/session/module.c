#include "session/module.h"

#include "session/access.h"

#include <link.h>
#include <string.h>

struct search {
	unsigned long address;
};

static int module_of(struct dl_phdr_info *info, size_t size, void *argument)
{
	const struct search *search = argument;
	unsigned long start = -1ul, end = 0;

	(void)size;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
		unsigned long at = info->dlpi_addr + segment->p_vaddr;

		if (segment->p_type != PT_LOAD)
			continue;
		start = at < start ? at : start;
		end = at + segment->p_memsz > end ? at + segment->p_memsz : end;
	}
	if (search->address < start || search->address >= end)
		return 0;
	access_module_add(start, end);
	return 1;
}

void module_is_instrumented(const void *address)
{
	struct search search = {.address = (unsigned long)address};

	dl_iterate_phdr(module_of, &search);
}

/* What gcc's and clang's start files put there for every object: it runs what __cxa_atexit() was
 * told. */
#define DESTRUCTORS_OF_START_FILES 1

static bool is_library_part(const char *name)
{
	static const char *const parts[] = {"/libc.so",	    "/ld-linux",     "/libm.so",
					    "/libgcc_s.so", "/libheddle.so", "/libpthread.so",
					    "/libdl.so",    "vdso"};

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (strstr(name, parts[i]))
			return true;
	return false;
}

static int destructors_of(struct dl_phdr_info *info, size_t size, void *argument)
{
	bool *any = argument;

	(void)size;
	if (is_library_part(info->dlpi_name))
		return 0;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
		const ElfW(Dyn) *entry = (const ElfW(Dyn) *)(info->dlpi_addr + segment->p_vaddr);

		if (segment->p_type != PT_DYNAMIC)
			continue;
		for (; entry->d_tag != DT_NULL; entry++)
			if (entry->d_tag == DT_FINI_ARRAYSZ)
				*any |= entry->d_un.d_val >
					DESTRUCTORS_OF_START_FILES * sizeof(void *);
	}
	return 0;
}

bool module_none_has_destructors(void)
{
	bool any = false;

	dl_iterate_phdr(destructors_of, &any);
	return !any;
}
