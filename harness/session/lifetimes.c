/*
 * lifetimes.c - the beginning and the end of synchronisation objects.
 *
 * What has been destroyed says so itself, in its own memory, and who did it where: so memory that
 * is given back, zeroed or made anew is no longer what it was, without anybody having to watch it.
 *
 * To have announced an operation is no event, so what is waited for by an announcement alone, as a
 * semaphore is, can be destroyed: whoever waits then finds that, at once.
 *
 * A condition variable may be destroyed when all that wait have been woken, a barrier when all that
 * it is for have come, also before these go on. They look at it no more then: they are released.
 */
#include "session/lifetimes.h"

#include "machine/memory.h"
#include "machine/real.h"
#include "model/adopt.h"
#include "model/barrier.h"
#include "model/cond.h"
#include "model/mutex.h"
#include "model/rwlock.h"
#include "model/word.h"
#include "session/misuse.h"
#include "session/readings.h"
#include "session/reduction.h"
#include "session/spin.h"
#include "session/step.h"

#include <errno.h>

_Static_assert(sizeof(struct sem_destroyed) <= sizeof(sem_t), "it lies in the program's object");
_Static_assert(sizeof(struct cond_destroyed) <= sizeof(struct cond) &&
		       sizeof(struct barrier_destroyed) <= sizeof(struct barrier),
	       "it lies in the program's object");

static void announce(struct thread *self, enum op op, void *object, const void *pc)
{
	spin_break(self);
	step_object(self, op, object, pc, true);
}

/* ---- mutexes */

/* Those of `attr` as the C library keeps them. */
static int kind_of(const pthread_mutexattr_t *attr, int32_t *kind)
{
	int type = PTHREAD_MUTEX_DEFAULT, robust = 0, protocol = 0, shared = 0;

	if (attr) {
		pthread_mutexattr_gettype(attr, &type);
		pthread_mutexattr_getrobust(attr, &robust);
		pthread_mutexattr_getprotocol(attr, &protocol);
		pthread_mutexattr_getpshared(attr, &shared);
	}
	if (robust == PTHREAD_MUTEX_ROBUST && protocol == PTHREAD_PRIO_PROTECT)
		return ENOTSUP;
	*kind = type | (robust == PTHREAD_MUTEX_ROBUST ? MUTEX_ROBUST : 0) |
		(protocol == PTHREAD_PRIO_INHERIT ? MUTEX_INHERIT : 0) |
		(protocol == PTHREAD_PRIO_PROTECT ? MUTEX_PROTECT : 0) |
		(shared == PTHREAD_PROCESS_SHARED ? MUTEX_SHARED : 0);
	return 0;
}

int lifetime_mutex_init(struct thread *self, pthread_mutex_t *object,
			const pthread_mutexattr_t *attr, const void *pc)
{
	struct mutex *mutex = (struct mutex *)object;
	int ceiling = 0;
	int32_t kind;
	int error = kind_of(attr, &kind);

	if (error)
		return error;
	announce(self, OP_MUTEX_INIT, mutex, pc);
	misuse_of_held_mutex(self, OP_MUTEX_INIT, mutex, pc);
	memory_zero(object, sizeof(*object));
	mutex->kind = kind;
	if (kind & MUTEX_PROTECT && !pthread_mutexattr_getprioceiling(attr, &ceiling))
		mutex->ceiling = (int16_t)ceiling;
	step_changed(mutex);
	return 0;
}

int lifetime_mutex_destroy(struct thread *self, pthread_mutex_t *object, const void *pc)
{
	struct mutex *mutex = (struct mutex *)object;

	announce(self, OP_MUTEX_DESTROY, mutex, pc);
	misuse_of_mutex(self, OP_MUTEX_DESTROY, mutex, pc);
	misuse_of_held_mutex(self, OP_MUTEX_DESTROY, mutex, pc);
	if (!mutex_is_free(mutex))
		return EBUSY;
	mutex->kind = MUTEX_DESTROYED;
	mutex->owner = (int32_t)self->number + 1;
	mutex->place = pc;
	return 0;
}

/* ---- condition variables */

int lifetime_cond_init(struct thread *self, pthread_cond_t *object, const pthread_condattr_t *attr,
		       const void *pc)
{
	struct cond *cond = (struct cond *)object;
	clockid_t clock = CLOCK_REALTIME;

	announce(self, OP_COND_INIT, cond, pc);
	misuse_of_waited_cond(self, OP_COND_INIT, cond, pc);
	memory_zero(object, sizeof(*object));
	if (attr)
		pthread_condattr_getclock(attr, &clock);
	cond->clock = COND_KNOWN | (clock == CLOCK_MONOTONIC);
	return 0;
}

/* They have been woken, or their time is over: the object is no matter to them any more. */
static void waiters_release(const struct cond *cond)
{
	for (uint32_t i = 0; i < execution.threads; i++)
		if (threads[i].phase == PHASE_PENDING && threads[i].op == OP_WAKE &&
		    threads[i].object == cond)
			threads[i].released = true;
}

