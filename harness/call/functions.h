/* functions.h - what the program's own debug information says about its functions.
 *
 * Read once, before main() and so before any thread: nothing here locks, allocates from the heap or
 * reads files later on, and a run under heddle sees the same memory each time. Without debug
 * information every check passes.
 */
#ifndef HEDDLE_CALL_FUNCTIONS_H
#define HEDDLE_CALL_FUNCTIONS_H

#include "call/type.h"

#include <stddef.h>

/*
 * Compares `signature` with the function that starts at `function`: number, kind and size of its
 * parameters, kind and size of its result. Whether an integer is signed is not compared. Returns 0
 * when they fit or the function is not known; EINVAL with a sentence in `error` when they do not.
 */
int functions_check(void (*function)(void), const struct signature *signature, char *error,
		    size_t error_size);

#endif
