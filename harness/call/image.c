/*
 * image.c - opens the program's own file.
 *
 * /proc/self/exe is the dynamic linker where somebody started the program through it, so the file
 * counts only when its program headers are those in memory.
 */
#include "call/image.h"

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_inside(const struct image *image, uint64_t offset, uint64_t size)
{
	return offset <= image->size && size <= image->size - offset;
}

/* Called for the program first, and then no more. */
static int program_compare(struct dl_phdr_info *info, size_t size, void *argument)
{
	struct image *image = argument;
	const Elf64_Ehdr *header = (const void *)image->bytes;
	size_t bytes = info->dlpi_phnum * sizeof(Elf64_Phdr);
	bool same = header->e_phnum == info->dlpi_phnum &&
		    is_inside(image, header->e_phoff, bytes) &&
		    !memcmp(image->bytes + header->e_phoff, info->dlpi_phdr, bytes);

	(void)size;
	image->bias = info->dlpi_addr;
	return same ? 1 : -1;
}

static bool is_this_program(struct image *image)
{
	const Elf64_Ehdr *header = (const void *)image->bytes;

	return image->size >= sizeof(*header) && !memcmp(header->e_ident, ELFMAG, SELFMAG) &&
	       header->e_ident[EI_CLASS] == ELFCLASS64 &&
	       header->e_shentsize == sizeof(Elf64_Shdr) &&
	       dl_iterate_phdr(program_compare, image) == 1;
}

static bool image_map(struct image *image)
{
	int file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	struct stat status;
	void *bytes = MAP_FAILED;

	if (file < 0)
		return false;
	if (!fstat(file, &status) && status.st_size > 0)
		bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, file, 0);
	close(file);
	if (bytes == MAP_FAILED)
		return false;
	image->bytes = bytes;
	image->size = (size_t)status.st_size;
	return true;
}

bool image_open(struct image *image)
{
	if (!image_map(image))
		return false;
	if (is_this_program(image))
		return true;
	image_close(image);
	return false;
}

void image_close(struct image *image)
{
	munmap((void *)image->bytes, image->size);
}

static bool is_named(const struct image *image, const Elf64_Shdr *names, const Elf64_Shdr *section,
		     const char *name)
{
	size_t length = strlen(name) + 1;

	return section->sh_name < names->sh_size && length <= names->sh_size - section->sh_name &&
	       !memcmp(image->bytes + names->sh_offset + section->sh_name, name, length);
}

struct section image_section(const struct image *image, const char *name)
{
	const Elf64_Ehdr *header = (const void *)image->bytes;
	const Elf64_Shdr *table = (const void *)(image->bytes + header->e_shoff);
	const Elf64_Shdr *names;
	const struct section none = {NULL, 0};

	if (!is_inside(image, header->e_shoff, header->e_shnum * sizeof(*table)) ||
	    header->e_shstrndx >= header->e_shnum)
		return none;
	names = &table[header->e_shstrndx];
	if (!is_inside(image, names->sh_offset, names->sh_size))
		return none;
	for (size_t i = 0; i < header->e_shnum; i++) {
		const Elf64_Shdr *s = &table[i];

		if (!is_named(image, names, s, name))
			continue;
		if (s->sh_type == SHT_NOBITS || s->sh_flags & SHF_COMPRESSED ||
		    !is_inside(image, s->sh_offset, s->sh_size))
			return none;
		return (struct section){image->bytes + s->sh_offset, s->sh_size};
	}
	return none;
}
