/* rwlock.h - what a read-write lock is while a program is controlled.
 *
 * Lives in the program's own pthread_rwlock_t, whose all-zero state is free. Readers are counted,
 * the writer is named. A lock is granted whenever the state allows it: which of several waiters is
 * preferred is a choice of the schedule, as POSIX leaves it open.
 */
#ifndef HEDDLE_MODEL_RWLOCK_H
#define HEDDLE_MODEL_RWLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* Laid over pthread_rwlock_t (struct_rwlock.h, x86-64): `readers` and `writer` are in the places of
 * its own; `unused` has the mark of adopt.h. */
struct rwlock {
	uint32_t readers;
	uint32_t unused[3];
	uint32_t known; /* how many of the readers have come under control */
	uint32_t mark;	/* RWLOCK_DESTROYED */
	int32_t writer; /* thread number + 1, or 0; of a destroyed one, who did it */
	uint32_t shared;
	uint64_t elision;
	const void *place; /* where the writer locked it, or it was destroyed */
	uint32_t kind;
};

#define RWLOCK_DESTROYED 0x64656164u

static inline bool rwlock_may_read(const struct rwlock *lock)
{
	return !lock->writer || lock->mark == RWLOCK_DESTROYED;
}

static inline bool rwlock_may_write(const struct rwlock *lock)
{
	return rwlock_may_read(lock) && !lock->readers;
}

/* EDEADLK where `thread` holds the lock for writing itself, else 0. */
int rwlock_misuse(const struct rwlock *lock, uint32_t thread);

/* Require: the lock may be taken so. rwlock_read returns EAGAIN at the greatest number of readers.
 */
int rwlock_read(struct rwlock *lock);
void rwlock_write(struct rwlock *lock, uint32_t thread);

/* Gives up what `thread` holds: the writing where it is the writer, else one reading. EPERM where
 * nobody holds it. */
int rwlock_release(struct rwlock *lock, uint32_t thread);

#endif
