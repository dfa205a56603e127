#include "unit/futexes.h"

#include "model/futex.h"

#include <string.h>

bool is_futex_op(enum op op)
{
	return op_letter(op) == 'X' || op == OP_FUTEX_WAKE_OP;
}

uint32_t futexes_bytes(const struct step *step)
{
	bool looks = step->op == OP_FUTEX_WAIT || step->op == OP_FUTEX_WAKE_OP ||
		     (step->op == OP_FUTEX_REQUEUE && step->exchange);

	return looks ? FUTEX_BYTES : 0;
}

static uint32_t word_of(const struct state *state, int object)
{
	uint32_t word;

	memcpy(&word, state->memory[object], sizeof(word));
	return word;
}

/* No bits is no bitset: any. */
static uint8_t bits_of(uint64_t bits)
{
	return bits ? (uint8_t)bits : UINT8_MAX;
}

uint32_t futexes_number(const struct state *state, const struct step *step)
{
	uint32_t counts = (uint32_t)step->value;

	if (step->op == OP_FUTEX_WAIT)
		return bits_of(step->value);
	if (step->op == OP_FUTEX_WAKE_OP && word_of(state, step->object) != step->expected)
		return futex_first(counts);
	return counts;
}

static bool is_at(const struct state *state, int thread, int object)
{
	return state->futex_at[thread] == object + 1;
}

static uint8_t waiters_of(const struct state *state, int object)
{
	uint8_t waiters = 0;

	for (int t = 0; t < THREADS; t++)
		if (is_at(state, t, object))
			waiters |= (uint8_t)(1u << t);
	return waiters;
}

static struct futex_token *token_for(struct state *state, int thread)
{
	for (int i = 0; i < THREADS; i++)
		if (state->futex_tokens[i].for_whom >> thread & 1)
			return &state->futex_tokens[i];
	return NULL;
}

bool futexes_could_go(const struct state *state, int thread)
{
	return state->futex_released[thread].ordinal || token_for((struct state *)state, thread);
}

/* Takes one away from the list, in which the others stay in their order. */
static struct event_name token_drop(struct state *state, struct futex_token *token)
{
	struct event_name from = token->from;
	int at = (int)(token - state->futex_tokens);

	for (; at + 1 < THREADS; at++)
		state->futex_tokens[at] = state->futex_tokens[at + 1];
	state->futex_tokens[THREADS - 1] = (struct futex_token){.for_whom = 0};
	return from;
}

static void out_of_queue(struct state *state, int thread)
{
	state->futex_at[thread] = state->futex_bits[thread] = 0;
	for (int i = 0; i < THREADS; i++)
		state->futex_tokens[i].for_whom &= (uint8_t) ~(1u << thread);
}

static void let_go(struct state *state, int thread, struct event_name from)
{
	out_of_queue(state, thread);
	state->futex_released[thread] = from;
}

static void token_add(struct state *state, int object, struct event_name from)
{
	int at = 0;

	while (state->futex_tokens[at].for_whom)
		at++;
	state->futex_tokens[at] = (struct futex_token){
		.for_whom = waiters_of(state, object), .object = (uint8_t)object, .from = from};
}

static int without_token(const struct state *state, int object)
{
	int count = __builtin_popcount(waiters_of(state, object));

	for (int i = 0; i < THREADS; i++)
		count -= state->futex_tokens[i].for_whom && state->futex_tokens[i].object == object;
	return count;
}

/* Each of those that wake returns how many, and of those that it moves. */
static int wake(struct state *state, int object, uint32_t count, struct event_name from)
{
	int without = without_token(state, object), left = without, woken;
	bool all = count >= (uint32_t)without;

	if (!count)
		return 0;
	if (!all)
		left = (int)count;
	woken = left;
	for (int t = 0; t < THREADS; t++) {
		if (!is_at(state, t, object))
			continue;
		if (!all)
			state->futex_contested[t] = 1;
		if (state->futex_contested[t])
			continue;
		let_go(state, t, from);
		left--;
	}
	while (left-- > 0)
		token_add(state, object, from);
	return woken;
}

