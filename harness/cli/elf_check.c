#include "cli/elf_check.h"

#include <gelf.h>
#include <libelf.h>
#include <string.h>

#define TSAN_SONAME "libtsan.so.2"

static int check_header(Elf *elf, const char *name, struct error *error)
{
	GElf_Ehdr header;

	if (elf_kind(elf) != ELF_K_ELF || !gelf_getehdr(elf, &header))
		return error_set(error, "`%s` is neither a program nor a script", name);
	if (header.e_machine != EM_X86_64 || gelf_getclass(elf) != ELFCLASS64)
		return error_set(error,
				 "`%s` is for another processor: heddle runs 64-bit x86 "
				 "programs, so build it for x86-64",
				 name);
	if (header.e_type != ET_EXEC && header.e_type != ET_DYN)
		return error_set(error, "`%s` is an object file: link it into a program", name);
	return 0;
}

/* The program header of that type; false where there is none. */
static bool find_segment(Elf *elf, uint32_t type, GElf_Phdr *segment)
{
	size_t count;

	if (elf_getphdrnum(elf, &count) != 0)
		return false;
	for (size_t i = 0; i < count; i++)
		if (gelf_getphdr(elf, (int)i, segment) && segment->p_type == type)
			return true;
	return false;
}

static int check_linker(Elf *elf, const char *name, struct error *error)
{
	GElf_Phdr segment;
	size_t size;
	const char *bytes = elf_rawfile(elf, &size), *linker;

	if (!find_segment(elf, PT_INTERP, &segment))
		return error_set(error,
				 "`%s` is statically linked or a shared library: heddle is "
				 "preloaded by the dynamic linker, so link a program without "
				 "-static",
				 name);
	if (!bytes || segment.p_filesz == 0 || segment.p_offset + segment.p_filesz > size ||
	    bytes[segment.p_offset + segment.p_filesz - 1] != 0)
		return error_set(error, "`%s` is damaged: its headers point outside the file",
				 name);
	linker = bytes + segment.p_offset;
	if (strstr(linker, "ld-musl"))
		return error_set(error,
				 "`%s` uses the C library musl: heddle controls programs of "
				 "the GNU C library, so link it with that",
				 name);
	return 0;
}

static bool section_needs_tsan(Elf *elf, Elf_Scn *section, const GElf_Shdr *header)
{
	Elf_Data *data = elf_getdata(section, NULL);
	GElf_Dyn entry;

	for (int i = 0; data && gelf_getdyn(data, i, &entry) && entry.d_tag != DT_NULL; i++) {
		const char *needed;

		if (entry.d_tag != DT_NEEDED)
			continue;
		needed = elf_strptr(elf, header->sh_link, entry.d_un.d_val);
		if (needed && strcmp(needed, TSAN_SONAME) == 0)
			return true;
	}
	return false;
}

/* The dynamic symbol of that name; false where the program neither has nor wants one. */
static bool section_find_symbol(Elf *elf, Elf_Scn *section, const GElf_Shdr *header,
				const char *name, GElf_Sym *symbol)
{
	Elf_Data *data = elf_getdata(section, NULL);

	for (int i = 0; data && gelf_getsym(data, i, symbol); i++) {
		const char *found = elf_strptr(elf, header->sh_link, symbol->st_name);

		if (found && strcmp(found, name) == 0)
			return true;
	}
	return false;
}

/* What the sections for the dynamic linker tell. */
struct facts {
	bool needs_tsan, wants_hooks, calls_tsan, has_tsan;
};

static struct facts find_facts(Elf *elf)
{
	struct facts facts = {.needs_tsan = false};
	GElf_Shdr header;
	GElf_Sym symbol;

	for (Elf_Scn *section = NULL; (section = elf_nextscn(elf, section));) {
		if (!gelf_getshdr(section, &header))
			continue;
		if (header.sh_type == SHT_DYNAMIC)
			facts.needs_tsan |= section_needs_tsan(elf, section, &header);
		if (header.sh_type != SHT_DYNSYM)
			continue;
		facts.wants_hooks |=
			section_find_symbol(elf, section, &header, "heddle_hooks_take", &symbol);
		if (!section_find_symbol(elf, section, &header, "__tsan_init", &symbol))
			continue;
		facts.has_tsan |= symbol.st_shndx != SHN_UNDEF;
		facts.calls_tsan |= symbol.st_shndx == SHN_UNDEF;
	}
	return facts;
}

static int check_hooks(Elf *elf, const char *name, bool *needs_tsan, bool *has_hooks,
		       struct error *error)
{
	struct facts facts = find_facts(elf);

	*needs_tsan = facts.needs_tsan;
	/* Linked with heddle's library, it calls that. */
	*has_hooks = facts.needs_tsan || facts.wants_hooks || facts.calls_tsan;
	if (facts.has_tsan && !facts.wants_hooks)
		return error_set(error,
				 "`%s` has the thread sanitizer linked into it, as clang does: "
				 "build it with heddle-cc --heddle-compiler=clang instead",
				 name);
	return 0;
}

int elf_check(int fd, const char *name, bool *needs_tsan, bool *has_hooks, struct error *error)
{
	Elf *elf;
	int result;

	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	if (!elf)
		return error_set(error, "cannot read `%s`: %s", name, elf_errmsg(-1));
	result = check_header(elf, name, error);
	if (result == 0)
		result = check_linker(elf, name, error);
	if (result == 0)
		result = check_hooks(elf, name, needs_tsan, has_hooks, error);
	elf_end(elf);
	return result;
}
