/* stacks.h - where the stacks of a reported process lie, in the words of the report room. */
#ifndef HEDDLE_CLI_STACKS_H
#define HEDDLE_CLI_STACKS_H

#include "report/symbols.h"
#include "session/shared.h"

#include <stddef.h>

/* Fills `stacks`, which has room for SHARED_THREADS_MAX. Returns how many. */
size_t stacks_find(const struct report *report, struct symbols_stack *stacks);

#endif
