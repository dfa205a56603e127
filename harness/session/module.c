#include "session/module.h"

#include "session/access.h"

#include <link.h>

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
