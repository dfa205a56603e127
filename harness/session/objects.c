/*
 * objects.c - mutexes and condition variables under control.
 *
 * An operation on an object that only one thread can reach is no scheduling point in an exhaustive
 * search, but one that has to wait always is: whoever is to end the wait is another thread.
 */
#include "session/objects.h"

#include "machine/memory.h"
#include "model/adopt.h"
#include "model/cond.h"
#include "model/mutex.h"
#include "session/clock.h"
#include "session/interrupt.h"
#include "session/misuse.h"
#include "session/races.h"
#include "session/record.h"
#include "session/reduction.h"
#include "session/spin.h"
#include "session/step.h"
#include "session/timeouts.h"

#include <errno.h>
#include <sched.h>

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
	return cond_adopt(cond);
}

static void robust_add(struct thread *self, struct mutex *mutex)
{
	mutex->next = self->robust;
	self->robust = mutex;
}

static void robust_remove(struct thread *self, const struct mutex *mutex)
{
	struct mutex **link = &self->robust;

	while (*link && *link != mutex)
		link = &(*link)->next;
	if (*link)
		*link = mutex->next;
}

/* A lock that found it free has come to `error`: 0, EOWNERDEAD or ENOTRECOVERABLE. */
static int taken(struct thread *self, struct mutex *mutex, int error, const void *pc)
{
	if (__builtin_expect(error, 0)) {
		record_value((uint64_t)error);
		if (error != EOWNERDEAD) {
			reduction_void(mutex);
			return error;
		}
	}
	mutex->place = pc;
	if (__builtin_expect(mutex_is_robust(mutex), 0) && mutex->count == 1)
		robust_add(self, mutex);
	races_take(self, mutex);
	step_changed(mutex);
	return error;
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
	misuse_of_mutex(self, OP_LOCK, mutex, pc);
	return taken(self, mutex, mutex_take(mutex, self->number), pc);
}

int object_mutex_timedlock(struct thread *self, pthread_mutex_t *object, uint64_t deadline_ns,
			   const void *pc)
{
	struct mutex *mutex = mutex_at(object);
	int error = mutex_relock(mutex, self->number);

	if (error >= 0)
		return error;
	if (deadline_ns == DEADLINE_WRONG) {
		error = object_mutex_trylock(self, object, pc);
		return error == EBUSY ? EINVAL : error;
	}
	if (spin_is_silent(self, OP_TRYLOCK, mutex, 0, pc))
		return ETIMEDOUT;
	step_object_until(self, OP_TRYLOCK, mutex, deadline_ns, pc, mutex_is_free(mutex));
	misuse_of_mutex(self, OP_TRYLOCK, mutex, pc);
	if (!mutex_is_free(mutex))
		return timeout_fail(self, mutex, deadline_ns);
	return taken(self, mutex, mutex_take(mutex, self->number), pc);
}

int object_mutex_trylock(struct thread *self, pthread_mutex_t *object, const void *pc)
{
	struct mutex *mutex = mutex_at(object);
	int error;

	if (spin_is_silent(self, OP_TRYLOCK, mutex, 0, pc))
		return EBUSY;
	step_object(self, OP_TRYLOCK, mutex, pc, true);
	misuse_of_mutex(self, OP_TRYLOCK, mutex, pc);
	error = mutex_try(mutex, self->number);
	record_value((uint64_t)error);
	if (error && error != EOWNERDEAD) {
		reduction_failed(mutex);
		return error;
	}
	return taken(self, mutex, error, pc);
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
	misuse_in_unlock(self, mutex, pc);
	error = mutex_release(mutex, self->number);
	if (error) {
		record_value((uint64_t)error);
		reduction_void(mutex);
		return error;
	}
	races_give(self, mutex);
	if (mutex_is_robust(mutex))
		robust_remove(self, mutex);
	step_changed(mutex);
	return 0;
}

int object_mutex_consistent(struct thread *self, pthread_mutex_t *object)
{
	return mutex_consistent(mutex_at(object), self->number);
}

static bool has_ceiling(const struct mutex *mutex)
{
	return !mutex_is_destroyed(mutex) && mutex->kind & MUTEX_PROTECT;
}

int object_mutex_ceiling(const pthread_mutex_t *object, int *ceiling)
{
	const struct mutex *mutex = (const struct mutex *)object;

	if (!has_ceiling(mutex))
		return EINVAL;
	*ceiling = mutex->ceiling;
	return 0;
}

int object_mutex_set_ceiling(struct thread *self, pthread_mutex_t *object, int ceiling, int *before,
			     const void *pc)
{
	struct mutex *mutex = mutex_at(object);
	bool own = mutex_owner(mutex) == (int64_t)self->number;
	int error;

	if (!has_ceiling(mutex) || ceiling < sched_get_priority_min(SCHED_FIFO) ||
	    ceiling > sched_get_priority_max(SCHED_FIFO))
		return EINVAL;
	error = own ? 0 : object_mutex_lock(self, object, pc);
	if (error)
		return error;
	if (before)
		*before = mutex->ceiling;
	mutex->ceiling = (int16_t)ceiling;
	return own ? 0 : object_mutex_unlock(self, object, pc);
}

void object_owner_ends(struct thread *self)
{
	while (self->robust) {
		struct mutex *mutex = self->robust;

		step_object(self, OP_UNLOCK, mutex, 0, true);
		record_value(EOWNERDEAD);
		self->robust = mutex->next;
		mutex_owner_died(mutex);
		races_give(self, mutex);
		step_changed(mutex);
	}
}

