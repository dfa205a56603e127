#include "unit/channels.h"

#include "model/channel.h"

#include <string.h>

static bool may_take(const struct state *state, int object)
{
	return state->held[object] || state->closed[object];
}

static bool may_put(const struct state *state, int object)
{
	return state->held[object] < CHANNEL_ROOM || state->closed[object];
}

bool channel_may_wait(const struct step *step)
{
	return step->op == OP_RECEIVE || step->op == OP_SEND ||
	       (step->op == OP_POLL && step->waits);
}

bool channel_is_held(const struct state *state, const struct step *step)
{
	if (!channel_may_wait(step))
		return false;
	return step->op == OP_SEND ? !may_put(state, step->object) : !may_take(state, step->object);
}

bool guard_of_step(const struct step *step, const void *object, struct guard *guard)
{
	*guard = (struct guard){.object = guard_address(step),
				.op = step->guard.op,
				.bytes = step->guard.op == OP_READ ? 8 : 0,
				.value = step->guard.value};
	if (channel_may_wait(step))
		*guard = channel_guard_ready(object, 0,
					     step->op == OP_SEND ? CHANNEL_OUT : CHANNEL_IN);
	return step->guard.op || channel_may_wait(step);
}

static uint64_t word_of(const struct state *state, int object)
{
	struct channel channel = {.uses = state->uses[object]};
	uint64_t word;

	channel.ready[0][CHANNEL_IN] = may_take(state, object);
	channel.ready[0][CHANNEL_OUT] = may_put(state, object);
	memcpy(&word, &channel, sizeof(word));
	return word;
}

static uint64_t take(struct state *state, int object)
{
	uint8_t *bytes = state->bytes[object], first = bytes[0];

	if (!state->held[object])
		return 0;
	state->held[object]--;
	memmove(bytes, bytes + 1, CHANNEL_ROOM - 1);
	bytes[CHANNEL_ROOM - 1] = 0;
	return first;
}

static bool put(struct state *state, int object, int thread)
{
	if (state->closed[object] || state->held[object] == CHANNEL_ROOM)
		return false;
	state->bytes[object][state->held[object]++] = (uint8_t)(thread + 1);
	return true;
}

static uint64_t result_of(struct state *state, const struct step *step, int thread)
{
	int o = step->object;

	switch (step->op) {
	case OP_RECEIVE:
		return take(state, o);
	case OP_SEND:
		return put(state, o, thread);
	case OP_POLL:
		return may_take(state, o);
	case OP_CLOSE:
		return !state->closed[o]++;
	default: /* file locks and child processes: who came when */
		state->served[o] = (uint8_t)(state->served[o] * 31 + thread * 7 + 1);
		return 0;
	}
}

bool channel_apply(struct state *state, const struct step *step, int thread,
		   struct outcome *outcome)
{
	outcome->before = word_of(state, step->object);
	outcome->result = result_of(state, step, thread);
	if (step->op != OP_POLL)
		state->uses[step->object]++;
	outcome->after = word_of(state, step->object);
	return true;
}
