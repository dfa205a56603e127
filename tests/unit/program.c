#include "unit/program.h"

#include "model/word.h"
#include "unit/channels.h"
#include "unit/futexes.h"
#include "unit/misuse.h"

#include <stdlib.h>
#include <string.h>

_Static_assert(_Alignof(struct state) == 1, "a state has no padding");

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
	static const struct step abort = {.op = OP_ABORT};

	if (state->doomed[thread])
		return &abort;
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

bool state_is_held(const struct state *state, const struct step *step)
{
	int o = step->guard.object;
	uint64_t value;

	if (channel_is_held(state, step))
		return true;
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

	if (!state->over && step && state_interrupts(state, step, thread))
		return state_op(state, step, thread) != OP_LEAVE || !state->holder[step->mutex];
	if (state->over || !step || state_is_held(state, step))
		return false;
	switch (step->op) {
	case OP_CREATE:
	case OP_JOIN:
	case OP_SIGWAIT:
		return false;
	case OP_AWAIT_END:
		return state->is_there[step->object] &&
		       state->at[step->object] >= program->length[step->object];
	case OP_PASS:
		return state->generation[step->object] != state->awaits[thread];
	case OP_FUTEX_WOKEN:
		return futexes_could_go(state, thread);
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
	return step->guard.op || channel_may_wait(step) || step->op == OP_WAKE ||
	       step->op == OP_FUTEX_WOKEN || step->op == OP_PASS || step->op == OP_WRLOCK;
}

void state_end(struct state *state, const struct program *program)
{
	if (state->alone && !state_step(state, program, state->alone - 1))
		state->over = true;
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

/* Who leaves passes its token on. */
static void do_leave(struct state *state, int object, int thread)
{
	if (token_for(state, object, thread) < 0) {
		state->waiting[object] &= (uint8_t) ~(1u << thread);
		return;
	}
	do_wake(state, object, thread);
	do_signal(state, object, thread, false);
}

/* A signal is taken; a cancelled thread ends, or goes on without being interrupted any more. */
static void do_interrupt(struct state *state, const struct program *program,
			 const struct step *step, int thread)
{
	if (state_op(state, step, thread) == OP_LEAVE) {
		do_leave(state, step->object, thread);
		take(&state->holder[step->mutex], thread, true);
	}
	if (state_interrupts(state, step, thread) == SENT_SIGNAL) {
		state->sent[thread] &= (uint8_t)~SENT_SIGNAL;
		state->at[thread] += step->fails;
		return;
	}
	state->is_ending[thread] = true;
	state->at[thread] = (uint8_t)(step->cleanup ? state->at[thread] + step->cleanup
						    : program->length[thread]);
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
	uint8_t *at = state->memory[step_object(state, step, thread)] + step->offset;
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

/* True where it waits for a signal. */
static bool do_wait(struct state *state, const struct step *step, int thread)
{
	give(state, &state->holder[step->mutex], thread);
	state->spurious += state->way == 1 + step->is_timed;
	if (!state->way)
		state->waiting[step->object] |= (uint8_t)(1u << thread);
	return !state->way;
}

static bool apply_other(struct state *state, const struct step *step, int thread,
			struct outcome *outcome)
{
	int o = step->object;

	switch (step->op) {
	case OP_ONCE:
		if (state->once[o] == ONCE_DONE)
			return false;
		state->once[o] = ONCE_RUNNING;
		return true;
	case OP_ONCE_DONE:
		state->misuse |= state->once[o] != ONCE_RUNNING;
		state->once[o] = ONCE_DONE;
		return true;
	case OP_MUTEX_INIT ... OP_SPIN_DESTROY:
		live(state, step);
		return true;
	case OP_POINT:
		state->passed[o] = (uint8_t)(state->passed[o] * 31 + thread * 7 + 1);
		return true;
	case OP_CANCEL:
		state->sent[o] |= SENT_CANCEL;
		return true;
	case OP_KILL:
		state->sent[o] |= SENT_SIGNAL;
		return true;
	case OP_CHOOSE:
		outcome->result = state->way;
		return state->way == step->expected;
	case OP_OUTPUT:
		state->written[o] = (uint8_t)(state->written[o] * 31 + thread * 7 + 1);
		return true;
	default:
		if (is_futex_op(step->op))
			return futexes_apply(state, step, thread, outcome);
		if (op_is_on_channel(step->op))
			return channel_apply(state, step, thread, outcome);
		return !op_is_access(step->op) || do_access(state, step, thread, outcome);
	}
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
		state->waits_with[thread] = (uint8_t)step->mutex;
		outcome->result = state->way;
		return do_wait(state, step, thread);
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
	default:
		return apply_other(state, step, thread, outcome);
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

	if (is_futex_op(step->op))
		return futexes_number(state, step);
	switch (step->op) {
	case OP_PASS:
		return state->awaits[thread];
	case OP_AWAIT_END:
		return (uint32_t)step->object + 1;
	case OP_ARRIVE:
		return state->generation[o];
	case OP_ONCE:
	case OP_ONCE_DONE:
		return state->once[o];
	case OP_LOCK:
	case OP_TRYLOCK:
	case OP_UNLOCK:
	case OP_MUTEX_INIT:
	case OP_MUTEX_DESTROY:
		return state->holder[o] > 0;
	case OP_WAIT:
	case OP_WAKE:
		return state->holder[step->mutex] > 0;
	case OP_SPIN_LOCK:
	case OP_SPIN_TRYLOCK:
	case OP_SPIN_UNLOCK:
	case OP_SPIN_INIT:
	case OP_SPIN_DESTROY:
		return state->spin[o] > 0;
	case OP_RDLOCK:
	case OP_WRLOCK:
	case OP_TRYRDLOCK:
	case OP_TRYWRLOCK:
	case OP_RWUNLOCK:
	case OP_RWLOCK_INIT:
	case OP_RWLOCK_DESTROY:
		return state->writer[o] ? UINT32_MAX : (uint32_t)reader_count(state, o);
	default:
		return state->semaphore[o];
	}
}

static bool has_condition(const struct step *load)
{
	return load->skip || load->end == STEP_ENDS_WHERE_IT_FAILS;
}

/* What a search is told of a step that changes nothing. */
static bool void_succeeds(const struct state *state, const struct step *step)
{
	switch (step->op) {
	case OP_SIGNAL:
	case OP_BROADCAST:
		return false;
	case OP_RWUNLOCK:
		return state->writer[step->object];
	default: /* of others it is no matter */
		return true;
	}
}

struct outcome state_apply(struct state *state, const struct program *program, int thread)
{
	const struct step *step = state_step(state, program, thread);
	struct outcome outcome = {.number = state_number(state, step, thread)};
	enum misused why = program->checked ? misused(state, step, thread) : MISUSED_NOT;
	bool failed;

	state->ordinal[thread]++;
	outcome.op = state_op(state, step, thread);
	outcome.taken = state_interrupts(state, step, thread);
	if (outcome.taken) {
		outcome.result = (uint64_t)outcome.taken;
		outcome.succeeded = true;
		do_interrupt(state, program, step, thread);
		return outcome;
	}
	if (why) {
		outcome.succeeded = void_succeeds(state, step);
		outcome.is_void = true;
		if (step->op == OP_WAKE)
			outcome.from = do_wake(state, step->object, thread);
		state->doomed[thread] = true;
		return outcome;
	}
	outcome.succeeded = apply(state, program, step, thread, &outcome);
	failed = op_is_load(step->op) ? has_condition(step) && outcome.result != step->expected
				      : !outcome.succeeded;
	state->at[thread] += (uint8_t)(1 + (failed == (step->skip > 0) ? abs(step->skip) : 0));
	state->last[thread] = (uint8_t)outcome.result;
	state->way = 0;
	state->over = ends(step, !failed);
	if (step->end == STEP_GOES_ON_ALONE)
		state->alone = (uint8_t)(thread + 1);
	return outcome;
}
