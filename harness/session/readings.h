/* readings.h - which read-write locks a thread reads under, and where it began to: a lock only
 * counts its readers. */
#ifndef HEDDLE_SESSION_READINGS_H
#define HEDDLE_SESSION_READINGS_H

#include "session/session.h"

struct rwlock;

struct reading {
	const struct rwlock *lock;
	const void *pc;
};

void readings_add(struct thread *self, const struct rwlock *lock, const void *pc);
void readings_remove(struct thread *self, const struct rwlock *lock);
/* The last one that is not undone, or null. */
const struct reading *readings_find(const struct thread *thread, const struct rwlock *lock);

/* A thread that reads under it: the first one that has not ended, if there is such; -1 where there
 * is none. `reading`, which may be null, becomes its place. */
int64_t readings_holder(const struct rwlock *lock, const struct reading **reading);

/* The memory is another lock from now on. */
void readings_forget(const struct rwlock *lock);

#endif
