/*
 * objects.c - mutexes and condition variables under control.
 *
 * An operation on an object that only one thread can reach is no scheduling point in an exhaustive
 * search, but one that has to wait always is: whoever is to end the wait is another thread.
 */
#include "session/objects.h"

#include "machine/memory.h"
#include "model/cond.h"
#include "model/mutex.h"
#include "session/interrupt.h"
#include "session/races.h"
#include "session/record.h"
#include "session/reduction.h"
#include "session/spin.h"
#include "session/step.h"

#include <errno.h>

_Static_assert(sizeof(struct mutex) <= sizeof(pthread_mutex_t),
	       "the model lies in the program's object");
_Static_assert(sizeof(struct cond) <= sizeof(pthread_cond_t),
	       "the model lies in the program's object");

static struct mutex *mutex_at(pthread_mutex_t *mutex)
{
	return (struct mutex *)mutex;
}

static struct cond *cond_at(pthread_cond_t *cond)
{
	return (struct cond *)cond;
}

int object_mutex_lock(struct thread *self, pthread_mutex_t *object, const void *pc)
{
	struct mutex *mutex = mutex_at(object);
	int error = mutex_relock(mutex, self->number);

	if (error >= 0)
		return error;
	if (spin_is_silent(self, OP_LOCK, mutex, 0, pc))
		return 0;
	step_object(self, OP_LOCK, mutex, pc, mutex_is_free(mutex));
	mutex_acquire(mutex, self->number);
	races_take(self, mutex);
	step_changed(mutex);
	return 0;
}

int object_mutex_timedlock(struct thread *self, pthread_mutex_t *object, uint64_t deadline_ns,
			   const void *pc)
{
	struct mutex *mutex = mutex_at(object);
	int error = mutex_relock(mutex, self->number);

	if (error >= 0)
		return error;
	spin_break(self);
	step_object_until(self, OP_LOCK, mutex, deadline_ns, pc, mutex_is_free(mutex));
	if (!mutex_is_free(mutex)) {
		record_value(ETIMEDOUT);
		return ETIMEDOUT;
	}
	mutex_acquire(mutex, self->number);
	races_take(self, mutex);
	step_changed(mutex);
	return 0;
}

int object_mutex_trylock(struct thread *self, pthread_mutex_t *object, const void *pc)
{
	struct mutex *mutex = mutex_at(object);
	int error;

	if (spin_is_silent(self, OP_TRYLOCK, mutex, 0, pc))
		return EBUSY;
	step_object(self, OP_TRYLOCK, mutex, pc, true);
	error = mutex_try(mutex, self->number);
	record_value((uint64_t)error);
	if (error) {
		reduction_failed(mutex);
	} else {
		races_take(self, mutex);
		step_changed(mutex);
	}
	return error;
}

int object_mutex_unlock(struct thread *self, pthread_mutex_t *object, const void *pc)
{
	struct mutex *mutex = mutex_at(object);
	int error;

	if (mutex_kind(mutex) == MUTEX_RECURSIVE && mutex->count > 1)
		return mutex_release(mutex, self->number);
	if (spin_is_silent(self, OP_UNLOCK, mutex, 0, pc))
		return 0;
	step_object(self, OP_UNLOCK, mutex, pc, true);
	error = mutex_release(mutex, self->number);
	if (error)
		record_value((uint64_t)error);
	else
		races_give(self, mutex);
	step_changed(mutex);
	return error;
}

int object_mutex_init(pthread_mutex_t *object, const pthread_mutexattr_t *attr)
{
	struct mutex *mutex = mutex_at(object);
	int kind = PTHREAD_MUTEX_DEFAULT;

	memory_zero(object, sizeof(*object));
	if (attr)
		pthread_mutexattr_gettype(attr, &kind);
	mutex->kind = kind;
	return 0;
}

int object_mutex_destroy(pthread_mutex_t *object)
{
	return mutex_is_free(mutex_at(object)) ? 0 : EBUSY;
}

static void issue(struct cond *cond, uint32_t count);

