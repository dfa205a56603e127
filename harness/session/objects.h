/* objects.h - the operations of mutexes and condition variables: a step, then the model. Results
 * are POSIX's. */
#ifndef HEDDLE_SESSION_OBJECTS_H
#define HEDDLE_SESSION_OBJECTS_H

#include "session/session.h"

#include <pthread.h>
#include <time.h>

int object_mutex_lock(struct thread *self, pthread_mutex_t *mutex, const void *pc);
int object_mutex_trylock(struct thread *self, pthread_mutex_t *mutex, const void *pc);
int object_mutex_unlock(struct thread *self, pthread_mutex_t *mutex, const void *pc);

/* A robust mutex whose owner has ended is as it should be again: EINVAL where it is no such. */
int object_mutex_consistent(struct thread *self, pthread_mutex_t *mutex);

/* The priority ceiling: EINVAL where the mutex has none. To set it is to lock it meanwhile. */
int object_mutex_ceiling(const pthread_mutex_t *mutex, int *ceiling);
int object_mutex_set_ceiling(struct thread *self, pthread_mutex_t *mutex, int ceiling, int *before,
			     const void *pc);

/* The thread ends, and with it its robust mutexes lose their owner. */
void object_owner_ends(struct thread *self);

/* As object_mutex_lock, but ETIMEDOUT when the virtual clock passes `deadline_ns`. */
int object_mutex_timedlock(struct thread *self, pthread_mutex_t *mutex, uint64_t deadline_ns,
			   const void *pc);

/* `deadline_ns` is virtual time, or DEADLINE_NONE. */
int object_cond_wait(struct thread *self, pthread_cond_t *cond, pthread_mutex_t *mutex,
		     uint64_t deadline_ns, const void *pc);
int object_cond_signal(struct thread *self, pthread_cond_t *cond, const void *pc);
int object_cond_broadcast(struct thread *self, pthread_cond_t *cond, const void *pc);

/* The clock that the timed waits of `cond` use. */
clockid_t object_cond_clock(const pthread_cond_t *cond);

#endif
