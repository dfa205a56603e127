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

#include "model/adopt.h"
#include "model/barrier.h"
#include "model/rwlock.h"
#include "model/word.h"
#include "session/clock.h"
#include "session/interrupt.h"
#include "session/misuse.h"
#include "session/note.h"
#include "session/races.h"
#include "session/readings.h"
#include "session/record.h"
#include "session/reduction.h"
#include "session/spin.h"
#include "session/step.h"
#include "session/timeouts.h"

#include <errno.h>

_Static_assert(sizeof(struct rwlock) <= sizeof(pthread_rwlock_t),
	       "the model lies in the program's object");
_Static_assert(sizeof(struct barrier) <= sizeof(pthread_barrier_t),
	       "the model lies in the program's object");

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

/* Of a try-operation that waits only: others do so where they are announced. */
static bool spin_is_silent_until(struct thread *self, enum op op, const void *object,
				 uint64_t deadline_ns, const void *pc)
{
	return deadline_ns != DEADLINE_NONE && spin_is_silent(self, op, object, 0, pc);
}

int sync_sem_wait(struct thread *self, sem_t *sem, uint64_t deadline_ns, const void *pc)
{
	uint32_t *value = (uint32_t *)sem;
	enum op op = deadline_ns == DEADLINE_NONE ? OP_SEM_WAIT : OP_SEM_TRYWAIT;

	if (deadline_ns == DEADLINE_WRONG)
		return sync_sem_trywait(self, sem, pc) ? EINVAL : 0;
	if (spin_is_silent_until(self, op, value, deadline_ns, pc))
		return ETIMEDOUT;
	interrupt_before(self, pc);
	interrupt_point_begin(self, INTERRUPT_RESTARTS);
	step_object_until(self, op, value, deadline_ns, pc, sem_may_wait(value));
	interrupt_point_end(self);
	if (self->interrupted)
		return EINTR;
	reduction_number(value, *value);
	misuse_of_sem(self, op, sem, pc);
	if (!sem_may_wait(value))
		return timeout_fail(self, value, deadline_ns);
	--*value;
	races_take(self, value);
	step_changed(value);
	return 0;
}

int sync_sem_trywait(struct thread *self, sem_t *sem, const void *pc)
{
	uint32_t *value = (uint32_t *)sem;

	if (spin_is_silent(self, OP_SEM_TRYWAIT, value, 0, pc))
		return EAGAIN;
	step_object(self, OP_SEM_TRYWAIT, value, pc, true);
	reduction_number(value, *value);
	misuse_of_sem(self, OP_SEM_TRYWAIT, sem, pc);
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

	step_object(self, OP_SEM_POST, value, pc, true);
	misuse_of_sem(self, OP_SEM_POST, sem, pc);
	if (*value >= SEM_WORD_MAX)
		return result(value, EOVERFLOW);
	reduction_number(value, (*value)++);
	races_give_more(self, value);
	step_changed(value);
	return 0;
}

int sync_rdlock(struct thread *self, pthread_rwlock_t *object, uint64_t deadline_ns, const void *pc)
{
	struct rwlock *lock = rwlock_adopt(object);
	enum op op = deadline_ns == DEADLINE_NONE ? OP_RDLOCK : OP_TRYRDLOCK;

	if (rwlock_misuse(lock, self->number))
		return EDEADLK;
	if (deadline_ns == DEADLINE_WRONG)
		return sync_tryrdlock(self, object, pc) ? EINVAL : 0;
	if (spin_is_silent_until(self, op, lock, deadline_ns, pc))
		return ETIMEDOUT;
	step_object_until(self, op, lock, deadline_ns, pc, rwlock_may_read(lock));
	misuse_of_rwlock(self, op, lock, pc);
	if (!rwlock_may_read(lock))
		return timeout_fail(self, lock, deadline_ns);
	rwlock_read(lock);
	readings_add(self, lock, pc);
	races_take(self, lock);
	step_changed(lock);
	return 0;
}

