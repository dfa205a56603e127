/*
 * tsan_modules.c - finds the objects that a compiler instrumented without heddle-cc.
 *
 * Each has a constructor that calls __tsan_init(), and gcc makes that call a jump: the return
 * address is then the dynamic linker's and tells nothing. So all objects are looked through for a
 * relocation of that name.
 */
#include "intercept/tsan_modules.h"

#include "session/module.h"

#include <elf.h>
#include <link.h>
#include <stdbool.h>
#include <string.h>

struct dynamic {
	const ElfW(Sym) * symbols;
	const char *names;
	const ElfW(Rela) * tables[2];
	size_t bytes[2];
};

/* The dynamic linker has put addresses in the place of offsets, but not in every object. */
static const void *address_of(const struct dl_phdr_info *info, const ElfW(Dyn) * entry)
{
	ElfW(Addr) address = entry->d_un.d_ptr;

	return (const void *)(address < info->dlpi_addr ? address + info->dlpi_addr : address);
}

static void dynamic_read(struct dynamic *dynamic, const struct dl_phdr_info *info,
			 const ElfW(Dyn) * entry)
{
	for (; entry->d_tag != DT_NULL; entry++) {
		if (entry->d_tag == DT_SYMTAB)
			dynamic->symbols = address_of(info, entry);
		else if (entry->d_tag == DT_STRTAB)
			dynamic->names = address_of(info, entry);
		else if (entry->d_tag == DT_RELA)
			dynamic->tables[0] = address_of(info, entry);
		else if (entry->d_tag == DT_RELASZ)
			dynamic->bytes[0] = entry->d_un.d_val;
		else if (entry->d_tag == DT_JMPREL)
			dynamic->tables[1] = address_of(info, entry);
		else if (entry->d_tag == DT_PLTRELSZ)
			dynamic->bytes[1] = entry->d_un.d_val;
	}
}

static bool calls_hooks(const struct dynamic *dynamic)
{
	if (!dynamic->symbols || !dynamic->names)
		return false;
	for (size_t table = 0; table < 2; table++) {
		const ElfW(Rela) *relocation = dynamic->tables[table];
		size_t count = relocation ? dynamic->bytes[table] / sizeof(*relocation) : 0;

		for (; count > 0; count--, relocation++) {
			const ElfW(Sym) *symbol =
				&dynamic->symbols[ELF64_R_SYM(relocation->r_info)];

			if (!strcmp(dynamic->names + symbol->st_name, "__tsan_init"))
				return true;
		}
	}
	return false;
}

static int module_visit(struct dl_phdr_info *info, size_t size, void *unused)
{
	(void)size;
	(void)unused;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
		const void *at = (const void *)(info->dlpi_addr + segment->p_vaddr);
		struct dynamic dynamic = {0};

		if (segment->p_type != PT_DYNAMIC)
			continue;
		dynamic_read(&dynamic, info, at);
		if (calls_hooks(&dynamic))
			module_is_instrumented(at);
	}
	return 0;
}

void tsan_modules_find(void)
{
	dl_iterate_phdr(module_visit, NULL);
}
