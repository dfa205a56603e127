#include "call/kinds.h"

#include "heddle.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>

#define BITS_EACH 4
#define KIND_MASK 15ull

static unsigned long long kind_of(const struct type *type)
{
	switch (type->kind) {
	case TYPE_BOOL:
	case TYPE_SIGNED:
	case TYPE_UNSIGNED:
		return type->size <= sizeof(int) ? HEDDLE_KIND_INT : HEDDLE_KIND_LONG;
	case TYPE_POINTER:
		return HEDDLE_KIND_POINTER;
	case TYPE_REAL:
		return type->size <= sizeof(double) ? HEDDLE_KIND_DOUBLE : HEDDLE_KIND_LONG_DOUBLE;
	case TYPE_STRUCT:
		return HEDDLE_KIND_STRUCT;
	case TYPE_COMPLEX:
		return type->size == sizeof(float _Complex)    ? HEDDLE_KIND_FLOAT_COMPLEX
		       : type->size == sizeof(double _Complex) ? HEDDLE_KIND_COMPLEX
							       : HEDDLE_KIND_LONG_COMPLEX;
	case TYPE_VOID:
		break;
	}
	return HEDDLE_KIND_OTHER;
}

static const char *kind_name(unsigned long long kind)
{
	static const char *const names[] = {
		[HEDDLE_KIND_INT] = "an integer of up to 4 bytes",
		[HEDDLE_KIND_LONG] = "an integer of 8 bytes",
		[HEDDLE_KIND_POINTER] = "a pointer",
		[HEDDLE_KIND_DOUBLE] = "a float or double",
		[HEDDLE_KIND_LONG_DOUBLE] = "a long double",
		[HEDDLE_KIND_STRUCT] = "a structure",
		[HEDDLE_KIND_OTHER] = "something else",
		[HEDDLE_KIND_FLOAT_COMPLEX] = "a float _Complex",
		[HEDDLE_KIND_COMPLEX] = "a double _Complex",
		[HEDDLE_KIND_LONG_COMPLEX] = "a long double _Complex",
	};

	return names[kind];
}

/* A pointer and an integer of its size travel alike; C++'s NULL is such an integer. */
static bool kinds_agree(unsigned long long wanted, unsigned long long passed)
{
	if (passed == HEDDLE_KIND_OTHER)
		return true;
	if (wanted == HEDDLE_KIND_POINTER || wanted == HEDDLE_KIND_LONG)
		return passed == HEDDLE_KIND_POINTER || passed == HEDDLE_KIND_LONG;
	return wanted == passed;
}

static size_t kinds_count(unsigned long long kinds)
{
	size_t count = 0;

	for (; kinds; kinds >>= BITS_EACH)
		count++;
	return count;
}

int kinds_check(const struct signature *signature, unsigned long long kinds, char *error,
		size_t error_size)
{
	size_t wanted = signature->argument_count, passed = kinds_count(kinds);

	if (kinds == KINDS_UNKNOWN)
		return 0;
	if (wanted != passed) {
		snprintf(error, error_size, "the signature has %zu argument%s, the call passes %zu",
			 wanted, wanted == 1 ? "" : "s", passed);
		return EINVAL;
	}
	for (size_t i = 0; i < wanted; i++, kinds >>= BITS_EACH) {
		unsigned long long kind = kind_of(&signature->arguments[i]);

		if (kinds_agree(kind, kinds & KIND_MASK))
			continue;
		snprintf(error, error_size,
			 "argument %zu: the signature has %s, the call passes %s", i + 1,
			 kind_name(kind), kind_name(kinds & KIND_MASK));
		return EINVAL;
	}
	return 0;
}
