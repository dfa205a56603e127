#include "unit/program.h"

#include "model/word.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* One kind of object after the other, each object with a cache line. */
static char objects[128][OBJECTS][64];

_Static_assert(_Alignof(struct state) == 1, "a state has no padding");

uint32_t step_bytes(const struct step *step)
{
	return step->bytes ? (uint32_t)step->bytes : 8;
}

static int object_of(const struct state *state, const struct step *step, int thread)
{
	return step->pointer ? (step->object + (state->last[thread] & 1)) % OBJECTS : step->object;
}

const void *state_address(const struct state *state, const struct step *step, int thread)
{
	return objects[(int)op_letter(step->op)][object_of(state, step, thread)] + step->offset;
}

const void *mutex_address(const struct step *step)
{
	return step->op == OP_WAIT || step->op == OP_WAKE ? objects['M'][step->mutex] : NULL;
}

const void *guard_address(const struct step *step)
{
	return objects[(int)op_letter(step->guard.op)][step->guard.object];
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

static bool is_created(const struct program *program, int thread)
{
	for (int t = 0; t < program->threads; t++)
		for (int i = 0; i < program->length[t]; i++)
			if (program->steps[t][i].op == OP_CREATE &&
			    program->steps[t][i].object == thread)
				return true;
	return false;
}

void state_init(struct state *state, const struct program *program)
{
	memset(state, 0, sizeof(*state));
	memset(state->semaphore, (int)program->posts, sizeof(state->semaphore));
	for (int t = 0; t < program->threads; t++)
		state->is_there[t] = !is_created(program, t);
}

const struct step *state_step(const struct state *state, const struct program *program, int thread)
{
	if (!state->is_there[thread] || state->at[thread] >= program->length[thread])
		return NULL;
	return &program->steps[thread][state->at[thread]];
}

/* Which token the thread would take: the oldest that is for it, or -1. */
static int token_for(const struct state *state, int object, int thread)
{
	for (int i = 0; i < state->token_count[object]; i++)
		if (state->tokens[object][i].for_whom >> thread & 1)
			return i;
	return -1;
}

static bool may_read(const struct state *state, int object)
{
	return !state->writer[object];
}

static int reader_count(const struct state *state, int object)
{
	int count = 0;

	for (int t = 0; t < THREADS; t++)
		count += state->readers[object][t];
	return count;
}

static bool may_write(const struct state *state, int object)
{
	return !state->writer[object] && !reader_count(state, object);
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

bool state_is_held(const struct state *state, const struct step *step)
{
	int o = step->guard.object;
	uint64_t value;

	switch (step->guard.op) {
	case OP_READ:
		memcpy(&value, state->memory[o], sizeof(value));
		return value == step->guard.value;
	case OP_TRYLOCK:
		return state->holder[o];
	case OP_SPIN_TRYLOCK:
		return state->spin[o];
	case OP_SEM_TRYWAIT:
		return !state->semaphore[o];
	case OP_TRYRDLOCK:
		return !may_read(state, o);
	case OP_TRYWRLOCK:
		return !may_write(state, o);
	default: /* no guard */
		return false;
	}
}

bool state_could_go(const struct state *state, const struct program *program, int thread)
{
	const struct step *step = state_step(state, program, thread);

	if (state->over || !step || state_is_held(state, step))
		return false;
	switch (step->op) {
	case OP_CREATE:
	case OP_JOIN:
		return false;
	case OP_PASS:
		return state->generation[step->object] != state->awaits[thread];
	case OP_LOCK:
		return !state->holder[step->object];
	case OP_SPIN_LOCK:
		return !state->spin[step->object];
	case OP_WAKE:
		return !state->holder[step->mutex] && token_for(state, step->object, thread) >= 0;
	case OP_SEM_WAIT:
		return state->semaphore[step->object];
	case OP_RDLOCK:
		return may_read(state, step->object);
	case OP_WRLOCK:
		return may_write(state, step->object);
	case OP_ONCE:
		return state->once[step->object] != ONCE_RUNNING;
	default: /* no other operation of these programs waits */
		return true;
	}
}

bool state_is_alone(const struct state *state, const struct program *program, int thread)
{
	return state->alone == thread + 1 && state_could_go(state, program, thread);
}

bool state_is_enabled(const struct state *state, const struct program *program, int thread)
{
	if (state->alone && state_could_go(state, program, state->alone - 1))
		return state->alone == thread + 1;
	return state_could_go(state, program, thread);
}

bool state_waits_for_many(const struct state *state, const struct program *program)
{
	const struct step *step =
		state->alone ? state_step(state, program, state->alone - 1) : NULL;

	if (!step || state_could_go(state, program, state->alone - 1))
		return false;
	return step->guard.op || step->op == OP_WAKE || step->op == OP_PASS ||
	       step->op == OP_WRLOCK;
}

void state_end(struct state *state, const struct program *program)
{
	if (state->alone && !state_step(state, program, state->alone - 1))
		state->over = true;
}

bool state_is_stuck(const struct state *state, const struct program *program)
{
	for (int t = 0; t < program->threads; t++)
		if (!state->over && state_step(state, program, t))
			return true;
	return false;
}

/* ---- what the operations do: each returns whether it succeeded */

static bool take(uint8_t *holder, int thread, bool is_free)
{
	if (is_free)
		*holder = (uint8_t)(thread + 1);
	return is_free;
}

static bool give(struct state *state, uint8_t *holder, int thread)
{
	state->misuse |= *holder != thread + 1;
	*holder = 0;
	return true;
}

static bool do_signal(struct state *state, int object, int thread, bool all)
{
	int waiters = __builtin_popcount(state->waiting[object]);
	bool any = waiters > state->token_count[object];

	while (state->token_count[object] < waiters) {
		state->tokens[object][state->token_count[object]++] = (struct token){
			.for_whom = state->waiting[object],
			.from = {.thread = (uint8_t)thread, .ordinal = state->ordinal[thread]}};
		if (!all)
			break;
	}
	return any;
}

static struct event_name do_wake(struct state *state, int object, int thread)
{
	int at = token_for(state, object, thread);
	struct event_name from = state->tokens[object][at].from;

	for (state->token_count[object]--; at < state->token_count[object]; at++)
		state->tokens[object][at] = state->tokens[object][at + 1];
	state->tokens[object][at] = (struct token){.for_whom = 0};
	/* Should it wait again, it is another waiter. */
	for (int i = 0; i < state->token_count[object]; i++)
		state->tokens[object][i].for_whom &= (uint8_t) ~(1u << thread);
	state->waiting[object] &= (uint8_t) ~(1u << thread);
	return from;
}

/* The serial thread is the first of those that arrived. */
static void do_arrive(struct state *state, uint32_t arrivals, int object, int thread)
{
	uint8_t *members = &state->members[object];

	state->awaits[thread] = state->generation[object];
	*members |= (uint8_t)(1u << thread);
	if (++state->arrived[object] < arrivals)
		return;
	for (int t = 0; t < THREADS; t++)
		if (*members >> t & 1)
			state->is_serial[t] = t == __builtin_ctz(*members);
	state->arrived[object] = *members = 0;
	state->generation[object]++;
}

/* True where it was a writer's. */
static bool do_rwunlock(struct state *state, int object, int thread)
{
	uint8_t *mine = &state->readers[object][thread];

	if (state->writer[object])
		return give(state, &state->writer[object], thread);
	state->misuse |= !*mine;
	*mine -= *mine > 0;
	return false;
}

static bool do_access(struct state *state, const struct step *step, int thread,
		      struct outcome *outcome)
{
	uint8_t *at = state->memory[object_of(state, step, thread)] + step->offset;
	size_t bytes = step_bytes(step);
	bool succeeded = true;
	uint64_t value = step->value;

	memcpy(&outcome->before, at, bytes);
	outcome->result = op_is_load(step->op) || step->op == OP_ATOMIC_RMW ? outcome->before : 0;
	if (step->op == OP_ATOMIC_CAS)
		succeeded = outcome->before == step->expected;
	if (step->op == OP_ATOMIC_RMW && !step->exchange)
		value += outcome->before;
	if (!op_is_load(step->op) && succeeded)
		memcpy(at, &value, bytes);
	memcpy(&outcome->after, at, bytes);
	return succeeded;
}

/* Long, for each operation stands in it. */
static bool apply(struct state *state, const struct program *program, const struct step *step,
		  int thread, struct outcome *outcome)
{
	int o = step->object;

	switch (step->op) {
	case OP_LOCK:
	case OP_TRYLOCK:
		return take(&state->holder[o], thread, !state->holder[o]);
	case OP_UNLOCK:
		return give(state, &state->holder[o], thread);
	case OP_SPIN_LOCK:
	case OP_SPIN_TRYLOCK:
		return take(&state->spin[o], thread, !state->spin[o]);
	case OP_SPIN_UNLOCK:
		return give(state, &state->spin[o], thread);
	case OP_WAIT:
		state->waiting[o] |= (uint8_t)(1u << thread);
		return give(state, &state->holder[step->mutex], thread);
	case OP_WAKE:
		outcome->from = do_wake(state, o, thread);
		return take(&state->holder[step->mutex], thread, true);
	case OP_SIGNAL:
	case OP_BROADCAST:
		return do_signal(state, o, thread, step->op == OP_BROADCAST);
	case OP_SEM_POST:
		state->semaphore[o]++;
		return true;
	case OP_SEM_WAIT:
	case OP_SEM_TRYWAIT:
		return state->semaphore[o] && state->semaphore[o]--;
	case OP_RDLOCK:
	case OP_TRYRDLOCK:
		state->readers[o][thread] += may_read(state, o);
		return may_read(state, o);
	case OP_WRLOCK:
	case OP_TRYWRLOCK:
		return take(&state->writer[o], thread, may_write(state, o));
	case OP_RWUNLOCK:
		return do_rwunlock(state, o, thread);
	case OP_ARRIVE:
		do_arrive(state, program->arrivals, o, thread);
		return !program->contended;
	case OP_PASS:
		outcome->result = state->is_serial[thread];
		return true;
	case OP_ONCE:
		if (state->once[o] == ONCE_DONE)
			return false;
		state->once[o] = ONCE_RUNNING;
		return true;
	case OP_ONCE_DONE:
		state->misuse |= state->once[o] != ONCE_RUNNING;
		state->once[o] = ONCE_DONE;
		return true;
	case OP_OUTPUT:
		state->written[o] = (uint8_t)(state->written[o] * 31 + thread * 7 + 1);
		return true;
	case OP_POINT:
		state->passed[o] = (uint8_t)(state->passed[o] * 31 + thread * 7 + 1);
		return true;
	default:
		return !op_is_access(step->op) || do_access(state, step, thread, outcome);
	}
}

static bool ends(const struct step *step, bool succeeded)
{
	if (step->end == STEP_GOES_ON_ALONE)
		return false;
	return step->op == OP_EXIT || step->op == OP_ABORT || step->end == STEP_ENDS ||
	       (step->end == STEP_ENDS_WHERE_IT_FAILS && !succeeded);
}

uint32_t state_number(const struct state *state, const struct step *step, int thread)
{
	int o = step->object;

	switch (step->op) {
	case OP_PASS:
		return state->awaits[thread];
	case OP_ARRIVE:
		return state->generation[o];
	case OP_ONCE:
	case OP_ONCE_DONE:
		return state->once[o];
	case OP_LOCK:
	case OP_TRYLOCK:
	case OP_UNLOCK:
		return state->holder[o] > 0;
	case OP_WAIT:
	case OP_WAKE:
		return state->holder[step->mutex] > 0;
	case OP_SPIN_LOCK:
	case OP_SPIN_TRYLOCK:
	case OP_SPIN_UNLOCK:
		return state->spin[o] > 0;
	case OP_RDLOCK:
	case OP_WRLOCK:
	case OP_TRYRDLOCK:
	case OP_TRYWRLOCK:
	case OP_RWUNLOCK:
		return state->writer[o] ? UINT32_MAX : (uint32_t)reader_count(state, o);
	default:
		return state->semaphore[o];
	}
}

static bool has_condition(const struct step *load)
{
	return load->skip || load->end == STEP_ENDS_WHERE_IT_FAILS;
}

struct outcome state_apply(struct state *state, const struct program *program, int thread)
{
	const struct step *step = state_step(state, program, thread);
	struct outcome outcome = {.number = state_number(state, step, thread)};
	bool failed;

	state->ordinal[thread]++;
	outcome.succeeded = apply(state, program, step, thread, &outcome);
	failed = op_is_load(step->op) ? has_condition(step) && outcome.result != step->expected
				      : !outcome.succeeded;
	state->at[thread] += (uint8_t)(1 + (failed == (step->skip > 0) ? abs(step->skip) : 0));
	state->last[thread] = (uint8_t)outcome.result;
	state->over = ends(step, !failed);
	if (step->end == STEP_GOES_ON_ALONE)
		state->alone = (uint8_t)(thread + 1);
	return outcome;
}