int sync_wrlock(struct thread *self, pthread_rwlock_t *object, uint64_t deadline_ns, const void *pc)
{
	struct rwlock *lock = rwlock_adopt(object);
	enum op op = deadline_ns == DEADLINE_NONE ? OP_WRLOCK : OP_TRYWRLOCK;

	if (rwlock_misuse(lock, self->number))
		return EDEADLK;
	if (deadline_ns == DEADLINE_WRONG)
		return sync_trywrlock(self, object, pc) ? EINVAL : 0;
	if (spin_is_silent_until(self, op, lock, deadline_ns, pc))
		return ETIMEDOUT;
	step_object_until(self, op, lock, deadline_ns, pc, rwlock_may_write(lock));
	misuse_of_rwlock(self, op, lock, pc);
	if (!rwlock_may_write(lock))
		return timeout_fail(self, lock, deadline_ns);
	rwlock_write(lock, self->number);
	lock->place = pc;
	races_take(self, lock);
	races_take(self, readers_of(lock));
	step_changed(lock);
	return 0;
}

int sync_tryrdlock(struct thread *self, pthread_rwlock_t *object, const void *pc)
{
	struct rwlock *lock = rwlock_adopt(object);

	if (spin_is_silent(self, OP_TRYRDLOCK, lock, 0, pc))
		return EBUSY;
	step_object(self, OP_TRYRDLOCK, lock, pc, true);
	misuse_of_rwlock(self, OP_TRYRDLOCK, lock, pc);
	if (!rwlock_may_read(lock))
		return result(lock, EBUSY);
	rwlock_read(lock);
	readings_add(self, lock, pc);
	races_take(self, lock);
	step_changed(lock);
	return 0;
}

int sync_trywrlock(struct thread *self, pthread_rwlock_t *object, const void *pc)
{
	struct rwlock *lock = rwlock_adopt(object);

	if (spin_is_silent(self, OP_TRYWRLOCK, lock, 0, pc))
		return EBUSY;
	step_object(self, OP_TRYWRLOCK, lock, pc, true);
	misuse_of_rwlock(self, OP_TRYWRLOCK, lock, pc);
	if (!rwlock_may_write(lock))
		return result(lock, EBUSY);
	rwlock_write(lock, self->number);
	lock->place = pc;
	races_take(self, lock);
	races_take(self, readers_of(lock));
	step_changed(lock);
	return 0;
}

int sync_rwunlock(struct thread *self, pthread_rwlock_t *object, const void *pc)
{
	struct rwlock *lock = rwlock_adopt(object);
	bool writes = lock->writer == (int32_t)self->number + 1;
	int error;

	step_object(self, OP_RWUNLOCK, lock, pc, true);
	misuse_in_rwunlock(self, lock, pc);
	/* To the reduction a reader's unlock is another operation than a writer's. */
	if (!rwlock_misuse(lock, self->number))
		reduction_failed(lock);
	error = rwlock_release(lock, self->number);
	if (!error && writes)
		races_give(self, lock);
	else if (!error)
		races_give_more(self, readers_of(lock));
	if (!writes)
		readings_remove(self, lock);
	step_changed(lock);
	return result(lock, error);
}

int sync_barrier_wait(struct thread *self, pthread_barrier_t *object, const void *pc)
{
	struct barrier *barrier = barrier_adopt(object);
	bool serial;

	step_object(self, OP_ARRIVE, barrier, pc, true);
	misuse_of_barrier(self, OP_ARRIVE, barrier, pc);
	if (!barrier_arrival_commutes(barrier, reduction_thread(self)))
		reduction_contended(barrier);
	self->wait_number = barrier_arrive(barrier, reduction_thread(self), &serial);
	self->arrival = barrier_arrival(barrier, self->wait_number);
	reduction_number(barrier, self->arrival);
	races_give_more(self, arrivals_of(barrier, self->wait_number));
	if (reduction_is_contended(barrier))
		reduction_failed(barrier);
	step_changed(barrier);
	self->released = false;
	step_object(self, OP_PASS, barrier, pc, barrier_may_pass(barrier, self->wait_number));
	races_take(self, arrivals_of(barrier, self->wait_number));
	serial |= self->released ? self->released_serial
				 : barrier_pass(barrier, reduction_thread(self));
	return serial ? PTHREAD_BARRIER_SERIAL_THREAD : 0;
}

int sync_spin_lock(struct thread *self, pthread_spinlock_t *object, const void *pc)
{
	int32_t *lock = (int32_t *)object;

	step_object(self, OP_SPIN_LOCK, lock, pc, spin_is_free(lock));
	misuse_of_spin(self, OP_SPIN_LOCK, lock, pc);
	spin_acquire(lock, self->number);
	races_take(self, lock);
	step_changed(lock);
	return 0;
}

