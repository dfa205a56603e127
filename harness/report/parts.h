/* parts.h - walks down a type to the part at an offset: `accounts[1].lock`. */
#ifndef HEDDLE_REPORT_PARTS_H
#define HEDDLE_REPORT_PARTS_H

#include "report/symbols.h"

#include <elfutils/libdw.h>

/* The type of a variable or member. False when it has none. */
bool parts_type(Dwarf_Die *die, Dwarf_Die *type);

/* Its bytes; 0 where unknown. */
uint64_t parts_size(Dwarf_Die *type);

/* Writes the name of the part of `type` at `offset`, `variable` being the name of the whole; `size`
 * as for variables_name(). Returns how the part's bytes are to be read. */
enum symbols_type parts_name(Dwarf_Die *type, uint64_t offset, uint32_t size, const char *variable,
			     char *name, size_t room);

#endif