static uint32_t give_up(struct thread *self, struct mutex *mutex)
{
	uint32_t depth = mutex_release_all(mutex);

	if (mutex_is_robust(mutex))
		robust_remove(self, mutex);
	races_give(self, mutex);
	step_changed(mutex);
	return depth;
}

/* Returns `result` of the wait, unless the mutex has something to say. */
static int take_back(struct thread *self, struct mutex *mutex, uint32_t depth, int result,
		     const void *pc)
{
	int error;

	misuse_of_mutex(self, OP_WAKE, mutex, pc);
	error = taken(self, mutex, mutex_take(mutex, self->number), pc);
	if (error == ENOTRECOVERABLE)
		return error;
	if (depth)
		mutex->count = depth;
	return error ? error : result;
}

static void issue(struct cond *cond, uint32_t count);

/* Takes no token where others could: one that it has is passed on to whoever waits now. */
static void wake_cancelled(struct thread *self, struct cond *cond)
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
	self->timed_out = self->released = false;
	step_point(self, OP_WAKE, cond, 0, pc, false);
	self->deadline_ns = DEADLINE_NONE;
	if (interrupt_is_due(self)) {
		if (!self->released)
			wake_cancelled(self, cond);
		result = ECANCELED;
	} else if (self->released) {
		result = self->timed_out ? ETIMEDOUT : 0;
		if (result)
			record_value(ETIMEDOUT);
	} else if (cond_may_wake(cond, self->wait_number)) {
		cond_wake(cond, self->wait_number);
	} else {
		cond_leave(cond);
		result = ETIMEDOUT;
		record_value(ETIMEDOUT);
		timeout_passed(deadline_ns);
	}
	return result;
}

/* Nobody is to wake it: all that it waits for is the mutex, and that for as long as it takes. */
static int leave(struct thread *self, struct mutex *mutex, enum wait_way way, uint64_t deadline_ns,
		 const void *pc)
{
	self->mutex = 0;
	timeout_leave(self, way, mutex, pc);
	step_object(self, OP_LOCK, mutex, pc, mutex_is_free(mutex));
	if (way == WAY_SPURIOUS)
		return 0;
	timeout_passed(deadline_ns);
	return ETIMEDOUT;
}

/* The mutex is taken back first, then a cancellation is acted on. */
static int after_wait(struct thread *self, struct mutex *mutex, uint32_t depth, int result,
		      const void *pc)
{
	bool is_cancelled = result == ECANCELED;

	result = take_back(self, mutex, depth, is_cancelled ? 0 : result, pc);
	if (is_cancelled)
		interrupt_act(self);
	return result;
}

int object_cond_wait(struct thread *self, pthread_cond_t *object, pthread_mutex_t *with,
		     uint64_t deadline_ns, const void *pc)
{
	struct cond *cond = cond_at(object);
	struct mutex *mutex = mutex_at(with);
	bool visible = step_is_visible(self, mutex);
	enum wait_way way;
	uint32_t depth;
	int result;

	spin_break(self);
	if (deadline_ns == DEADLINE_WRONG)
		return EINVAL;
	if (!mutex_is_destroyed(mutex) && mutex_checks_owner(mutex) &&
	    mutex_owner(mutex) != (int64_t)self->number)
		return EPERM;
	visible |= step_is_visible(self, cond);
	timeout_prepare(visible);
	self->mutex = mutex;
	self->yielding = !visible && timeout_lets_others(self, deadline_ns);
	if (visible || self->yielding)
		step_point(self, OP_WAIT, cond, 0, pc, true);
	else
		record_unannounced(self, OP_WAIT, cond, 0, pc);
	self->yielding = false;
	misuse_in_wait(self, cond, pc);
	way = timeout_way(self, deadline_ns, visible);
	if (way == WAY_SIGNAL)
		self->wait_number = cond_enqueue(cond);
	else
		reduction_failed(cond);
	depth = give_up(self, mutex);
	if (way == WAY_SIGNAL) {
		interrupt_point_begin(self, INTERRUPT_GOES_ON);
		result = wake(self, cond, deadline_ns, pc);
		interrupt_point_end(self);
	} else {
		result = leave(self, mutex, way, deadline_ns, pc);
	}
	self->mutex = 0;
	return after_wait(self, mutex, depth, result, pc);
}

static void issue(struct cond *cond, uint32_t count)
{
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

static void wake_some(struct cond *cond, uint32_t count)
{
	if (cond->tokens == cond->waiters)
		reduction_failed(cond);
	issue(cond, count);
}

int object_cond_signal(struct thread *self, pthread_cond_t *object, const void *pc)
{
	step_object(self, OP_SIGNAL, cond_at(object), pc, true);
	misuse_of_cond(self, OP_SIGNAL, cond_at(object), pc);
	wake_some(cond_at(object), 1);
	return 0;
}

int object_cond_broadcast(struct thread *self, pthread_cond_t *object, const void *pc)
{
	step_object(self, OP_BROADCAST, cond_at(object), pc, true);
	misuse_of_cond(self, OP_BROADCAST, cond_at(object), pc);
	wake_some(cond_at(object), UINT32_MAX);
	return 0;
}

clockid_t object_cond_clock(const pthread_cond_t *object)
{
	return cond_at((pthread_cond_t *)object)->clock & 1 ? CLOCK_MONOTONIC : CLOCK_REALTIME;
}
