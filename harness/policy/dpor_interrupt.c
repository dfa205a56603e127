/*
 * dpor_interrupt.c - what would have been sent to a thread, had some events not taken place.
 *
 * What a thread sends itself is no event, and no part of it: the thread finds it without another's
 * doing, in all executions alike.
 */
#include "model/interrupt.h"

#include "policy/dpor_state.h"

uint64_t dpor_would_interrupt(struct dpor_remaining r, const struct dpor_event *event)
{
	const struct dpor_event *other;
	uint64_t sent = 0;
	uint32_t index;

	while ((other = dpor_remaining_next(&r, &index))) {
		if (other->sends && other->object == event->word)
			sent |= other->sends;
		else if (other->thread == event->thread)
			sent &= ~(other->taken & ~INTERRUPT_CANCEL);
	}
	return interrupt_first(sent & event->interrupts);
}

bool dpor_would_be_sent(struct dpor_remaining r, const void *word)
{
	const struct dpor_event *other;
	uint32_t index;

	while ((other = dpor_remaining_next(&r, &index)))
		if (other->sends && other->object == word)
			return true;
	return false;
}

bool dpor_would_have_ended(struct dpor_remaining r, uint32_t thread)
{
	for (uint32_t i = r.without; i < r.dpor->length; i++)
		if (r.dpor->events[i].thread == thread && dpor_is_without(r.dpor, r.left, i))
			return false;
	return r.dpor->ended >> thread & 1;
}
