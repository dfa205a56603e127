/* sync.h - semaphores, read-write locks, barriers, spin locks and once controls: a step, then the
 * model. Results are POSIX's error numbers; deadlines are virtual time, or DEADLINE_NONE. */
#ifndef HEDDLE_SESSION_SYNC_H
#define HEDDLE_SESSION_SYNC_H

#include "session/session.h"

#include <pthread.h>
#include <semaphore.h>

int sync_sem_wait(struct thread *self, sem_t *sem, uint64_t deadline_ns, const void *pc);
int sync_sem_trywait(struct thread *self, sem_t *sem, const void *pc);
int sync_sem_post(struct thread *self, sem_t *sem, const void *pc);

int sync_rdlock(struct thread *self, pthread_rwlock_t *lock, uint64_t deadline_ns, const void *pc);
int sync_wrlock(struct thread *self, pthread_rwlock_t *lock, uint64_t deadline_ns, const void *pc);
int sync_tryrdlock(struct thread *self, pthread_rwlock_t *lock, const void *pc);
int sync_trywrlock(struct thread *self, pthread_rwlock_t *lock, const void *pc);
int sync_rwunlock(struct thread *self, pthread_rwlock_t *lock, const void *pc);

int sync_barrier_wait(struct thread *self, pthread_barrier_t *barrier, const void *pc);

int sync_spin_lock(struct thread *self, pthread_spinlock_t *lock, const void *pc);
int sync_spin_trylock(struct thread *self, pthread_spinlock_t *lock, const void *pc);
int sync_spin_unlock(struct thread *self, pthread_spinlock_t *lock, const void *pc);

/* The guard of a static object in a C++ function. */
struct static_guard {
	uint8_t is_made; /* the compiler's */
	uint8_t unused[3];
	int32_t control;
};

/* 1 where the caller is to make the object, and then to call sync_guard_end(); 0 where it is there.
 */
int sync_guard_acquire(struct thread *self, struct static_guard *guard, const void *pc);
/* `is_made` is in the guard already. */
void sync_guard_end(struct thread *self, struct static_guard *guard, const void *pc);

int sync_once(struct thread *self, pthread_once_t *control, void (*initialise)(void),
	      const void *pc);

/* The thread is in the initialiser of that pthread_once_t. */
bool sync_is_initialising(const struct thread *thread, const void *control);

/* The thread ends: initialisers that it was in are to be run by others. */
void sync_onces_leave(struct thread *self);

#endif
