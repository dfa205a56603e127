/*
 * function_table.c - a table of the program's functions, made from its debug information before
 * main().
 *
 * Invariant: after the constructor the table never changes and cannot be written. So it is neither
 * an event nor part of what an execution has to restore, and looking a function up is a binary
 * search.
 *
 * The table is made from one walk through .debug_info. Its two parts grow in address space that is
 * reserved for the worst case and given back where it was not needed. Where anything is odd (no
 * debug information, an unknown form, too much of it) the functions concerned are missing from the
 * table, and what is missing passes.
 */
#include "call/function_table.h"

#include "call/dwarf_reader.h"

#include <dwarf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* About a tenth of a second at the start of the program; who has more sets HEDDLE_SIGNATURES=trust
 * or goes unchecked. */
#define INFO_MAX (16u << 20)

/* Typedefs and qualifiers on top of each other: a damaged chain may be a ring. */
#define TYPE_STEPS_MAX 64

static struct table {
	struct function *functions;
	struct shape *shapes;
	size_t function_count, shape_count;
	size_t functions_room, shapes_room;
} table;

static struct shape base_shape(const struct dwarf_entry *entry)
{
	struct shape shape = {SHAPE_INTEGER, (uint32_t)entry->byte_size};

	if (entry->encoding == DW_ATE_float)
		shape.kind = SHAPE_REAL;
	else if (entry->encoding == DW_ATE_complex_float)
		shape.kind = SHAPE_COMPLEX;
	return shape;
}

/* The shape of the type at `offset`; of nothing at all (`void`) at 0. */
static struct shape type_shape(struct dwarf_unit *unit, size_t offset)
{
	const struct shape unknown = {SHAPE_UNKNOWN, 0};
	struct dwarf_entry entry;

	for (int i = 0; i < TYPE_STEPS_MAX; i++) {
		if (!offset)
			return (struct shape){SHAPE_VOID, 0};
		if (!dwarf_entry_read(unit, offset, &entry) || entry.is_foreign)
			return unknown;
		switch (entry.tag) {
		case DW_TAG_base_type:
			return base_shape(&entry);
		case DW_TAG_enumeration_type:
			return (struct shape){SHAPE_INTEGER, (uint32_t)entry.byte_size};
		case DW_TAG_structure_type:
		case DW_TAG_class_type:
		case DW_TAG_union_type:
			return entry.is_declaration
				       ? unknown
				       : (struct shape){SHAPE_STRUCT, (uint32_t)entry.byte_size};
		case DW_TAG_pointer_type:
		case DW_TAG_reference_type:
		case DW_TAG_rvalue_reference_type:
			return (struct shape){SHAPE_POINTER, sizeof(void *)};
		case DW_TAG_typedef:
		case DW_TAG_const_type:
		case DW_TAG_volatile_type:
		case DW_TAG_restrict_type:
		case DW_TAG_atomic_type:
			offset = entry.type;
			break;
		default:
			return unknown;
		}
	}
	return unknown;
}

static bool shape_append(struct shape shape)
{
	if (table.shape_count == table.shapes_room)
		return false;
	table.shapes[table.shape_count++] = shape;
	return true;
}

/* The shape that `entry` has, by itself or through the entry that it is an instance of. */
static struct shape entry_shape(struct dwarf_unit *unit, const struct dwarf_entry *entry)
{
	struct dwarf_entry origin;

	if (entry->is_foreign)
		return (struct shape){SHAPE_UNKNOWN, 0};
	if (entry->type || !entry->origin)
		return type_shape(unit, entry->type);
	if (!dwarf_entry_read(unit, entry->origin, &origin) || origin.is_foreign ||
	    (!origin.type && origin.origin))
		return (struct shape){SHAPE_UNKNOWN, 0};
	return type_shape(unit, origin.type);
}

/* Reads the parameters among the children that start at `offset`. False when they cannot be known:
 * variable arguments. */
static bool parameters_read(struct dwarf_unit *unit, size_t offset, unsigned *count)
{
	struct dwarf_entry entry;
	unsigned depth = 0;

	while (dwarf_entry_read(unit, offset, &entry)) {
		if (!entry.tag && !depth)
			return true;
		if (!depth && entry.tag == DW_TAG_unspecified_parameters)
			return false;
		if (!depth && entry.tag == DW_TAG_formal_parameter) {
			if (!shape_append(entry_shape(unit, &entry)))
				return false;
			++*count;
		}
		depth -= !entry.tag;
		depth += entry.has_children;
		offset = entry.next;
	}
	return false;
}

