#include "call/shape.h"

#include <stdio.h>

struct shape shape_of(const struct type *type)
{
	struct shape shape = {SHAPE_UNKNOWN, (uint32_t)type->size};

	switch (type->kind) {
	case TYPE_VOID:
		shape.kind = SHAPE_VOID;
		break;
	case TYPE_BOOL:
	case TYPE_SIGNED:
	case TYPE_UNSIGNED:
		shape.kind = SHAPE_INTEGER;
		break;
	case TYPE_REAL:
		shape.kind = SHAPE_REAL;
		break;
	case TYPE_COMPLEX:
		shape.kind = SHAPE_COMPLEX;
		break;
	case TYPE_POINTER:
		shape.kind = SHAPE_POINTER;
		break;
	case TYPE_STRUCT:
		shape.kind = SHAPE_STRUCT;
		break;
	}
	return shape;
}

bool shape_agrees(struct shape a, struct shape b)
{
	if (a.kind == SHAPE_UNKNOWN || b.kind == SHAPE_UNKNOWN)
		return true;
	return a.kind == b.kind && a.size == b.size;
}

void shape_say(struct shape shape, char *text, size_t size)
{
	static const char *const names[] = {
		[SHAPE_UNKNOWN] = "something",	      [SHAPE_VOID] = "void",
		[SHAPE_INTEGER] = "an integer",	      [SHAPE_REAL] = "a floating-point number",
		[SHAPE_COMPLEX] = "a complex number", [SHAPE_POINTER] = "a pointer",
		[SHAPE_STRUCT] = "a structure",
	};

	if (shape.kind == SHAPE_VOID || shape.kind == SHAPE_POINTER)
		snprintf(text, size, "%s", names[shape.kind]);
	else
		snprintf(text, size, "%s of %u byte%s", names[shape.kind], shape.size,
			 shape.size == 1 ? "" : "s");
}
