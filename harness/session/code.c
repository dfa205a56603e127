#include "session/code.h"

#include "base/text.h"
#include "machine/memory.h"

#include <link.h>
#include <string.h>

#define OBJECTS_MAX 256u
/* Pointer encodings of .eh_frame_hdr: a sorted table of offsets of 4 bytes from its beginning. */
#define HEADER_VERSION 1
#define TABLE_ENCODING 0x3b
#define COUNT_ENCODING 0x03
/* Of .eh_frame: relative to the field, of 4 bytes. What is encoded otherwise has no known end. */
#define RANGE_ENCODING 0x1b

struct header {
	uint8_t version, frame_encoding, count_encoding, table_encoding;
	int32_t frame;
	uint32_t count;
	struct entry {
		int32_t start, description;
	} table[];
};

/* The head of an entry of .eh_frame that describes a function. */
struct description {
	uint32_t length, back_to_common;
	int32_t start;
	uint32_t bytes;
};

struct object {
	char name[SHARED_MODULE_BYTES];
	unsigned long base, start, end;
	unsigned long code_start, code_end;
	enum code_kind kind;
	const struct header *header;
};

/* The program comes first. */
static struct object *objects;
static unsigned object_count;

static enum code_kind kind_of(const char *name)
{
	static const char *const parts[] = {"libc.so", "ld-linux", "libpthread.so", "libdl.so",
					    "vdso"};

	if (strstr(name, "libheddle.so") || strstr(name, "libtsan.so"))
		return CODE_OWN;
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (strstr(name, parts[i]))
			return CODE_LIBRARY;
	return CODE_PROGRAM;
}

static void segment_add(struct object *object, const ElfW(Phdr) * segment)
{
	unsigned long at = object->base + segment->p_vaddr, end = at + segment->p_memsz;

	if (segment->p_type == PT_GNU_EH_FRAME)
		object->header = (const struct header *)at;
	if (segment->p_type != PT_LOAD)
		return;
	object->start = at < object->start ? at : object->start;
	object->end = end > object->end ? end : object->end;
	if (!(segment->p_flags & PF_X))
		return;
	object->code_start = at < object->code_start ? at : object->code_start;
	object->code_end = end > object->code_end ? end : object->code_end;
}

static int object_add(struct dl_phdr_info *info, size_t size, void *argument)
{
	const char *slash = strrchr(info->dlpi_name, '/');
	const char *name = object_count ? slash ? slash + 1 : info->dlpi_name : SHARED_PROGRAM;
	struct object *object = &objects[object_count];
	struct text text = text_over(object->name, sizeof(object->name));

	(void)size;
	(void)argument;
	if (object_count == OBJECTS_MAX)
		return 1;
	text_add(&text, name);
	object->base = info->dlpi_addr;
	object->start = object->code_start = -1ul;
	object->kind = kind_of(name);
	for (int i = 0; i < info->dlpi_phnum; i++)
		segment_add(object, &info->dlpi_phdr[i]);
	object_count++;
	return 0;
}

void code_find(void)
{
	objects = memory_reserve(OBJECTS_MAX * sizeof(*objects));
	dl_iterate_phdr(object_add, 0);
}

static const struct object *object_of(unsigned long address)
{
	for (unsigned i = 0; i < object_count; i++)
		if (address >= objects[i].start && address < objects[i].end)
			return &objects[i];
	return 0;
}

unsigned long code_address(const struct shared_place *place)
{
	if (!place->module[0])
		return place->offset;
	for (unsigned i = 0; i < object_count; i++)
		if (!strcmp(objects[i].name, place->module))
			return objects[i].base + place->offset;
	return 0;
}

void code_place(unsigned long address, struct shared_place *place)
{
	const struct object *object = object_of(address);
	struct text text = text_over(place->module, sizeof(place->module));

	text_add(&text, object ? object->name : "");
	place->offset = object ? address - object->base : address;
}

enum code_kind code_kind(unsigned long address)
{
	const struct object *object = object_of(address);

	return object ? object->kind : CODE_UNKNOWN;
}

bool code_is_executable(unsigned long address)
{
	const struct object *object = object_of(address);

	return object && address >= object->code_start && address < object->code_end;
}

static bool has_table(const struct object *object)
{
	const struct header *header = object->header;

	return header && header->version == HEADER_VERSION &&
	       header->table_encoding == TABLE_ENCODING && header->count_encoding == COUNT_ENCODING;
}

/* True where the length of functions is encoded as it is by all compilers for this processor. */
static bool is_encoded_plainly(const struct description *description)
{
	const uint8_t *common =
		(const uint8_t *)&description->back_to_common - description->back_to_common;
	/* Length, identifier, version, then what it consists of: "zR", and before the R others. */
	const char *parts = (const char *)common + 9;
	const uint8_t *at = (const uint8_t *)parts + strlen(parts) + 1;

	if (parts[0] != 'z')
		return false;
	/* Alignment of code and data, return register, length of what follows: one byte each here.
	 */
	for (at += 4, parts++; *parts && *parts != 'R'; parts++)
		at += *parts == 'P' ? 5 : *parts == 'L' ? 1 : 0;
	return *parts == 'R' && *at == RANGE_ENCODING;
}

static struct code_function function_at(const struct object *object, uint32_t index)
{
	const struct header *header = object->header;
	const struct description *description =
		(const void *)((const char *)header + header->table[index].description);
	struct code_function function = {.start = (unsigned long)header +
						  (unsigned long)(long)header->table[index].start};

	function.end = function.start;
	if (is_encoded_plainly(description))
		function.end += description->bytes;
	if (function.end > object->end)
		function.end = function.start;
	return function;
}

bool code_function(unsigned long address, struct code_function *function)
{
	const struct object *object = object_of(address);
	uint32_t low = 0, high;

	if (!object || !has_table(object))
		return false;
	high = object->header->count;
	while (low < high) {
		uint32_t middle = (low + high) / 2;

		if (function_at(object, middle).start <= address)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low)
		return false;
	*function = function_at(object, low - 1);
	return address >= function->start && address < function->end;
}

void code_each_function(void (*each)(const struct code_function *function))
{
	for (unsigned i = 0; i < object_count; i++) {
		if (objects[i].kind != CODE_PROGRAM || !has_table(&objects[i]))
			continue;
		for (uint32_t f = 0; f < objects[i].header->count; f++) {
			struct code_function function = function_at(&objects[i], f);

			each(&function);
		}
	}
}
