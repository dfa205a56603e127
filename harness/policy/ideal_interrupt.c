/*
 * ideal_interrupt.c - what has been sent to a thread after a prefix, and what that makes of the
 * operation that it has announced.
 *
 * What was announced and was not interrupted has seen that nothing was sent, so what is sent to the
 * thread comes after it in all executions of the class.
 */
#include "model/interrupt.h"
#include "policy/ideal.h"

bool ideal_is_sent(const struct ideals *ideals, const void *word, const uint16_t *at)
{
	const struct dpor *dpor = ideals->dpor;

	for (uint32_t i = 0; i < dpor->length; i++) {
		const struct dpor_event *event = &dpor->events[i];

		if (event->sends && event->object == word && (!at || ideal_has(ideals, event, at)))
			return true;
	}
	return false;
}

/* What interrupts the operation: sends and what takes them depend on each other, so their order is
 * the same in all executions of the class. */
static uint64_t taken_at(const struct ideals *ideals, const struct dpor_event *event,
			 const uint16_t *at)
{
	const struct dpor *dpor = ideals->dpor;
	uint64_t sent = 0;

	for (uint32_t i = 0; i < dpor->length; i++) {
		const struct dpor_event *other = &dpor->events[i];

		if (!ideal_has(ideals, other, at))
			continue;
		if (other->sends && other->object == event->word)
			sent |= other->sends;
		else if (other->thread == event->thread)
			sent &= ~(other->taken & ~INTERRUPT_CANCEL);
	}
	return interrupt_first(sent & event->interrupts);
}

struct dpor_event ideal_there(const struct ideals *ideals, const struct ideal_op *op,
			      const uint16_t *at)
{
	struct dpor_event event = *op->event;

	/* Where it was interrupted nobody knows how it would have ended. */
	event.succeeded |= event.taken != 0;
	event.taken = taken_at(ideals, &event, at);
	event.op = event.meant;
	event.object = event.meant_object;
	if (!event.taken)
		return event;
	event.succeeded = true;
	if (event.taken == INTERRUPT_CANCEL && event.meant == OP_WAKE) {
		event.op = OP_LEAVE;
		return event;
	}
	event.op = OP_INTERRUPT;
	event.object = event.word;
	return event;
}
