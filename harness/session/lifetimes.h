/* lifetimes.h - the beginning and the end of synchronisation objects: pthread_*_init, _destroy and
 * their like. Each is an event, as far as others can reach the object, for what they do with it
 * before the one and after the other is a misuse. Results are POSIX's. */
#ifndef HEDDLE_SESSION_LIFETIMES_H
#define HEDDLE_SESSION_LIFETIMES_H

#include "session/session.h"

#include <pthread.h>
#include <semaphore.h>

int lifetime_mutex_init(struct thread *self, pthread_mutex_t *mutex,
			const pthread_mutexattr_t *attr, const void *pc);
int lifetime_mutex_destroy(struct thread *self, pthread_mutex_t *mutex, const void *pc);
int lifetime_cond_init(struct thread *self, pthread_cond_t *cond, const pthread_condattr_t *attr,
		       const void *pc);
int lifetime_cond_destroy(struct thread *self, pthread_cond_t *cond, const void *pc);
int lifetime_rwlock_init(struct thread *self, pthread_rwlock_t *lock,
			 const pthread_rwlockattr_t *attr, const void *pc);
int lifetime_rwlock_destroy(struct thread *self, pthread_rwlock_t *lock, const void *pc);
int lifetime_barrier_init(struct thread *self, pthread_barrier_t *barrier,
			  const pthread_barrierattr_t *attr, unsigned count, const void *pc);
int lifetime_barrier_destroy(struct thread *self, pthread_barrier_t *barrier, const void *pc);
int lifetime_sem_init(struct thread *self, sem_t *sem, int shared, unsigned value, const void *pc);
int lifetime_sem_destroy(struct thread *self, sem_t *sem, const void *pc);
int lifetime_spin_init(struct thread *self, pthread_spinlock_t *lock, int shared, const void *pc);
int lifetime_spin_destroy(struct thread *self, pthread_spinlock_t *lock, const void *pc);

/* A semaphore's memory after its end, until it is made anew; `mark` is where sem_init() writes. */
struct sem_destroyed {
	uint64_t value;
	uint32_t mark, reserved; /* SEM_MARK */
	const void *place;
	uint64_t thread; /* who did it, plus 1 */
};

#define SEM_MARK 0x64656164u

#endif
