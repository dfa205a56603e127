/*
 * misuse.c - finds misuse of synchronisation objects and of threads' handles.
 *
 * An operation that is a misuse changes nothing, and then ends the process: to a search it is an
 * event without effect, and one more event for the end. What is no certain misuse is none: memory
 * that is made an object anew may hold whatever was there before, and a lock whose owner took it
 * before the program was controlled may be anybody's.
 */
#include "session/misuse.h"

#include "machine/layout.h"
#include "model/barrier.h"
#include "model/cond.h"
#include "model/footprint.h"
#include "model/mutex.h"
#include "model/rwlock.h"
#include "model/word.h"
#include "session/lifetimes.h"
#include "session/readings.h"
#include "session/reduction.h"
#include "session/verdict.h"

static void found(const struct misuse_report *misuse, const void *pc) __attribute__((noreturn));
static void found(const struct misuse_report *misuse, const void *pc)
{
	/* What has been destroyed nobody waits on, nor writes under. */
	if (misuse->op == OP_SIGNAL || misuse->op == OP_BROADCAST ||
	    (misuse->op == OP_RWUNLOCK && rwlock_may_read((const struct rwlock *)misuse->object)))
		reduction_failed((const void *)misuse->object);
	reduction_void((const void *)misuse->object);
	verdict_object_misuse(misuse, pc);
}

static void destroyed(enum op op, const void *object, int64_t by, const void *place, const void *pc)
	__attribute__((noreturn));
static void destroyed(enum op op, const void *object, int64_t by, const void *place, const void *pc)
{
	const struct misuse_report misuse = {.why = MISUSE_DESTROYED,
					     .op = op,
					     .object = (uint64_t)object,
					     .other = by,
					     .other_pc = (uint64_t)place};

	found(&misuse, pc);
}

/* `owner` -1: nobody. */
static void not_own(enum op op, const void *object, int64_t owner, const void *place,
		    const void *pc) __attribute__((noreturn));
static void not_own(enum op op, const void *object, int64_t owner, const void *place,
		    const void *pc)
{
	const struct misuse_report misuse = {.why = owner < 0 ? MISUSE_NOT_HELD : MISUSE_HELD,
					     .op = op,
					     .object = (uint64_t)object,
					     .other = owner,
					     .other_pc = (uint64_t)(owner < 0 ? 0 : place)};

	found(&misuse, pc);
}

/* ---- what has been destroyed */

void misuse_of_mutex(struct thread *self, enum op op, const struct mutex *mutex, const void *pc)
{
	(void)self;
	if (__builtin_expect(mutex_is_destroyed(mutex), 0))
		destroyed(op, mutex, (int64_t)mutex->owner - 1, mutex->place, pc);
}

void misuse_of_cond(struct thread *self, enum op op, const struct cond *cond, const void *pc)
{
	const struct cond_destroyed *gone = (const struct cond_destroyed *)cond;

	(void)self;
	if (__builtin_expect(gone->clock == COND_DESTROYED, 0))
		destroyed(op, cond, (int64_t)gone->thread - 1, gone->place, pc);
}

void misuse_of_rwlock(struct thread *self, enum op op, const struct rwlock *lock, const void *pc)
{
	(void)self;
	if (__builtin_expect(lock->mark == RWLOCK_DESTROYED, 0))
		destroyed(op, lock, (int64_t)lock->writer - 1, lock->place, pc);
}

void misuse_of_sem(struct thread *self, enum op op, const void *sem, const void *pc)
{
	const struct sem_destroyed *gone = sem;

	(void)self;
	if (__builtin_expect(gone->mark == SEM_MARK, 0))
		destroyed(op, sem, (int64_t)gone->thread - 1, gone->place, pc);
}

void misuse_of_spin(struct thread *self, enum op op, const int32_t *lock, const void *pc)
{
	(void)self;
	if (__builtin_expect(*lock == SPIN_DESTROYED, 0))
		destroyed(op, lock, -1, 0, pc);
}

