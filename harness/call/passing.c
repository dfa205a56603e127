/*
 * passing.c - reads arguments whose types are known only at run time, and describes them to libffi.
 *
 * va_arg() wants its type at compile time. For scalars that is a switch. A structure is passed by
 * its *classes*, one for each eight bytes (System V ABI, AMD64 supplement, section 3.2.3): there
 * are six ways in all, and for each of them a type of the same classes stands here, so that the
 * compiler's own va_arg() does the work. Only a structure in memory is fetched by hand, from the
 * `overflow_arg_area` that the same section defines.
 *
 * Arrays inside structures: libffi has none, so each element becomes a member of its own. Layout
 * and classes are the same.
 */
#include "call/passing.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#ifndef __x86_64__
#error "structures by value are read by the rules of the System V ABI for x86-64"
#endif

enum class { CLASS_NONE, CLASS_SSE, CLASS_INTEGER, CLASS_MEMORY };

struct integer_integer {
	uint64_t a, b;
};
struct integer_sse {
	uint64_t a;
	double b;
};
struct sse_integer {
	double a;
	uint64_t b;
};
struct sse_sse {
	double a, b;
};

size_t passing_size(const struct type *type)
{
	size_t size = type->size < sizeof(ffi_arg) ? sizeof(ffi_arg) : type->size;

	return (size + 15) & ~(size_t)15;
}

static enum class scalar_class(const struct type *type) {
	switch (type->kind){
		case TYPE_REAL : return type->size > sizeof(double) ? CLASS_MEMORY : CLASS_SSE;
		case TYPE_COMPLEX : return type->size > sizeof(double _Complex) ? CLASS_MEMORY
										: CLASS_SSE;
		case TYPE_VOID : case TYPE_BOOL : case TYPE_SIGNED : case TYPE_UNSIGNED : case
		TYPE_POINTER : case TYPE_STRUCT : break;
	}
return CLASS_INTEGER;
}

/* Merges the classes of everything in `type`, which starts at `offset`, into `classes`. */
static void classify(const struct type *type, size_t offset, enum class classes[2])
{
	if (type->kind == TYPE_STRUCT) {
		for (size_t i = 0; i < type->member_count; i++) {
			const struct type *m = &type->members[i];

			for (size_t k = 0; k < m->repeat; k++)
				classify(m, offset + m->offset + k * m->size, classes);
		}
		return;
	}
	for (size_t byte = offset; byte < offset + type->size; byte++) {
		if (classes[byte / 8] < scalar_class(type))
			classes[byte / 8] = scalar_class(type);
	}
}

static void take_memory(va_list *arguments, const struct type *type, void *to)
{
	uintptr_t at = (uintptr_t)(*arguments)->overflow_arg_area;

	if (type->align > 8)
		at = (at + 15) & ~(uintptr_t)15;
	memcpy(to, (void *)at, type->size);
	(*arguments)->overflow_arg_area = (void *)((at + type->size + 7) & ~(uintptr_t)7);
}

#define TAKE(c)                                                                                    \
	do {                                                                                       \
		c value = va_arg(*arguments, c);                                                   \
		memcpy(to, &value, type->size < sizeof(value) ? type->size : sizeof(value));       \
	} while (0)

static void take_struct(va_list *arguments, const struct type *type, void *to)
{
	enum class classes[2] = {CLASS_NONE, CLASS_NONE};

	if (type->size <= 16)
		classify(type, 0, classes);
	if (type->size > 16 || classes[0] == CLASS_MEMORY || classes[1] == CLASS_MEMORY)
		take_memory(arguments, type, to);
	else if (classes[1] == CLASS_NONE && classes[0] == CLASS_SSE)
		TAKE(double);
	else if (classes[1] == CLASS_NONE)
		TAKE(uint64_t);
	else if (classes[0] == CLASS_SSE && classes[1] == CLASS_SSE)
		TAKE(struct sse_sse);
	else if (classes[0] == CLASS_SSE)
		TAKE(struct sse_integer);
	else if (classes[1] == CLASS_SSE)
		TAKE(struct integer_sse);
	else
		TAKE(struct integer_integer);
}

