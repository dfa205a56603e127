#include "unit/sent.h"

#include "model/interrupt.h"

/* What is sent to others, and to its thread. */
void sent_tell(struct dpor_event *event, const struct step *step, int thread, bool is_ending,
	       int taken)
{
	if (step->op == OP_CANCEL || step->op == OP_KILL)
		event->sends = step->op == OP_KILL ? SENT_SIGNAL : INTERRUPT_CANCEL;
	if (!step->interrupts || is_ending)
		return;
	event->word = word_address(thread);
	event->interrupts = (step->interrupts & SENT_SIGNAL ? SENT_SIGNAL : 0) |
			    (step->interrupts & SENT_CANCEL ? INTERRUPT_CANCEL : 0);
	event->taken = taken == SENT_SIGNAL ? SENT_SIGNAL : taken ? INTERRUPT_CANCEL : 0;
	event->meant = step->op;
}

/* The address that the step would have were it not interrupted. */
const void *meant_address(const struct state *state, const struct step *step, int thread)
{
	struct state plain = *state;

	plain.is_ending[thread] = true;
	return state_address(&plain, step, thread);
}
