/* guard.h - what a thread that waits in a loop waits for.
 *
 * Such a thread has read a few places and goes round the same turn for as long as they stay as they
 * are. So its next operation is possible once one of its guards is open: a place in memory holds
 * another value than the thread has read there, or the try-operation that failed would succeed.
 */
#ifndef HEDDLE_MODEL_GUARD_H
#define HEDDLE_MODEL_GUARD_H

#include "model/op.h"

#include <stdbool.h>
#include <stdint.h>

#define GUARDS_MAX 8u

struct guard {
	const void *object;
	enum op op; /* an access to memory, or a try-operation */
	uint32_t bytes;
	uint64_t value; /* what an access has read */
};

/* What is read is what was sent to the thread (interrupt.h). */
static inline bool guard_is_sent(enum op op)
{
	return op == OP_TESTCANCEL || op == OP_CANCEL_POINT;
}

/* What is read is a value in memory. */
static inline bool guard_is_memory(enum op op)
{
	return op_is_access(op) || guard_is_sent(op);
}

/* Operations that a waiting loop may consist of: those that can leave everything as it was. */
static inline bool guard_is_try(enum op op)
{
	return op == OP_TRYLOCK || op == OP_SPIN_TRYLOCK || op == OP_SEM_TRYWAIT ||
	       op == OP_TRYRDLOCK || op == OP_TRYWRLOCK;
}

#endif
