/* kinds.h - do the arguments that were passed fit the signature?
 *
 * Compares with what the compiler noted at the call (HEDDLE_KIND_* in <heddle.h>). Pure.
 */
#ifndef HEDDLE_CALL_KINDS_H
#define HEDDLE_CALL_KINDS_H

#include "call/type.h"

#include <stddef.h>

/* What a caller passes who knows nothing of the arguments. */
#define KINDS_UNKNOWN (~0ull)

/* Returns 0, or EINVAL with a sentence in `error`. */
int kinds_check(const struct signature *signature, unsigned long long kinds, char *error,
		size_t error_size);

#endif
