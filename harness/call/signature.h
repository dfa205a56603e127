/* signature.h - reads a function's type as it is written in C: "int(const char *, double)".
 *
 * The language is described at heddle_thread() in <heddle.h>. Pure: allocates from the pool that it
 * is given and touches nothing else.
 */
#ifndef HEDDLE_CALL_SIGNATURE_H
#define HEDDLE_CALL_SIGNATURE_H

#include "call/pool.h"
#include "call/type.h"

#define SIGNATURE_ARGUMENTS_MAX 64
#define SIGNATURE_STRUCT_MAX                                                                       \
	65536 /* bytes of a structure: an array of a typing error must not eat the memory */
#define SIGNATURE_DEPTH_MAX 16 /* structures in structures */

/*
 * Reads `text` into `*signature`, which lives as long as `pool`.
 *
 * Returns 0; EINVAL when it cannot be read, with a sentence in `error` that names the character
 * (from 1) at which reading stopped; ENOMEM. `error` has room for `error_size` > 0 bytes and is
 * empty on success.
 */
int signature_parse(struct signature *signature, struct pool *pool, const char *text, char *error,
		    size_t error_size);

#endif
