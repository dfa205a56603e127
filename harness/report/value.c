/*
 * value.c - values of memory in words.
 *
 * A pointer is shown as what it points to, since an address differs from machine to machine and
 * says nothing. What has no known type is a pointer when it points somewhere, and else a number.
 */
#include "report/inside.h"

#include "report/own.h"
#include "report/variables.h"

#include <ctype.h>
#include <string.h>

/* No variable or heap of a 64-bit process lies lower, unless it was linked to fixed addresses:
 * there a number of known type stays a number. */
#define SURELY_ADDRESS (1ul << 32)
/* Of unknown type: what is this close below zero is negative. */
#define CLOSE_TO_ZERO 4096

static int64_t sign_extended(uint64_t value, uint32_t size)
{
	unsigned unused = 64 - 8 * size;

	return (int64_t)(value << unused) >> unused;
}

static const char *text_of_float(struct symbols *symbols, uint64_t value, uint32_t size)
{
	float small;
	double number;

	memcpy(&small, &value, sizeof(small));
	memcpy(&number, &value, sizeof(number));
	if (size == sizeof(small))
		return inside_text(symbols, "%.9g", (double)small);
	return inside_text(symbols, "%.17g", number);
}

static const char *text_of_unknown(struct symbols *symbols, uint64_t value, uint32_t size)
{
	int64_t number = sign_extended(value, size);

	if (number < 0 && number >= -CLOSE_TO_ZERO)
		return inside_text(symbols, "%ld", (long)number);
	return inside_text(symbols, value < SURELY_ADDRESS ? "%lu" : "0x%lx", (unsigned long)value);
}

static bool may_be_pointer(uint64_t value, uint32_t size, enum symbols_type type)
{
	if (size != sizeof(void *))
		return false;
	return type == SYMBOLS_POINTER || type == SYMBOLS_THREAD ||
	       (type == SYMBOLS_UNKNOWN && value >= 4096) ||
	       (value >= SURELY_ADDRESS && type != SYMBOLS_FLOAT);
}

static const char *text_of_pointer(struct symbols *symbols, uint64_t value)
{
	const struct symbols_object *object = symbols_object(symbols, value, VARIABLES_WHOLE);

	if (!strcmp(object->name, "?"))
		return NULL;
	return object->is_variable ? inside_text(symbols, "&%s", object->name) : object->name;
}

/* For a null `symbols`: the last one asked for. */
static const char *text_without_symbols(uint64_t value)
{
	static char text[32];

	snprintf(text, sizeof(text), "%lu", (unsigned long)value);
	return text;
}

const char *symbols_value(struct symbols *symbols, uint64_t value, uint32_t size,
			  enum symbols_type type)
{
	const char *pointer;

	if (!symbols)
		return text_without_symbols(value);
	if (!size || size > sizeof(value))
		size = sizeof(value);
	if (size < sizeof(value))
		value &= (1ul << 8 * size) - 1;
	if (type == SYMBOLS_THREAD && (pointer = own_handle(symbols, value)))
		return pointer;
	if (may_be_pointer(value, size, type)) {
		pointer = value ? text_of_pointer(symbols, value) : "NULL";
		if (pointer)
			return pointer;
	}
	switch (type) {
	case SYMBOLS_SIGNED:
		return inside_text(symbols, "%ld", (long)sign_extended(value, size));
	case SYMBOLS_UNSIGNED:
		return inside_text(symbols, "%lu", (unsigned long)value);
	case SYMBOLS_BOOLEAN:
		if (value < 2)
			return value ? "true" : "false";
		break;
	case SYMBOLS_CHARACTER:
		if (size == 1 && isgraph((int)value))
			return inside_text(symbols, "'%c'", (char)value);
		return inside_text(symbols, "%ld", (long)sign_extended(value, size));
	case SYMBOLS_FLOAT:
		if (size == sizeof(float) || size == sizeof(double))
			return text_of_float(symbols, value, size);
		break;
	case SYMBOLS_POINTER:
	case SYMBOLS_THREAD:
		return inside_text(symbols, "0x%lx", (unsigned long)value);
	case SYMBOLS_UNKNOWN:
		break;
	}
	return text_of_unknown(symbols, value, size);
}