int sync_spin_trylock(struct thread *self, pthread_spinlock_t *object, const void *pc)
{
	int32_t *lock = (int32_t *)object;

	if (spin_is_silent(self, OP_SPIN_TRYLOCK, lock, 0, pc))
		return EBUSY;
	step_object(self, OP_SPIN_TRYLOCK, lock, pc, true);
	misuse_of_spin(self, OP_SPIN_TRYLOCK, lock, pc);
	if (!spin_is_free(lock))
		return result(lock, EBUSY);
	spin_acquire(lock, self->number);
	races_take(self, lock);
	step_changed(lock);
	return 0;
}

int sync_spin_unlock(struct thread *self, pthread_spinlock_t *object, const void *pc)
{
	int32_t *lock = (int32_t *)object;

	step_object(self, OP_SPIN_UNLOCK, lock, pc, true);
	misuse_in_spin_unlock(self, lock, pc);
	*lock = SPIN_FREE;
	races_give(self, lock);
	step_changed(lock);
	return 0;
}

/* An initialiser that a thread is in. */
struct once_frame {
	struct once_frame *outer;
	int32_t *control;
	const void *pc;
	const char *stack;
};

/* The initialiser is over: done, or left by the end of the thread or an exception; then the next
 * caller runs it again (POSIX, pthread_once). */
static void once_leave(struct thread *self, enum once_word word)
{
	const struct once_frame *frame = self->onces;
	int32_t *control = frame->control;

	self->onces = frame->outer;
	step_object(self, OP_ONCE_DONE, control, frame->pc, true);
	reduction_number(control, (uint32_t)*control);
	if (word == ONCE_NEW)
		reduction_failed(control);
	*control = word;
	races_give(self, control);
	step_changed(control);
}

static void once_enter(struct thread *self, int32_t *control, const void *pc)
{
	struct once_frame *frame = room_take_as_is(sizeof(*frame));

	*frame = (struct once_frame){.outer = self->onces,
				     .control = control,
				     .pc = pc,
				     .stack = __builtin_frame_address(0)};
	self->onces = frame;
}

/* Those that an exception has left are below what others use of the stack. */
static void onces_look(struct thread *self, const char *stack)
{
	while (self->onces && self->onces->stack <= stack)
		once_leave(self, ONCE_NEW);
}

int sync_once(struct thread *self, pthread_once_t *object, void (*initialise)(void), const void *pc)
{
	int32_t *control = (int32_t *)object;

	onces_look(self, __builtin_frame_address(0));
	step_object(self, OP_ONCE, control, pc, once_may_go(control));
	reduction_number(control, (uint32_t)*control);
	races_take(self, control);
	if (*control == ONCE_DONE) {
		reduction_failed(control);
		return 0;
	}
	*control = ONCE_RUNNING;
	step_changed(control);
	once_enter(self, control, pc);
	initialise();
	once_leave(self, ONCE_DONE);
	return 0;
}

bool sync_is_initialising(const struct thread *thread, const void *control)
{
	for (const struct once_frame *frame = thread->onces; frame; frame = frame->outer)
		if (frame->control == control)
			return true;
	return false;
}

void sync_onces_leave(struct thread *self)
{
	while (self->onces)
		once_leave(self, ONCE_NEW);
}

int sync_guard_acquire(struct thread *self, struct static_guard *guard, const void *pc)
{
	int32_t *control = &guard->control;

	if (!guard->is_made) {
		step_object(self, OP_ONCE, control, pc, once_may_go(control));
		reduction_number(control, (uint32_t)*control);
	}
	races_take(self, control);
	if (guard->is_made) {
		reduction_failed(control);
		return 0;
	}
	*control = ONCE_RUNNING;
	step_changed(control);
	return 1;
}

void sync_guard_end(struct thread *self, struct static_guard *guard, const void *pc)
{
	int32_t *control = &guard->control;

	if (session.reducing && !guard->is_made)
		note_uncontrolled("a static object that was not made, in dpor", pc);
	step_object(self, OP_ONCE_DONE, control, pc, true);
	reduction_number(control, (uint32_t)*control);
	*control = guard->is_made ? ONCE_DONE : ONCE_NEW;
	races_give(self, control);
	step_changed(control);
}