/* Takes no token where others could: one that it has is passed on to whoever waits now. */
static void leave(struct thread *self, struct cond *cond)
{
	if (!cond_may_wake(cond, self->wait_number)) {
		cond_leave(cond);
		return;
	}
	cond_wake(cond, self->wait_number);
	issue(cond, 1);
}

/* Waits to be woken, and for the mutex. Returns 0, ETIMEDOUT, or ECANCELED. */
static int wake(struct thread *self, struct cond *cond, uint64_t deadline_ns, const void *pc)
{
	int result = 0;

	self->deadline_ns = deadline_ns;
	self->timed_out = false;
	step_point(self, OP_WAKE, cond, 0, pc, false);
	self->deadline_ns = DEADLINE_NONE;
	if (interrupt_is_due(self)) {
		leave(self, cond);
		result = ECANCELED;
	} else if (cond_may_wake(cond, self->wait_number)) {
		cond_wake(cond, self->wait_number);
	} else {
		cond_leave(cond);
		result = ETIMEDOUT;
		record_value(ETIMEDOUT);
	}
	return result;
}

int object_cond_wait(struct thread *self, pthread_cond_t *object, pthread_mutex_t *with,
		     uint64_t deadline_ns, const void *pc)
{
	struct cond *cond = cond_at(object);
	struct mutex *mutex = mutex_at(with);
	bool visible = step_is_visible(self, mutex);
	uint32_t depth;
	int result;

	spin_break(self);
	if (mutex_kind(mutex) == MUTEX_ERRORCHECK && mutex_owner(mutex) != (int64_t)self->number)
		return EPERM;
	step_timeout_note(deadline_ns, pc);
	self->mutex = mutex;
	if (step_is_visible(self, cond) || visible)
		step_point(self, OP_WAIT, cond, 0, pc, true);
	else
		record_unannounced(self, OP_WAIT, cond, 0, pc);
	self->wait_number = cond_enqueue(cond);
	depth = mutex_release_all(mutex);
	races_give(self, mutex);
	step_changed(mutex);
	interrupt_point_begin(self, INTERRUPT_GOES_ON);
	result = wake(self, cond, deadline_ns, pc);
	interrupt_point_end(self);
	mutex_retake(mutex, self->number, depth);
	races_take(self, mutex);
	self->mutex = 0;
	step_changed(mutex);
	if (result == ECANCELED)
		interrupt_act(self);
	return result;
}

static void issue(struct cond *cond, uint32_t count)
{
	if (cond->tokens == cond->waiters)
		reduction_failed(cond);
	while (cond_issue(cond, count)) {
		uint64_t room = cond->more ? cond->more->room * 2 : 8;
		struct cond_more *more =
			room_take(sizeof(*more) + room * sizeof(struct cond_tokens));

		more->room = room;
		if (cond->more)
			memory_copy(more->list, cond->more->list,
				    cond->more->room * sizeof(*more->list));
		cond->more = more;
	}
	step_changed(cond);
}

int object_cond_signal(struct thread *self, pthread_cond_t *object, const void *pc)
{
	step_object(self, OP_SIGNAL, cond_at(object), pc, true);
	issue(cond_at(object), 1);
	return 0;
}

int object_cond_broadcast(struct thread *self, pthread_cond_t *object, const void *pc)
{
	step_object(self, OP_BROADCAST, cond_at(object), pc, true);
	issue(cond_at(object), UINT32_MAX);
	return 0;
}

int object_cond_init(pthread_cond_t *object, const pthread_condattr_t *attr)
{
	clockid_t clock = CLOCK_REALTIME;

	memory_zero(object, sizeof(*object));
	if (attr)
		pthread_condattr_getclock(attr, &clock);
	cond_at(object)->clock = clock == CLOCK_MONOTONIC;
	return 0;
}

clockid_t object_cond_clock(const pthread_cond_t *object)
{
	return ((const struct cond *)object)->clock ? CLOCK_MONOTONIC : CLOCK_REALTIME;
}