void misuse_of_barrier(struct thread *self, enum op op, const struct barrier *barrier,
		       const void *pc)
{
	const struct barrier_destroyed *gone = (const struct barrier_destroyed *)barrier;
	const struct misuse_report misuse = {
		.why = MISUSE_NOT_MADE, .op = op, .object = (uint64_t)barrier, .other = -1};

	(void)self;
	if (__builtin_expect(barrier->count, 1))
		return;
	if (gone->mark == BARRIER_DESTROYED)
		destroyed(op, barrier, (int64_t)gone->thread - 1, gone->place, pc);
	found(&misuse, pc);
}

/* ---- what is not one's own */

/* Whoever took it was not seen. */
static bool is_unknown(const struct mutex *mutex)
{
	return !mutex_is_free(mutex) && !mutex->place;
}

void misuse_in_unlock(struct thread *self, const struct mutex *mutex, const void *pc)
{
	misuse_of_mutex(self, OP_UNLOCK, mutex, pc);
	if (__builtin_expect(mutex_owner(mutex) == (int64_t)self->number, 1) ||
	    mutex_checks_owner(mutex) || is_unknown(mutex))
		return;
	not_own(OP_UNLOCK, mutex, mutex_owner(mutex), mutex->place, pc);
}

void misuse_in_rwunlock(struct thread *self, const struct rwlock *lock, const void *pc)
{
	const struct reading *reading;
	int64_t holder = (int64_t)lock->writer - 1;

	misuse_of_rwlock(self, OP_RWUNLOCK, lock, pc);
	if (holder == (int64_t)self->number || readings_find(self, lock))
		return;
	if (lock->writer && lock->place)
		not_own(OP_RWUNLOCK, lock, holder, lock->place, pc);
	if (lock->writer || lock->readers != lock->known)
		return;
	holder = readings_holder(lock, &reading);
	not_own(OP_RWUNLOCK, lock, holder, holder < 0 ? 0 : reading->pc, pc);
}

void misuse_in_spin_unlock(struct thread *self, const int32_t *lock, const void *pc)
{
	misuse_of_spin(self, OP_SPIN_UNLOCK, lock, pc);
	if (spin_owner(lock) != (int64_t)self->number && *lock != SPIN_UNKNOWN)
		not_own(OP_SPIN_UNLOCK, lock, spin_owner(lock), 0, pc);
}

static bool waits_on(const struct thread *thread, const struct cond *cond)
{
	return thread->phase == PHASE_PENDING && thread->op == OP_WAKE && thread->object == cond &&
	       !thread->released && !thread->timed_out;
}

/* Somebody who is blocked there with another mutex, or null. There is one where more of them wait
 * than there are tokens for any of them, whoever takes which. */
static const struct thread *waiter_with_another(const struct cond *cond, const void *mutex)
{
	const struct thread *first = 0;
	uint32_t count = 0;

	for (uint32_t i = 0; i < execution.threads; i++) {
		if (!waits_on(&threads[i], cond) || threads[i].mutex == mutex)
			continue;
		count++;
		if (!first || threads[i].wait_number < first->wait_number)
			first = &threads[i];
	}
	/* Which of them comes first is a matter of order, then. */
	if (count)
		reduction_contended(cond);
	return count && count > cond_tokens_from(cond, first->wait_number) ? first : 0;
}

void misuse_in_wait(struct thread *self, const struct cond *cond, const void *pc)
{
	const struct mutex *mutex = self->mutex;
	struct misuse_report misuse = {.op = OP_WAIT,
				       .object = (uint64_t)cond,
				       .mutex = (uint64_t)mutex,
				       .other = mutex_owner(mutex),
				       .other_pc = (uint64_t)mutex->place};
	const struct thread *other;

	misuse.of_mutex = 1;
	if (mutex_is_destroyed(mutex)) {
		misuse.why = MISUSE_DESTROYED;
		misuse.other = (int64_t)mutex->owner - 1;
		found(&misuse, pc);
	}
	if (mutex_owner(mutex) != (int64_t)self->number && !is_unknown(mutex)) {
		misuse.why = mutex_is_free(mutex) ? MISUSE_NOT_HELD : MISUSE_HELD;
		found(&misuse, pc);
	}
	misuse_of_cond(self, OP_WAIT, cond, pc);
	if (!cond->waiters || !(other = waiter_with_another(cond, mutex)))
		return;
	misuse.why = MISUSE_OTHER_MUTEX;
	misuse.of_mutex = 0;
	misuse.other = (int64_t)other->number;
	misuse.other_pc = (uint64_t)other->pc;
	misuse.with = (uint64_t)other->mutex;
	found(&misuse, pc);
}

