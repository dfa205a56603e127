/* heap_check.h - what is wrong with an access to the heap, or a free: the verdicts about blocks.
 *
 * Accesses are looked at where code has hooks; what is given to free() and realloc(), always. A
 * free by code with hooks counts as a write of the whole block for the race detector, in whatever
 * order it and another use of the block come. It is no event where all uses of the block are
 * ordered with it: then whatever depends on its order depends on what orders them. Where an
 * exhaustive search finds a use that is not, it begins anew and takes the frees of such blocks for
 * events, on the granules that they meet in.
 */
#ifndef HEDDLE_SESSION_HEAP_CHECK_H
#define HEDDLE_SESSION_HEAP_CHECK_H

#include "machine/heap_watch.h"
#include "model/op.h"

#include <stdbool.h>
#include <stddef.h>

struct thread;

/* The access is none of a block in use: does not return where it is one to be told of. */
void heap_bad_access(enum op op, const void *address, size_t bytes, const void *pc);

/* The current thread is now to carry out the access, or the operation on an object. */
static inline void heap_check(enum op op, const volatile void *address, size_t bytes,
			      const void *pc)
{
	if (heap_has((unsigned long)address) &&
	    __builtin_expect(!heap_may_access((unsigned long)address, bytes), 0))
		heap_bad_access(op, (const void *)(unsigned long)address, bytes, pc);
}

/* The same for an operation on an object that lies there. */
void heap_check_object(const struct thread *self, enum op op, const void *object, const void *pc);

/* Who has been woken or let through may find that the object is gone: POSIX allows to destroy it as
 * soon as nobody is blocked on it. */
static inline void heap_object(const struct thread *self, enum op op, const void *object,
			       const void *pc)
{
	if (__builtin_expect(heap_has((unsigned long)object), 0) && op != OP_WAKE && op != OP_PASS)
		heap_check_object(self, op, object, pc);
}

/* `block` is no block in use, and was given to free() or realloc(). Returns where the program is
 * not controlled. */
void heap_bad_free(const void *block, const void *pc);

/* A call that returns to `pc` is about to free `block`, unless that is no block: where it matters,
 * the others may go first. */
void heap_free_point(void *block, const void *pc);

/* A block has been allocated by a call that returns to `pc`, or is about to be freed by one. */
void heap_allocated(void *block, size_t bytes, const void *pc);
void heap_freed(void *block, const void *pc);

/* The next execution is to be recorded and ends as the last one did: stands still where the block
 * of its report is allocated and freed. Ends that. */
void heap_follow(void);
void heap_follow_end(void);

#endif
