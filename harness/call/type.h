/* type.h - the C types that a typed thread can take and give.
 *
 * Size, alignment and offsets are those of the System V x86-64 ABI. Knows nothing of libffi, of how
 * types are written or of debug information.
 */
#ifndef HEDDLE_CALL_TYPE_H
#define HEDDLE_CALL_TYPE_H

#include <stddef.h>

enum type_kind {
	TYPE_VOID,
	TYPE_BOOL,
	TYPE_SIGNED,
	TYPE_UNSIGNED,
	TYPE_REAL,
	TYPE_COMPLEX,
	TYPE_POINTER,
	TYPE_STRUCT,
};

struct type {
	enum type_kind kind;
	size_t size, align; /* of one element */
	/* As a member of a structure: where it starts, and how many elements of it stand there (an
	 * array); else 0 and 1. */
	size_t offset, repeat;
	/* TYPE_STRUCT only. */
	struct type *members;
	size_t member_count;
};

/* A function: its result and what it takes. */
struct signature {
	struct type result;
	struct type *arguments;
	size_t argument_count;
};

#endif
