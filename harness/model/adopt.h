/* adopt.h - takes over an object that the C library itself has operated, before the program came
 * under control: its state there is not the model's.
 *
 * Called at each operation; a mark in the object says that it has been done, and is gone when the
 * memory is made anew. Nobody waits: who did is not under control. A lock that is held stays so.
 * Layouts: the C library's struct_rwlock.h, thread-shared-types.h and internaltypes.h, x86-64.
 */
#ifndef HEDDLE_MODEL_ADOPT_H
#define HEDDLE_MODEL_ADOPT_H

#include "model/barrier.h"
#include "model/cond.h"
#include "model/rwlock.h"

/* PTHREAD_RWLOCK_READER_SHIFT: below are flags, some of which an idle lock keeps. */
#define RWLOCK_READER_SHIFT 3
#define RWLOCK_KNOWN	    0x6b6e6f77u

static inline struct rwlock *rwlock_adopt(void *object)
{
	struct rwlock *lock = (struct rwlock *)object;

	if (lock->unused[0] == RWLOCK_KNOWN || lock->mark == RWLOCK_DESTROYED)
		return lock;
	lock->readers >>= RWLOCK_READER_SHIFT;
	lock->unused[0] = RWLOCK_KNOWN;
	lock->unused[1] = lock->unused[2] = 0;
	return lock;
}

/* __wrefs, of which bit 1 is the clock. */
#define COND_WREFS_WORD		9
#define COND_WREFS_CLOCK(wrefs) ((wrefs) >> 1 & 1)

static inline struct cond *cond_adopt(void *object)
{
	struct cond *cond = (struct cond *)object;
	uint32_t wrefs;

	if ((cond->clock & ~1u) == COND_KNOWN || cond->clock == COND_DESTROYED)
		return cond;
	wrefs = ((const uint32_t *)object)[COND_WREFS_WORD];
	*cond = (struct cond){.clock = COND_KNOWN | COND_WREFS_CLOCK(wrefs)};
	return cond;
}

/* In the place of the number of a barrier that was made under control. */
#define BARRIER_ADOPTED 0xffffffu

static inline struct barrier *barrier_adopt(void *object)
{
	struct barrier *barrier = (struct barrier *)object;

	if (barrier->shared >> BARRIER_MADE_SHIFT || !barrier->count)
		return barrier;
	barrier->arrived = barrier->generation = barrier->lowest = 0;
	barrier->shared |= BARRIER_ADOPTED << BARRIER_MADE_SHIFT;
	return barrier;
}

#endif
