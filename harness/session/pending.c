#include "session/pending.h"

#include "machine/probe.h"
#include "model/channel.h"
#include "model/mutex.h"
#include "model/rwlock.h"
#include "model/word.h"
#include "session/interrupt.h"
#include "session/reduction.h"
#include "session/session.h"
#include "session/step.h"

bool pending_has_value(const struct dpor_event *event)
{
	return op_looks_at_value(event->op) && event->bytes &&
	       event->bytes <= sizeof(event->before);
}

uint64_t pending_value(const struct dpor_event *event)
{
	unsigned long value = 0;

	probe_read(event->object, event->bytes, &value);
	return value;
}

/* What the object of the announced operation is like. Where an operation has another number it
 * tells that itself: reduction_number(). */
static uint32_t number_of(const struct thread *thread)
{
	switch (thread->op) {
	case OP_LOCK:
	case OP_TRYLOCK:
	case OP_UNLOCK:
	case OP_MUTEX_INIT:
	case OP_MUTEX_DESTROY:
		return mutex_is_free(thread->object) ? DPOR_FREE : DPOR_HELD;
	case OP_WAIT:
	case OP_WAKE:
		return mutex_is_free(thread->mutex) ? DPOR_FREE : DPOR_HELD;
	case OP_SPIN_LOCK:
	case OP_SPIN_TRYLOCK:
	case OP_SPIN_UNLOCK:
	case OP_SPIN_INIT:
	case OP_SPIN_DESTROY:
		return spin_is_free(thread->object) ? DPOR_FREE : DPOR_HELD;
	case OP_RDLOCK:
	case OP_WRLOCK:
	case OP_TRYRDLOCK:
	case OP_TRYWRLOCK:
	case OP_RWUNLOCK:
	case OP_RWLOCK_INIT:
	case OP_RWLOCK_DESTROY:
		return rwlock_may_read(thread->object)
			       ? ((const struct rwlock *)thread->object)->readers
			       : DPOR_WRITTEN;
	case OP_AWAIT_END:
		return thread->joining->name_number;
	case OP_SEM_WAIT:
	case OP_SEM_TRYWAIT:
	case OP_SEM_POST:
	case OP_SEM_INIT:
	case OP_SEM_DESTROY:
	case OP_ONCE:
	case OP_ONCE_DONE:
		return *(const uint32_t *)thread->object;
	case OP_PASS:
		return thread->arrival;
	default: /* of others it is the thread's */
		return thread->wait_number;
	}
}

uint32_t pending_bytes(const struct thread *thread)
{
	if (thread->op == OP_WAIT && reduction_is_contended(thread->object))
		return FOOTPRINT_CONTENDED;
	return op_is_on_channel(thread->op) ? CHANNEL_BYTES : thread->size;
}

/* What interrupts it takes the operation's place. */
static void interrupt_fill(struct dpor_event *event, const struct thread *thread)
{
	event->sends = thread->sends;
	event->interrupts = interrupt_events(thread);
	if (!event->interrupts)
		return;
	event->word = thread->sent;
	event->meant = event->op;
	event->meant_object = event->object;
	event->taken = interrupt_first(*thread->sent & event->interrupts);
	if (!event->taken)
		return;
	event->op = pending_op(thread);
	event->object = pending_object(thread);
}

enum op pending_op(const struct thread *thread)
{
	uint64_t first = interrupt_first(*thread->sent & interrupt_events(thread));

	if (!first)
		return thread->op;
	return first == INTERRUPT_CANCEL && thread->op == OP_WAKE ? OP_LEAVE : OP_INTERRUPT;
}

void *pending_object(const struct thread *thread)
{
	return pending_op(thread) == OP_INTERRUPT ? thread->sent : thread->object;
}

void pending_fill(struct dpor *dpor, struct dpor_event *event, const struct thread *thread)
{
	event->op = thread->op;
	event->object = thread->object;
	event->mutex = thread->mutex;
	event->bytes = pending_bytes(thread);
	event->number = number_of(thread);
	if (thread->guard_count)
		dpor_guard(dpor, event, thread->guards, thread->guard_count);
	interrupt_fill(event, thread);
}

void pending_collect(struct dpor *dpor)
{
	dpor->pending_count = 0;
	dpor->ended = 0;
	for (uint32_t i = 0; i < execution.threads; i++) {
		struct dpor_event *event = &dpor->pending[dpor->pending_count];

		dpor->ended |= (uint64_t)(threads[i].phase == PHASE_ENDED)
			       << threads[i].name_number;
		if (threads[i].phase != PHASE_PENDING)
			continue;
		*event = (struct dpor_event){.thread = threads[i].name_number, .succeeded = true};
		pending_fill(dpor, event, &threads[i]);
		event->expected = threads[i].expected;
		event->has_values = pending_has_value(event);
		if (event->has_values)
			event->before = pending_value(event);
		event->enabled = step_is_enabled(&threads[i]);
		dpor->pending_count++;
	}
}

struct dpor_exiting pending_exit(void)
{
	const struct thread *thread = execution.exiting_thread;
	struct dpor_exiting at = {.goes_on = false};

	if (thread->phase == PHASE_JOINING)
		at.joins = thread->joining->name_number + 1;
	if (thread->phase != PHASE_PENDING)
		return at;
	at.goes_on = step_exit_goes_on();
	at.op = thread->op;
	at.object = thread->object;
	at.waits_for_many = !at.goes_on && (dpor_waits_for_many(at.op, thread->guard_count) ||
					    interrupt_events(thread));
	return at;
}
