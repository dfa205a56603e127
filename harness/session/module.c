#include "session/module.h"

#include "session/access.h"

#include <link.h>
#include <string.h>

#define MODULES_MAX 256u

struct range {
	unsigned long start, end;
};

struct search {
	unsigned long address;
};

/* The program comes first. */
static struct range modules[MODULES_MAX];
static unsigned module_count;

static struct range range_of(const struct dl_phdr_info *info)
{
	struct range range = {.start = -1ul};

	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
		unsigned long at = info->dlpi_addr + segment->p_vaddr;

		if (segment->p_type != PT_LOAD)
			continue;
		range.start = at < range.start ? at : range.start;
		range.end = at + segment->p_memsz > range.end ? at + segment->p_memsz : range.end;
	}
	return range;
}

static bool is_in(const struct range *range, unsigned long address)
{
	return address >= range->start && address < range->end;
}

static int module_of(struct dl_phdr_info *info, size_t size, void *argument)
{
	const struct search *search = argument;
	struct range range = range_of(info);

	(void)size;
	if (!is_in(&range, search->address))
		return 0;
	access_module_add(range.start, range.end);
	return 1;
}

static int module_add(struct dl_phdr_info *info, size_t size, void *argument)
{
	(void)size;
	(void)argument;
	if (module_count < MODULES_MAX)
		modules[module_count++] = range_of(info);
	return 0;
}

void module_find(void)
{
	dl_iterate_phdr(module_add, 0);
}

bool module_is_program(unsigned long address)
{
	return is_in(&modules[0], address) || access_is_instrumented((const void *)address);
}

bool module_is_loaded(unsigned long address)
{
	for (unsigned i = 0; i < module_count; i++)
		if (is_in(&modules[i], address))
			return true;
	return false;
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
