/* function_table.h - the functions of the program whose parameters are known.
 *
 * Made before main() and never changed. Knows nothing of signatures.
 */
#ifndef HEDDLE_CALL_FUNCTION_TABLE_H
#define HEDDLE_CALL_FUNCTION_TABLE_H

#include "call/shape.h"

#include <stdint.h>

struct function {
	uintptr_t address;
	const struct shape *shapes; /* the result, then the parameters */
	unsigned parameter_count;
};

/* The function that starts at `address`, or null. */
const struct function *function_find(uintptr_t address);

#endif