/* ---- what is in use */

/* Memory that is made an object may be used for the second time: what it holds says something only
 * where it cannot have been given back. And a process that ends leaves behind what others hold. */
static bool is_certain(const struct thread *self, enum op op, const void *object)
{
	uint64_t at = (uint64_t)object;

	if (op_is_destroy(op))
		return !(execution.exiting && self == execution.exiting_thread);
	return at < HEAP_BASE || (at >= HEAP_END && at < POOL_BASE);
}

void misuse_of_held_mutex(struct thread *self, enum op op, const struct mutex *mutex,
			  const void *pc)
{
	if (!mutex_is_free(mutex) && !is_unknown(mutex) && is_certain(self, op, mutex))
		not_own(op, mutex, mutex_owner(mutex), mutex->place, pc);
}

void misuse_of_held_rwlock(struct thread *self, enum op op, const struct rwlock *lock,
			   const void *pc)
{
	const struct reading *reading;
	int64_t holder;

	if (lock->mark == RWLOCK_DESTROYED || !is_certain(self, op, lock))
		return;
	if (lock->writer && lock->place)
		not_own(op, lock, (int64_t)lock->writer - 1, lock->place, pc);
	holder = readings_holder(lock, &reading);
	if (lock->readers && lock->readers == lock->known && holder >= 0)
		not_own(op, lock, holder, reading->pc, pc);
}

void misuse_of_held_spin(struct thread *self, enum op op, const int32_t *lock, const void *pc)
{
	if (!spin_is_free(lock) && spin_owner(lock) >= 0 && is_certain(self, op, lock))
		not_own(op, lock, spin_owner(lock), 0, pc);
}

static void waited_for(enum op op, const void *object, const struct thread *by, const void *pc)
	__attribute__((noreturn));
static void waited_for(enum op op, const void *object, const struct thread *by, const void *pc)
{
	const struct misuse_report misuse = {.why = MISUSE_WAITED_FOR,
					     .op = op,
					     .object = (uint64_t)object,
					     .other = (int64_t)by->number,
					     .other_pc = (uint64_t)by->pc};

	found(&misuse, pc);
}

void misuse_of_waited_barrier(struct thread *self, enum op op, const struct barrier *barrier,
			      const void *pc)
{
	(void)self;
	for (uint32_t i = 0; i < execution.threads; i++)
		if (threads[i].phase == PHASE_PENDING && threads[i].op == OP_PASS &&
		    threads[i].object == barrier && !footprint_may_go(&threads[i]))
			waited_for(op, barrier, &threads[i], pc);
}

void misuse_of_waited_cond(struct thread *self, enum op op, const struct cond *cond, const void *pc)
{
	const struct thread *waiter = 0;
	uint32_t count = 0;

	(void)self;
	for (uint32_t i = 0; i < execution.threads; i++) {
		if (!waits_on(&threads[i], cond))
			continue;
		count++;
		if (!waiter || !cond_may_wake(cond, threads[i].wait_number))
			waiter = &threads[i];
	}
	if (count > cond->tokens)
		waited_for(op, cond, waiter, pc);
}

/* ---- threads */

void misuse_of_thread(struct thread *self, enum op op, const struct thread *thread, const void *pc)
{
	struct misuse_report misuse = {.op = op,
				       .object = thread->number,
				       .other = (int64_t)thread->left_by,
				       .other_pc = (uint64_t)thread->left_at};

	(void)self;
	if (thread->joined || thread->joiner) {
		misuse.why = MISUSE_JOINED;
		if (!thread->joined) {
			misuse.why = MISUSE_JOINING;
			misuse.other = (int64_t)thread->joiner->number;
			misuse.other_pc = (uint64_t)thread->joiner->pc;
		}
	} else if (thread->detached) {
		misuse.why = MISUSE_DETACHED;
		if (!thread->left_at)
			misuse.other = -1;
	} else {
		return;
	}
	verdict_object_misuse(&misuse, pc);
}
