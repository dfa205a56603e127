/* shape.h - what has to agree between a function and the signature that it is called with.
 *
 * Kind and size of a value; not whether an integer is signed, nor what is in a structure.
 */
#ifndef HEDDLE_CALL_SHAPE_H
#define HEDDLE_CALL_SHAPE_H

#include "call/type.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum shape_kind {
	SHAPE_UNKNOWN, /* agrees with everything */
	SHAPE_VOID,
	SHAPE_INTEGER,
	SHAPE_REAL,
	SHAPE_COMPLEX,
	SHAPE_POINTER,
	SHAPE_STRUCT, /* or a union */
};

struct shape {
	uint32_t kind; /* enum shape_kind */
	uint32_t size;
};

struct shape shape_of(const struct type *type);
bool shape_agrees(struct shape a, struct shape b);

/* Words `shape` as in "an integer of 4 bytes". */
void shape_say(struct shape shape, char *text, size_t size);

#endif
