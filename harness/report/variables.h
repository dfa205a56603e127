/* variables.h - the variables with static storage in one module, or those of one call of a
 * function: which one lies at an address, and which part of it. */
#ifndef HEDDLE_REPORT_VARIABLES_H
#define HEDDLE_REPORT_VARIABLES_H

#include "report/symbols.h"

#include <elfutils/libdwfl.h>

struct variables;

/* Reads the debug information of the module. Never null. The result is freed with free(). */
struct variables *variables_read(Dwfl_Module *module);

/* Those with thread storage; their addresses are offsets in the module's part of that. */
struct variables *variables_read_thread(Dwfl_Module *module);

/* A call that has not returned, as far as the debug information of its function speaks of it. */
struct variables_frame {
	Dwarf_Die *function;
	Dwarf_Addr pc;	   /* as the debug information counts; 0: the call as a whole */
	uint64_t cfa, rbp; /* canonical frame address; register */
};

/* Reads the variables of the call that are in memory and in scope. Never null. The result is freed
 * with free(). */
struct variables *variables_read_frame(const struct variables_frame *frame);

/* What part of a variable is wanted. */
#define VARIABLES_WHOLE                                                                            \
	UINT32_MAX /* the largest that starts at the address, for the target of a pointer */

/* The name of what lies at `address`, in `name` of `room` bytes; `size` as for symbols_object(), or
 * VARIABLES_WHOLE. False when no variable is there. */
bool variables_name(const struct variables *variables, uint64_t address, uint32_t size, char *name,
		    size_t room, enum symbols_type *type);

#endif