int lifetime_cond_destroy(struct thread *self, pthread_cond_t *object, const void *pc)
{
	struct cond *cond = (struct cond *)object;

	announce(self, OP_COND_DESTROY, cond, pc);
	misuse_of_cond(self, OP_COND_DESTROY, cond, pc);
	misuse_of_waited_cond(self, OP_COND_DESTROY, cond, pc);
	waiters_release(cond);
	memory_zero(object, sizeof(*object));
	*(struct cond_destroyed *)cond = (struct cond_destroyed){
		.clock = COND_DESTROYED, .thread = self->number + 1, .place = pc};
	return 0;
}

/* ---- read-write locks */

int lifetime_rwlock_init(struct thread *self, pthread_rwlock_t *object,
			 const pthread_rwlockattr_t *attr, const void *pc)
{
	struct rwlock *lock = (struct rwlock *)object;
	int error;

	announce(self, OP_RWLOCK_INIT, lock, pc);
	misuse_of_held_rwlock(self, OP_RWLOCK_INIT, lock, pc);
	readings_forget(lock);
	error = real.pthread_rwlock_init(object, attr);
	step_changed(lock);
	return error;
}

int lifetime_rwlock_destroy(struct thread *self, pthread_rwlock_t *object, const void *pc)
{
	struct rwlock *lock = rwlock_adopt(object);

	announce(self, OP_RWLOCK_DESTROY, lock, pc);
	misuse_of_rwlock(self, OP_RWLOCK_DESTROY, lock, pc);
	misuse_of_held_rwlock(self, OP_RWLOCK_DESTROY, lock, pc);
	if (!rwlock_may_write(lock))
		return 0;
	lock->mark = RWLOCK_DESTROYED;
	lock->writer = (int32_t)self->number + 1;
	lock->place = pc;
	return 0;
}

/* ---- barriers */

int lifetime_barrier_init(struct thread *self, pthread_barrier_t *object,
			  const pthread_barrierattr_t *attr, unsigned count, const void *pc)
{
	int error;

	announce(self, OP_BARRIER_INIT, object, pc);
	misuse_of_waited_barrier(self, OP_BARRIER_INIT, (struct barrier *)object, pc);
	error = real.pthread_barrier_init(object, attr, count);
	if (!error)
		((struct barrier *)object)->shared |= ++execution.barriers << BARRIER_MADE_SHIFT;
	step_changed(object);
	return error;
}

/* Those who have come together and not yet gone on. */
static void members_release(struct barrier *barrier)
{
	for (uint32_t i = 0; i < execution.threads; i++) {
		struct thread *thread = &threads[i];

		if (thread->phase != PHASE_PENDING || thread->op != OP_PASS ||
		    thread->object != barrier || thread->released)
			continue;
		thread->released = true;
		thread->released_serial = barrier_pass(barrier, reduction_thread(thread));
	}
}

int lifetime_barrier_destroy(struct thread *self, pthread_barrier_t *object, const void *pc)
{
	struct barrier *barrier = barrier_adopt(object);

	announce(self, OP_BARRIER_DESTROY, barrier, pc);
	misuse_of_barrier(self, OP_BARRIER_DESTROY, barrier, pc);
	misuse_of_waited_barrier(self, OP_BARRIER_DESTROY, barrier, pc);
	members_release(barrier);
	memory_zero(object, sizeof(*object));
	*(struct barrier_destroyed *)barrier = (struct barrier_destroyed){
		.mark = BARRIER_DESTROYED, .thread = self->number + 1, .place = pc};
	return 0;
}

/* ---- semaphores */

int lifetime_sem_init(struct thread *self, sem_t *sem, int shared, unsigned value, const void *pc)
{
	if (value > SEM_WORD_MAX)
		return EINVAL;
	announce(self, OP_SEM_INIT, sem, pc);
	reduction_set(sem, value);
	real.sem_init(sem, shared, value);
	step_changed(sem);
	return 0;
}

int lifetime_sem_destroy(struct thread *self, sem_t *sem, const void *pc)
{
	announce(self, OP_SEM_DESTROY, sem, pc);
	misuse_of_sem(self, OP_SEM_DESTROY, sem, pc);
	*(struct sem_destroyed *)sem = (struct sem_destroyed){
		.value = SEM_DESTROYED, .mark = SEM_MARK, .place = pc, .thread = self->number + 1};
	step_changed(sem);
	return 0;
}

/* ---- spin locks */

int lifetime_spin_init(struct thread *self, pthread_spinlock_t *object, int shared, const void *pc)
{
	int32_t *lock = (int32_t *)object;

	(void)shared;
	announce(self, OP_SPIN_INIT, lock, pc);
	misuse_of_held_spin(self, OP_SPIN_INIT, lock, pc);
	*lock = SPIN_FREE;
	step_changed(lock);
	return 0;
}

int lifetime_spin_destroy(struct thread *self, pthread_spinlock_t *object, const void *pc)
{
	int32_t *lock = (int32_t *)object;

	announce(self, OP_SPIN_DESTROY, lock, pc);
	misuse_of_spin(self, OP_SPIN_DESTROY, lock, pc);
	misuse_of_held_spin(self, OP_SPIN_DESTROY, lock, pc);
	*lock = SPIN_DESTROYED;
	step_changed(lock);
	return 0;
}