/* A float arrives as a double, whatever is narrower than an int as an int. */
static void take_real(va_list *arguments, const struct type *type, void *to)
{
	if (type->size == sizeof(float)) {
		float value = (float)va_arg(*arguments, double);

		memcpy(to, &value, sizeof(value));
	} else if (type->size == sizeof(double)) {
		TAKE(double);
	} else {
		TAKE(long double);
	}
}

static void take_complex(va_list *arguments, const struct type *type, void *to)
{
	if (type->size == sizeof(float _Complex))
		TAKE(float _Complex);
	else if (type->size == sizeof(double _Complex))
		TAKE(double _Complex);
	else
		TAKE(long double _Complex);
}

void passing_take(va_list *arguments, const struct type *type, void *to)
{
	switch (type->kind) {
	case TYPE_VOID:
		break;
	case TYPE_BOOL: {
		_Bool value = va_arg(*arguments, int) != 0;

		memcpy(to, &value, sizeof(value));
		break;
	}
	case TYPE_SIGNED:
	case TYPE_UNSIGNED:
		if (type->size <= sizeof(int))
			TAKE(int);
		else
			TAKE(long);
		break;
	case TYPE_POINTER:
		TAKE(void *);
		break;
	case TYPE_REAL:
		take_real(arguments, type, to);
		break;
	case TYPE_COMPLEX:
		take_complex(arguments, type, to);
		break;
	case TYPE_STRUCT:
		take_struct(arguments, type, to);
		break;
	}
}

static ffi_type *integer_ffi_type(const struct type *type)
{
	bool is_signed = type->kind == TYPE_SIGNED;

	switch (type->size) {
	case 1:
		return is_signed ? &ffi_type_sint8 : &ffi_type_uint8;
	case 2:
		return is_signed ? &ffi_type_sint16 : &ffi_type_uint16;
	case 4:
		return is_signed ? &ffi_type_sint32 : &ffi_type_uint32;
	}
	return is_signed ? &ffi_type_sint64 : &ffi_type_uint64;
}

static ffi_type *struct_ffi_type(struct pool *pool, const struct type *type)
{
	ffi_type *ffi = pool_allocate(pool, sizeof(*ffi));
	ffi_type **element;
	size_t count = 0;

	for (size_t i = 0; i < type->member_count; i++)
		count += type->members[i].repeat;
	element = pool_allocate(pool, (count + 1) * sizeof(ffi_type *));
	if (!ffi || !element)
		return NULL;
	*ffi = (ffi_type){.type = FFI_TYPE_STRUCT, .elements = element};
	for (size_t i = 0; i < type->member_count; i++) {
		ffi_type *member = passing_ffi_type(pool, &type->members[i]);

		if (!member)
			return NULL;
		for (size_t k = 0; k < type->members[i].repeat; k++)
			*element++ = member;
	}
	return ffi;
}

ffi_type *passing_ffi_type(struct pool *pool, const struct type *type)
{
	switch (type->kind) {
	case TYPE_VOID:
		return &ffi_type_void;
	case TYPE_BOOL:
	case TYPE_SIGNED:
	case TYPE_UNSIGNED:
		return integer_ffi_type(type);
	case TYPE_REAL:
		return type->size == sizeof(float)    ? &ffi_type_float
		       : type->size == sizeof(double) ? &ffi_type_double
						      : &ffi_type_longdouble;
	case TYPE_COMPLEX:
		return type->size == sizeof(float _Complex)    ? &ffi_type_complex_float
		       : type->size == sizeof(double _Complex) ? &ffi_type_complex_double
							       : &ffi_type_complex_longdouble;
	case TYPE_POINTER:
		return &ffi_type_pointer;
	case TYPE_STRUCT:
		return struct_ffi_type(pool, type);
	}
	return NULL;
}

void passing_give(const struct type *type, const void *from, void *to)
{
	ffi_arg whole;

	if (type->kind == TYPE_STRUCT || type->kind == TYPE_REAL || type->kind == TYPE_COMPLEX ||
	    type->size >= sizeof(whole)) {
		memcpy(to, from, type->size);
		return;
	}
	/* libffi widens a small integer to a whole register; its low bytes, which come first here,
	 * are the value. */
	memcpy(&whole, from, sizeof(whole));
	memcpy(to, &whole, type->size);
}
