/* misuse.h - operations that POSIX gives no meaning to: asked for before they change the model,
 * each of these ends the execution where it finds one. All but the last few are called when the
 * operation has been chosen, so that in an exhaustive search what they find depends on the order of
 * events alone. Objects that were zeroed, or locked before the program was controlled, are good
 * ones. */
#ifndef HEDDLE_SESSION_MISUSE_H
#define HEDDLE_SESSION_MISUSE_H

#include "session/session.h"

struct barrier;
struct cond;
struct mutex;
struct rwlock;

/* Any operation on it: it has been destroyed. */
void misuse_of_mutex(struct thread *self, enum op op, const struct mutex *mutex, const void *pc);
void misuse_of_cond(struct thread *self, enum op op, const struct cond *cond, const void *pc);
void misuse_of_rwlock(struct thread *self, enum op op, const struct rwlock *lock, const void *pc);
void misuse_of_sem(struct thread *self, enum op op, const void *sem, const void *pc);
void misuse_of_spin(struct thread *self, enum op op, const int32_t *lock, const void *pc);
/* ... or not been made: a barrier for nobody. */
void misuse_of_barrier(struct thread *self, enum op op, const struct barrier *barrier,
		       const void *pc);

/* It is not the thread's own. */
void misuse_in_unlock(struct thread *self, const struct mutex *mutex, const void *pc);
void misuse_in_rwunlock(struct thread *self, const struct rwlock *lock, const void *pc);
void misuse_in_spin_unlock(struct thread *self, const int32_t *lock, const void *pc);

/* Its mutex is not the thread's own, or others wait with another one. Requires: `self->mutex` is
 * set. */
void misuse_in_wait(struct thread *self, const struct cond *cond, const void *pc);

/* To destroy it, or to make it anew: it is held, or waited for. */
void misuse_of_held_mutex(struct thread *self, enum op op, const struct mutex *mutex,
			  const void *pc);
void misuse_of_held_rwlock(struct thread *self, enum op op, const struct rwlock *lock,
			   const void *pc);
void misuse_of_held_spin(struct thread *self, enum op op, const int32_t *lock, const void *pc);
/* ... by those who have arrived, and not all have. */
void misuse_of_waited_barrier(struct thread *self, enum op op, const struct barrier *barrier,
			      const void *pc);
/* ... by more than have been woken. */
void misuse_of_waited_cond(struct thread *self, enum op op, const struct cond *cond,
			   const void *pc);

/* `thread`, which `self` joins or detaches, has been joined or detached. */
void misuse_of_thread(struct thread *self, enum op op, const struct thread *thread, const void *pc);

#endif
