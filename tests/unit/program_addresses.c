/* program_addresses.c - the addresses of the objects of little programs. */
#include "unit/futexes.h"
#include "unit/program.h"

#include <stddef.h>

/* One kind of object after the other, each object with a cache line. */
static char objects[128][OBJECTS][64];

int step_object(const struct state *state, const struct step *step, int thread)
{
	/* A requeue may have moved it. */
	if (step->op == OP_FUTEX_WOKEN && state->futex_word[thread])
		return state->futex_word[thread] - 1;
	return step->pointer ? (step->object + (state->last[thread] & 1)) % OBJECTS : step->object;
}

const void *word_address(int thread)
{
	return objects[1][thread];
}

int state_interrupts(const struct state *state, const struct step *step, int thread)
{
	int due = state->sent[thread] & step->interrupts;

	if (state->is_ending[thread])
		return 0;
	return due & SENT_SIGNAL ? SENT_SIGNAL : due;
}

enum op state_op(const struct state *state, const struct step *step, int thread)
{
	int due = state_interrupts(state, step, thread);

	if (!due)
		return step->op;
	return due == SENT_CANCEL && step->op == OP_WAKE ? OP_LEAVE : OP_INTERRUPT;
}

const void *state_address(const struct state *state, const struct step *step, int thread)
{
	enum op op = state_op(state, step, thread);
	int kind = is_futex_op(step->op) ? 0 : op_letter(step->op);

	if (op == OP_INTERRUPT || (op >= OP_TESTCANCEL && op <= OP_SIGWAIT))
		return word_address(thread);
	if (op == OP_CANCEL || op == OP_KILL || op == OP_AWAIT_END)
		return word_address(step->object);
	if (op == OP_CHOOSE)
		return objects[2][thread];
	return objects[kind][step_object(state, step, thread)] + step->offset;
}

const void *mutex_address(const struct state *state, const struct step *step, int thread)
{
	if (step->op == OP_FUTEX_WOKEN && state->futex_origin[thread])
		return objects[0][state->futex_origin[thread] - 1];
	if (step->op == OP_FUTEX_REQUEUE || step->op == OP_FUTEX_WAKE_OP)
		return objects[0][step->mutex];
	return step->op == OP_WAIT || step->op == OP_WAKE ? objects['M'][step->mutex] : NULL;
}

const void *guard_address(const struct step *step)
{
	return objects[(int)op_letter(step->guard.op)][step->guard.object];
}
