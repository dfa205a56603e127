#include "session/waiting.h"

#include "model/mutex.h"
#include "model/rwlock.h"
#include "model/word.h"
#include "session/readings.h"
#include "session/step.h"
#include "session/sync.h"

/* The writer; of readers itself, else the one that there is. */
static int64_t rwlock_holder(const struct thread *thread)
{
	const struct rwlock *lock = thread->object;
	int64_t holder = (int64_t)lock->writer - 1;

	if (holder >= 0 || !lock->readers || lock->readers != lock->known)
		return holder;
	if (readings_find(thread, lock))
		return thread->number;
	for (uint32_t i = 0; i < execution.threads; i++) {
		if (!readings_find(&threads[i], lock))
			continue;
		if (holder >= 0)
			return -1;
		holder = i;
	}
	return holder;
}

/* Who runs the initialiser. */
static int64_t once_holder(const struct thread *thread)
{
	for (uint32_t i = 0; i < execution.threads; i++)
		if (sync_is_initialising(&threads[i], thread->object))
			return i;
	return -1;
}

int64_t waiting_for(const struct thread *thread)
{
	if (thread->phase == PHASE_JOINING)
		return thread->joining ? (int64_t)thread->joining->number : -1;
	if (thread->phase != PHASE_PENDING)
		return -1;
	if (thread->op == OP_AWAIT_END)
		return (int64_t)thread->joining->number;
	if (thread->op == OP_LOCK)
		return mutex_owner(thread->object);
	if (thread->op == OP_WAKE)
		return mutex_owner(thread->mutex);
	if (thread->op == OP_SPIN_LOCK)
		return spin_owner(thread->object);
	if (thread->op == OP_RDLOCK || thread->op == OP_WRLOCK)
		return rwlock_holder(thread);
	if (thread->op == OP_ONCE)
		return once_holder(thread);
	return -1;
}

/* Nothing but an act of that thread ends the wait: no signal, no deadline, no change of memory. */
static bool is_certain(const struct thread *thread)
{
	if (waiting_for(thread) < 0)
		return false;
	if (thread->phase == PHASE_JOINING)
		return true;
	return !step_is_enabled(thread) && thread->op != OP_WAKE &&
	       thread->deadline_ns == DEADLINE_NONE && !thread->guard_count &&
	       !(thread->interrupts & INTERRUPT_CANCEL);
}

bool waiting_for_good(const struct thread *thread)
{
	const struct thread *next = thread;

	for (uint32_t i = 0; i < execution.threads && is_certain(next); i++) {
		const struct thread *holder = &threads[waiting_for(next)];

		if (holder == thread)
			return true;
		if (holder->phase == PHASE_ENDED)
			return next == thread;
		next = holder;
	}
	return false;
}
