/* variables.h - the variables with static storage in one module: which one lies at an address, and which part of it. */
#ifndef HEDDLE_REPORT_VARIABLES_H
#define HEDDLE_REPORT_VARIABLES_H

#include "report/symbols.h"

#include <elfutils/libdwfl.h>

struct variables;

/* Reads the debug information of the module. Never null. The result is freed with free(). */
struct variables *variables_read(Dwfl_Module *module);

/* What part of a variable is wanted. */
#define VARIABLES_WHOLE                                                                            \
	UINT32_MAX /* the largest that starts at the address, for the target of a pointer */

/* The name of what lies at `address`, in `name` of `room` bytes; `size` as for symbols_object(), or VARIABLES_WHOLE. False
 * when no variable is there. */
bool variables_name(const struct variables *variables, uint64_t address, uint32_t size, char *name,
		    size_t room, enum symbols_type *type);

#endif
