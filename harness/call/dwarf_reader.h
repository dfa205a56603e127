/* dwarf_reader.h - debugging information entries, one after the other.
 *
 * As much of DWARF 2 to 5 as it takes to know the types of functions: the entries of .debug_info
 * and the attributes named in `struct dwarf_entry`; everything else is stepped over. Bytes in,
 * structs out: allocates nothing, believes nothing (a damaged section ends the walk).
 */
#ifndef HEDDLE_CALL_DWARF_READER_H
#define HEDDLE_CALL_DWARF_READER_H

#include "call/image.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Compilers number abbreviations from 1; a unit with more is passed over. */
#define DWARF_ABBREVIATIONS_MAX 8192

struct dwarf {
	struct section info, abbrev, addr;
};

/* One compilation unit. */
struct dwarf_unit {
	const struct dwarf *dwarf;
	size_t start, first, end; /* offsets in .debug_info: the unit, its first entry, behind it */
	unsigned version, address_size;
	uint64_t addr_base;
	/* Offset in .debug_abbrev of what follows the code; 0 where there is none. */
	uint32_t abbreviations[DWARF_ABBREVIATIONS_MAX];
};

struct dwarf_entry {
	unsigned tag; /* DW_TAG_*, or 0 for the mark that ends a list of children */
	bool has_children, is_declaration, has_low_pc;
	uint64_t low_pc, byte_size, encoding;
	/* Offsets in .debug_info; 0 where the attribute is missing or leads out of the unit. */
	size_t type, origin;
	bool is_foreign; /* one of them does lead out of the unit */
	size_t next;	 /* offset of the entry behind this one: its first child, if it has any */
};

/* Reads the head of the unit at `start`. Returns the offset of the next unit, or 0 where
 * .debug_info ends or cannot be read; *usable is false for a unit that has no entries to read. */
size_t dwarf_unit_read(struct dwarf_unit *unit, const struct dwarf *dwarf, size_t start,
		       bool *usable);

/* Reads the entry at `offset`. False at the end of the unit, or where it is damaged. */
bool dwarf_entry_read(struct dwarf_unit *unit, size_t offset, struct dwarf_entry *entry);

#endif