static uint8_t matching(const struct state *state, int object, uint64_t bits)
{
	uint8_t waiters = waiters_of(state, object);

	for (int t = 0; t < THREADS; t++)
		if (!(state->futex_bits[t] & bits))
			waiters &= (uint8_t) ~(1u << t);
	return waiters;
}

/* The lowest of those that each open token is for has got it. */
static void settle(struct state *state, int object)
{
	for (int i = 0; i < THREADS;) {
		struct futex_token *token = &state->futex_tokens[i];
		int lowest = token->for_whom ? __builtin_ctz(token->for_whom) : -1;

		if (lowest >= 0 && token->object == object)
			let_go(state, lowest, token_drop(state, token));
		else
			i++;
	}
}

static int take(struct state *state, const struct step *step, uint64_t bits, int other,
		struct event_name from)
{
	int taken = 0;
	uint32_t count = futex_first((uint32_t)step->value);
	uint32_t move = other < 0 ? 0 : futex_second((uint32_t)step->value);

	if (!matching(state, step->object, bits))
		return 0;
	settle(state, step->object);
	for (int t = 0; t < THREADS; t++) {
		if (!(matching(state, step->object, bits) >> t & 1))
			continue;
		taken += count || move;
		if (count) {
			count--;
			let_go(state, t, from);
		} else if (move) {
			move--;
			state->futex_at[t] = state->futex_word[t] = (uint8_t)(other + 1);
			if (state->futex_contested[t] && other != step->object)
				state->futex_origin[t] = (uint8_t)(step->object + 1);
		}
	}
	return taken;
}

static bool go_on(struct state *state, int thread, struct outcome *outcome)
{
	struct futex_token *token = token_for(state, thread);
	bool contested = state->futex_contested[thread];

	outcome->from = state->futex_released[thread];
	if (!outcome->from.ordinal)
		outcome->from = token_drop(state, token);
	out_of_queue(state, thread);
	state->futex_released[thread] = (struct event_name){.ordinal = 0};
	state->futex_contested[thread] = 0;
	state->futex_word[thread] = state->futex_origin[thread] = 0;
	return contested;
}

static void flip(struct state *state, const struct step *step, struct outcome *outcome)
{
	state->memory[step->object][0] ^= 1;
	outcome->after = word_of(state, step->object);
}

bool futexes_apply(struct state *state, const struct step *step, int thread,
		   struct outcome *outcome)
{
	uint32_t counts = futexes_number(state, step), found = word_of(state, step->object);
	bool any = matching(state, step->object, step->expected);
	struct event_name self = {.thread = (uint8_t)thread, .ordinal = state->ordinal[thread]};

	if (futexes_bytes(step))
		outcome->before = outcome->after = found;
	switch (step->op) {
	case OP_FUTEX_WAIT:
		if (found != step->expected)
			return false;
		state->futex_at[thread] = (uint8_t)(step->object + 1);
		state->futex_bits[thread] = bits_of(step->value);
		return true;
	case OP_FUTEX_WOKEN:
		return go_on(state, thread, outcome);
	case OP_FUTEX_WAKE:
		outcome->result = (uint64_t)wake(state, step->object, counts, self);
		return outcome->result;
	case OP_FUTEX_WAKE_BITSET:
		outcome->result = (uint64_t)take(state, step, step->expected, -1, self);
		return any;
	case OP_FUTEX_REQUEUE:
		if (step->exchange && found != step->expected)
			return false;
		outcome->result = (uint64_t)take(state, step, UINT8_MAX, step->mutex, self);
		return true;
	default: /* OP_FUTEX_WAKE_OP */
		flip(state, step, outcome);
		outcome->result = (uint64_t)(wake(state, step->mutex, futex_first(counts), self) +
					     wake(state, step->object, futex_second(counts), self));
		return true;
	}
}
