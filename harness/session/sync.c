/*
 * sync.c - the objects whose operations are one question and one change.
 *
 * Each follows the same pattern: a point, which waits until the operation is possible or its
 * deadline has passed; then the change; then a look at who is enabled by it.
 *
 * What orders what, for races: a semaphore's post with every later wait; in a read-write lock a
 * writer's unlock with all that lock after it, a reader's with writers only, so readers give at the
 * next address; all arrivals of one time at a barrier with its passes.
 */
#include "session/sync.h"

#include "model/barrier.h"
#include "model/rwlock.h"
#include "model/word.h"
#include "session/note.h"
#include "session/races.h"
#include "session/record.h"
#include "session/reduction.h"
#include "session/step.h"

#include <errno.h>

_Static_assert(sizeof(struct rwlock) <= sizeof(pthread_rwlock_t),
	       "the model lies in the program's object");
_Static_assert(sizeof(struct barrier) <= sizeof(pthread_barrier_t),
	       "the model lies in the program's object");

/* A point before an operation that is possible now, or not. Always one when it has to wait: whoever
 * ends that is another thread. */
static void point(struct thread *self, enum op op, void *object, const void *pc, bool now)
{
	if (step_is_visible(self, object) || !now)
		step_point(self, op, object, 0, pc, now);
	else
		record_unannounced(self, op, object, 0, pc);
}

static void point_until(struct thread *self, enum op op, void *object, uint64_t deadline_ns,
			const void *pc, bool now)
{
	if (session.learned && deadline_ns != DEADLINE_NONE)
		note_uncontrolled("a timeout other than when nothing else can run", pc);
	self->deadline_ns = deadline_ns;
	self->timed_out = false;
	point(self, op, object, pc, now);
	self->deadline_ns = DEADLINE_NONE;
}

static int result(const void *object, int error)
{
	if (!error)
		return 0;
	record_value((uint64_t)error);
	reduction_failed(object);
	return error;
}

/* What stands for a part of an object: an address in it. */
static const void *readers_of(const struct rwlock *lock)
{
	return (const char *)lock + 1;
}

/* Threads may arrive for the next time before all have passed. */
static const void *arrivals_of(const struct barrier *barrier, uint32_t generation)
{
	return (const char *)barrier + generation % 2;
}

int sync_sem_wait(struct thread *self, sem_t *sem, uint64_t deadline_ns, const void *pc)
{
	uint32_t *value = (uint32_t *)sem;

	point_until(self, OP_SEM_WAIT, value, deadline_ns, pc, sem_may_wait(value));
	if (!sem_may_wait(value))
		return result(value, ETIMEDOUT);
	reduction_number(value, (*value)--);
	races_take(self, value);
	step_changed(value);
	return 0;
}

int sync_sem_trywait(struct thread *self, sem_t *sem, const void *pc)
{
	uint32_t *value = (uint32_t *)sem;

	point(self, OP_SEM_TRYWAIT, value, pc, true);
	reduction_number(value, *value);
	if (!sem_may_wait(value))
		return result(value, EAGAIN);
	--*value;
	races_take(self, value);
	step_changed(value);
	return 0;
}

int sync_sem_post(struct thread *self, sem_t *sem, const void *pc)
{
	uint32_t *value = (uint32_t *)sem;

	point(self, OP_SEM_POST, value, pc, true);
	if (*value >= SEM_WORD_MAX)
		return result(value, EOVERFLOW);
	reduction_number(value, (*value)++);
	races_give_more(self, value);
	step_changed(value);
	return 0;
}

int sync_rdlock(struct thread *self, pthread_rwlock_t *object, uint64_t deadline_ns, const void *pc)
{
	struct rwlock *lock = (struct rwlock *)object;

	if (rwlock_misuse(lock, self->number))
		return EDEADLK;
	point_until(self, OP_RDLOCK, lock, deadline_ns, pc, rwlock_may_read(lock));
	if (!rwlock_may_read(lock))
		return result(lock, ETIMEDOUT);
	rwlock_read(lock);
	races_take(self, lock);
	step_changed(lock);
	return 0;
}

int sync_wrlock(struct thread *self, pthread_rwlock_t *object, uint64_t deadline_ns, const void *pc)
{
	struct rwlock *lock = (struct rwlock *)object;

	if (rwlock_misuse(lock, self->number))
		return EDEADLK;
	point_until(self, OP_WRLOCK, lock, deadline_ns, pc, rwlock_may_write(lock));
	if (!rwlock_may_write(lock))
		return result(lock, ETIMEDOUT);
	rwlock_write(lock, self->number);
	races_take(self, lock);
	races_take(self, readers_of(lock));
	step_changed(lock);
	return 0;
}