/*
 * A function that was inlined somewhere has an abstract instance, which has all parameters; the
 * instance with the address may have lost some. (DWARF 5, section 3.3.8.)
 */
static void function_read(struct dwarf_unit *unit, const struct dwarf_entry *entry, uintptr_t bias)
{
	size_t first = table.shape_count;
	struct function function = {bias + entry->low_pc, table.shapes + first, 0};
	struct dwarf_entry origin = {.tag = 0};
	const struct dwarf_entry *parameters = &origin;

	if (entry->is_foreign || table.function_count == table.functions_room)
		return;
	if (entry->origin && !dwarf_entry_read(unit, entry->origin, &origin))
		return;
	if (!entry->origin || origin.is_declaration)
		parameters = entry;
	if (!shape_append(entry_shape(unit, entry)) ||
	    (parameters->has_children &&
	     !parameters_read(unit, parameters->next, &function.parameter_count)))
		table.shape_count = first;
	else
		table.functions[table.function_count++] = function;
}

static void unit_read(struct dwarf_unit *unit, uintptr_t bias)
{
	struct dwarf_entry entry;

	for (size_t offset = unit->first; dwarf_entry_read(unit, offset, &entry);
	     offset = entry.next) {
		if (entry.tag == DW_TAG_subprogram && entry.has_low_pc && entry.low_pc)
			function_read(unit, &entry, bias);
	}
}

/* Shell's sort: qsort() may allocate. */
static void functions_sort(void)
{
	struct function *f = table.functions;

	for (size_t gap = table.function_count / 2; gap; gap /= 2) {
		for (size_t i = gap; i < table.function_count; i++) {
			struct function moved = f[i];
			size_t k = i;

			for (; k >= gap && f[k - gap].address > moved.address; k -= gap)
				f[k] = f[k - gap];
			f[k] = moved;
		}
	}
}

static void *part_reserve(size_t bytes)
{
	void *part = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return part == MAP_FAILED ? NULL : part;
}

static void part_close(void *part, size_t reserved, size_t used)
{
	size_t kept = (used + 4095) & ~(size_t)4095;

	if (!part)
		return;
	if (kept < reserved)
		munmap((char *)part + kept, reserved - kept);
	if (kept)
		mprotect(part, kept, PROT_READ);
}

static void table_make(const struct dwarf *dwarf, uintptr_t bias)
{
	/* An entry with an address takes more than 8 bytes of .debug_info, one with a type more
	 * than 2. */
	size_t functions_bytes = (dwarf->info.size / 8 * sizeof(struct function) + 4095) & ~4095ul;
	size_t shapes_bytes = (dwarf->info.size / 2 * sizeof(struct shape) + 4095) & ~4095ul;
	struct dwarf_unit *unit;
	size_t next = 0;
	bool usable;

	unit = part_reserve(sizeof(*unit));
	table.functions = part_reserve(functions_bytes);
	table.shapes = part_reserve(shapes_bytes);
	if (unit && table.functions && table.shapes) {
		table.functions_room = functions_bytes / sizeof(struct function);
		table.shapes_room = shapes_bytes / sizeof(struct shape);
		while ((next = dwarf_unit_read(unit, dwarf, next, &usable))) {
			if (usable)
				unit_read(unit, bias);
		}
		functions_sort();
	}
	if (unit)
		munmap(unit, sizeof(*unit));
	part_close(table.functions, functions_bytes,
		   table.function_count * sizeof(struct function));
	part_close(table.shapes, shapes_bytes, table.shape_count * sizeof(struct shape));
}

__attribute__((constructor)) static void functions_load(void)
{
	const char *wish = getenv("HEDDLE_SIGNATURES");
	int kept = errno;
	struct image image;
	struct dwarf dwarf;

	if (wish && !strcmp(wish, "trust"))
		return;
	if (image_open(&image)) {
		dwarf.info = image_section(&image, ".debug_info");
		dwarf.abbrev = image_section(&image, ".debug_abbrev");
		dwarf.addr = image_section(&image, ".debug_addr");
		if (dwarf.info.size && dwarf.info.size <= INFO_MAX)
			table_make(&dwarf, image.bias);
		image_close(&image);
	}
	errno = kept;
}

const struct function *function_find(uintptr_t address)
{
	size_t low = 0, high = table.function_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (table.functions[middle].address == address)
			return &table.functions[middle];
		if (table.functions[middle].address < address)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}
