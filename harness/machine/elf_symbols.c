#include "machine/elf_symbols.h"

#include <elf.h>
#include <link.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* The head of a hash table: then the filter's words, the buckets and the chains. */
struct hash {
	uint32_t bucket_count, first, filter_words, filter_shift;
};

struct symbols {
	const Elf64_Sym *symbols;
	const char *names;
	const struct hash *hash;
};

struct search {
	const char *name;
	unsigned long address;
	void *found;
};

extern const char __ehdr_start[] __attribute__((visibility("hidden")));

/* The dynamic linker has made most objects' entries into addresses, the kernel's it has not. */
static const void *address_of(unsigned long base, unsigned long value)
{
	return (const void *)(value < base ? base + value : value);
}

static struct symbols symbols_of(unsigned long base, const Elf64_Dyn *entry)
{
	struct symbols symbols = {0};

	for (; entry->d_tag != DT_NULL; entry++) {
		const void *at = address_of(base, entry->d_un.d_ptr);

		if (entry->d_tag == DT_SYMTAB)
			symbols.symbols = at;
		else if (entry->d_tag == DT_STRTAB)
			symbols.names = at;
		else if (entry->d_tag == DT_GNU_HASH)
			symbols.hash = at;
	}
	return symbols;
}

static uint32_t hash_of(const char *name)
{
	uint32_t hash = 5381;

	for (; *name; name++)
		hash = hash * 33 + (unsigned char)*name;
	return hash;
}

static bool is_function(const Elf64_Sym *symbol)
{
	return symbol->st_shndx != SHN_UNDEF && ELF64_ST_TYPE(symbol->st_info) == STT_FUNC;
}

static void *find(unsigned long base, const Elf64_Dyn *dynamic, const char *name)
{
	struct symbols in = symbols_of(base, dynamic);
	const uint32_t *buckets, *chains;
	uint32_t hash = hash_of(name), at;

	if (!in.symbols || !in.names || !in.hash || !in.hash->bucket_count)
		return 0;
	buckets = (const uint32_t *)((const uint64_t *)(in.hash + 1) + in.hash->filter_words);
	chains = buckets + in.hash->bucket_count;
	at = buckets[hash % in.hash->bucket_count];
	for (; at >= in.hash->first; at++) {
		uint32_t chain = chains[at - in.hash->first];

		if ((chain | 1) == (hash | 1) && is_function(&in.symbols[at]) &&
		    !strcmp(in.names + in.symbols[at].st_name, name))
			return (void *)(base + in.symbols[at].st_value);
		if (chain & 1)
			break;
	}
	return 0;
}

void *elf_own_function(const char *name)
{
	return find((unsigned long)__ehdr_start, _DYNAMIC, name);
}

static bool is_library(const char *name)
{
	static const char *const parts[] = {"/libc.so", "/libpthread.so", "/libdl.so", "/librt.so"};

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (strstr(name, parts[i]))
			return true;
	return false;
}

static int look(struct dl_phdr_info *info, size_t size, void *argument)
{
	struct search *search = argument;

	(void)size;
	if (!is_library(info->dlpi_name))
		return 0;
	for (int i = 0; i < info->dlpi_phnum && !search->found; i++)
		if (info->dlpi_phdr[i].p_type == PT_DYNAMIC)
			search->found =
				find(info->dlpi_addr,
				     (const void *)(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr),
				     search->name);
	return search->found != 0;
}

static int look_at_ranges(struct dl_phdr_info *info, size_t size, void *argument)
{
	const struct search *search = argument;

	(void)size;
	if (!is_library(info->dlpi_name))
		return 0;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const Elf64_Phdr *segment = &info->dlpi_phdr[i];

		if (segment->p_type == PT_LOAD &&
		    search->address - info->dlpi_addr - segment->p_vaddr < segment->p_memsz)
			return 1;
	}
	return 0;
}

bool elf_is_library(const void *address)
{
	struct search search = {.address = (unsigned long)address};

	return dl_iterate_phdr(look_at_ranges, &search);
}

void *elf_library_function(const char *name)
{
	struct search search = {.name = name};

	dl_iterate_phdr(look, &search);
	return search.found;
}