int sync_tryrdlock(struct thread *self, pthread_rwlock_t *object, const void *pc)
{
	struct rwlock *lock = (struct rwlock *)object;

	point(self, OP_TRYRDLOCK, lock, pc, true);
	if (!rwlock_may_read(lock))
		return result(lock, EBUSY);
	rwlock_read(lock);
	races_take(self, lock);
	step_changed(lock);
	return 0;
}

int sync_trywrlock(struct thread *self, pthread_rwlock_t *object, const void *pc)
{
	struct rwlock *lock = (struct rwlock *)object;

	point(self, OP_TRYWRLOCK, lock, pc, true);
	if (!rwlock_may_write(lock))
		return result(lock, EBUSY);
	rwlock_write(lock, self->number);
	races_take(self, lock);
	races_take(self, readers_of(lock));
	step_changed(lock);
	return 0;
}

int sync_rwunlock(struct thread *self, pthread_rwlock_t *object, const void *pc)
{
	struct rwlock *lock = (struct rwlock *)object;
	bool writes = lock->writer == (int32_t)self->number + 1;
	int error;

	point(self, OP_RWUNLOCK, lock, pc, true);
	/* To the reduction a reader's unlock is another operation than a writer's. */
	if (!rwlock_misuse(lock, self->number))
		reduction_failed(lock);
	error = rwlock_release(lock, self->number);
	if (!error && writes)
		races_give(self, lock);
	else if (!error)
		races_give_more(self, readers_of(lock));
	step_changed(lock);
	return result(lock, error);
}

int sync_barrier_wait(struct thread *self, pthread_barrier_t *object, const void *pc)
{
	struct barrier *barrier = (struct barrier *)object;

	point(self, OP_ARRIVE, barrier, pc, true);
	if (session.reducing && !barrier_arrival_commutes(barrier, self->number))
		note_uncontrolled("changing threads at a barrier, in dpor", pc);
	self->wait_number = barrier_arrive(barrier, self->number);
	reduction_number(barrier, self->wait_number);
	races_give_more(self, arrivals_of(barrier, self->wait_number));
	step_changed(barrier);
	point(self, OP_PASS, barrier, pc, barrier_may_pass(barrier, self->wait_number));
	races_take(self, arrivals_of(barrier, self->wait_number));
	return barrier_is_serial(barrier, self->number) ? PTHREAD_BARRIER_SERIAL_THREAD : 0;
}

int sync_spin_lock(struct thread *self, pthread_spinlock_t *object, const void *pc)
{
	int32_t *lock = (int32_t *)object;

	point(self, OP_SPIN_LOCK, lock, pc, spin_is_free(lock));
	*lock = SPIN_HELD;
	races_take(self, lock);
	step_changed(lock);
	return 0;
}

int sync_spin_trylock(struct thread *self, pthread_spinlock_t *object, const void *pc)
{
	int32_t *lock = (int32_t *)object;

	point(self, OP_SPIN_TRYLOCK, lock, pc, true);
	if (!spin_is_free(lock))
		return result(lock, EBUSY);
	*lock = SPIN_HELD;
	races_take(self, lock);
	step_changed(lock);
	return 0;
}

int sync_spin_unlock(struct thread *self, pthread_spinlock_t *object, const void *pc)
{
	int32_t *lock = (int32_t *)object;

	point(self, OP_SPIN_UNLOCK, lock, pc, true);
	*lock = SPIN_FREE;
	races_give(self, lock);
	step_changed(lock);
	return 0;
}

int sync_once(struct thread *self, pthread_once_t *object, void (*initialise)(void), const void *pc)
{
	int32_t *control = (int32_t *)object;

	if (session.reducing && !once_may_go(control))
		note_uncontrolled("waiting for an initialiser, in dpor", pc);
	point(self, OP_ONCE, control, pc, once_may_go(control));
	races_take(self, control);
	if (*control == ONCE_DONE)
		return 0;
	*control = ONCE_RUNNING;
	step_changed(control);
	initialise();
	*control = ONCE_DONE;
	races_give(self, control);
	step_changed(control);
	return 0;
}

int sync_guard_acquire(struct thread *self, struct guard *guard, const void *pc)
{
	int32_t *control = &guard->control;

	if (session.reducing && !once_may_go(control))
		note_uncontrolled("waiting for an initialiser, in dpor", pc);
	if (!guard->is_made)
		point(self, OP_ONCE, control, pc, once_may_go(control));
	races_take(self, control);
	if (guard->is_made)
		return 0;
	*control = ONCE_RUNNING;
	step_changed(control);
	return 1;
}

void sync_guard_end(struct thread *self, struct guard *guard)
{
	guard->control = ONCE_NEW;
	races_give(self, &guard->control);
	step_changed(&guard->control);
}
