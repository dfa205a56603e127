/* program_steps.c - putting little programs together, without running them. */
#include "unit/program.h"

#include "unit/futexes.h"

#include <assert.h>

uint32_t step_bytes(const struct step *step)
{
	if (is_futex_op(step->op))
		return futexes_bytes(step);
	return step->bytes ? (uint32_t)step->bytes : 8;
}

void add(struct program *program, int thread, struct step step)
{
	assert(program->length[thread] < LENGTH);
	program->steps[thread][program->length[thread]++] = step;
}

void add_op(struct program *program, int thread, enum op op, int object)
{
	add(program, thread, (struct step){.op = op, .object = object});
}

static bool is_turn_before(const struct step *turn, const struct step_guard *guard, int distance)
{
	if (turn->op != guard->op || turn->object != guard->object || turn->pointer)
		return false;
	if (guard->op == OP_READ)
		return step_bytes(turn) == 8 && !turn->offset && turn->expected == guard->value &&
		       turn->skip >= distance;
	return turn->skip <= -distance;
}

static bool has_turn_before(const struct program *program, int thread, int at)
{
	const struct step *steps = program->steps[thread];

	for (int i = 0; i < at; i++)
		if (is_turn_before(&steps[i], &steps[at].guard, at - i))
			return true;
	return false;
}

bool program_is_meaningful(const struct program *program)
{
	for (int t = 0; t < program->threads; t++)
		for (int i = 0; i < program->length[t]; i++)
			if (program->steps[t][i].guard.op && !has_turn_before(program, t, i))
				return false;
	return true;
}

bool state_is_scarce(const struct state *state, const struct program *program, int thread)
{
	return state_step(state, program, thread)->may_be_spurious &&
	       state->spurious < program->spurious;
}

uint32_t state_ways(const struct state *state, const struct program *program, int thread)
{
	const struct step *step = state_step(state, program, thread);

	if (step->op == OP_CHOOSE)
		return step->value ? (uint32_t)step->value : 1;
	return 1u + step->is_timed + state_is_scarce(state, program, thread);
}

bool state_is_stuck(const struct state *state, const struct program *program)
{
	for (int t = 0; t < program->threads; t++)
		if (!state->over && state_step(state, program, t))
			return true;
	return false;
}
