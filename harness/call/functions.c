#include "call/functions.h"

#include "call/function_table.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>

static int shape_compare(const char *what, struct shape function, struct shape signature,
			 char *error, size_t error_size)
{
	char wanted[64], given[64];

	if (shape_agrees(function, signature))
		return 0;
	shape_say(function, wanted, sizeof(wanted));
	shape_say(signature, given, sizeof(given));
	snprintf(error, error_size, "%s: the function has %s, the signature %s", what, wanted,
		 given);
	return EINVAL;
}

int functions_check(void (*function)(void), const struct signature *signature, char *error,
		    size_t error_size)
{
	const struct function *f = function_find((uintptr_t)function);
	char what[32];
	int code;

	if (!f)
		return 0;
	if (f->parameter_count != signature->argument_count) {
		snprintf(error, error_size, "the function has %u parameter%s, the signature %zu",
			 f->parameter_count, f->parameter_count == 1 ? "" : "s",
			 signature->argument_count);
		return EINVAL;
	}
	code = shape_compare("result", f->shapes[0], shape_of(&signature->result), error,
			     error_size);
	for (uint32_t i = 0; !code && i < f->parameter_count; i++) {
		snprintf(what, sizeof(what), "argument %u", i + 1);
		code = shape_compare(what, f->shapes[1 + i], shape_of(&signature->arguments[i]),
				     error, error_size);
	}
	return code;
}
