/* assigned.h - the type of what a call allocated, told from the variable that its result goes to.
 */
#ifndef HEDDLE_REPORT_ASSIGNED_H
#define HEDDLE_REPORT_ASSIGNED_H

#include "report/symbols.h"

#include <elfutils/libdw.h>

/* The type that a pointer to a block of `bytes` bytes points to, where the call that returns to
 * `pc` gave it, in `type`; returns its size, of which `bytes` is a multiple. 0 where that is not
 * known, or the type has no name. */
uint64_t assigned_type(struct symbols *symbols, uint64_t pc, uint64_t bytes, Dwarf_Die *type);

#endif
