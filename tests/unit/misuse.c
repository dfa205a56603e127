#include "unit/misuse.h"

#include "model/word.h"
#include "unit/parts.h"
#include "unit/searches.h"

/* Locks of this number are in memory that may be used again: held there by whom they may be, they
 * are made anew. */
#define REUSED 1

static uint8_t *gone(struct state *state, const struct step *step)
{
	return &state->gone[op_letter(step->op) - 'A'][step->object];
}

static bool is_gone(const struct state *state, char letter, int object)
{
	return state->gone[letter - 'A'][object];
}

static bool is_taken(const struct state *state, int object)
{
	if (state->writer[object])
		return true;
	for (int t = 0; t < THREADS; t++)
		if (state->readers[object][t])
			return true;
	return false;
}

/* More wait than there are tokens for any of them. */
static bool is_waited_for(const struct state *state, int cond, uint8_t by)
{
	int tokens = 0;

	for (int i = 0; i < state->token_count[cond]; i++)
		tokens += (state->tokens[cond][i].for_whom & by) != 0;
	return __builtin_popcount(by) > tokens;
}

static enum misused in_wait(const struct state *state, const struct step *step, int thread)
{
	uint8_t others = 0;

	if (is_gone(state, 'M', step->mutex) || state->holder[step->mutex] != thread + 1)
		return MISUSED;
	for (int t = 0; t < THREADS; t++)
		if (state->waiting[step->object] >> t & 1 && state->waits_with[t] != step->mutex)
			others |= (uint8_t)(1u << t);
	return is_waited_for(state, step->object, others) ? MISUSED_BY_OTHERS : MISUSED_NOT;
}

static bool is_own_fault(const struct state *state, const struct step *step, int thread)
{
	int o = step->object;

	switch (step->op) {
	case OP_UNLOCK:
		return state->holder[o] != thread + 1;
	case OP_SPIN_UNLOCK:
		return state->spin[o] != thread + 1;
	case OP_RWUNLOCK:
		return state->writer[o] != thread + 1 && !state->readers[o][thread];
	case OP_WAKE:
		return is_gone(state, 'M', step->mutex);
	case OP_MUTEX_INIT:
		return state->holder[o] && o != REUSED;
	case OP_MUTEX_DESTROY:
		return state->holder[o];
	case OP_SPIN_INIT:
		return state->spin[o] && o != REUSED;
	case OP_SPIN_DESTROY:
		return state->spin[o];
	case OP_RWLOCK_INIT:
		return is_taken(state, o) && o != REUSED;
	case OP_RWLOCK_DESTROY:
		return is_taken(state, o);
	case OP_COND_INIT:
	case OP_COND_DESTROY:
		return is_waited_for(state, o, state->waiting[o]);
	case OP_BARRIER_INIT:
	case OP_BARRIER_DESTROY:
		return state->arrived[o];
	default: /* no other operation asks who has it */
		return false;
	}
}

enum misused misused(const struct state *state, const struct step *step, int thread)
{
	bool outlives = step->op == OP_WAKE || step->op == OP_PASS || op_is_init(step->op);
	enum misused wait = step->op == OP_WAIT ? in_wait(state, step, thread) : MISUSED_NOT;

	if (wait == MISUSED)
		return wait;
	if (op_letter(step->op) && !outlives && is_gone(state, op_letter(step->op), step->object))
		return MISUSED_BY_OTHERS;
	return is_own_fault(state, step, thread) ? MISUSED : wait;
}

void live(struct state *state, const struct step *step)
{
	int o = step->object;

	*gone(state, step) = op_is_destroy(step->op);
	if (step->op == OP_MUTEX_INIT)
		state->holder[o] = 0;
	if (step->op == OP_SPIN_INIT)
		state->spin[o] = 0;
	if (step->op == OP_RWLOCK_INIT) {
		state->writer[o] = 0;
		for (int t = 0; t < THREADS; t++)
			state->readers[o][t] = 0;
	}
	if (step->op == OP_SEM_INIT)
		state->semaphore[o] = (uint8_t)step->value;
	if (step->op == OP_SEM_DESTROY)
		state->semaphore[o] = SEM_DESTROYED;
}

/* ---- programs of it */

static void part_life(struct rng *rng, struct program *program, int thread)
{
	enum op op = (enum op)(OP_MUTEX_INIT + (int)rng_below(rng, 12));

	add(program, thread,
	    (struct step){.op = op, .object = any(rng), .value = rng_below(rng, 2)});
}

/* Destroyed and made again, by one thread. */
static void part_lives(struct rng *rng, struct program *program, int thread)
{
	int kind = (int)rng_below(rng, 6), object = any(rng);

	add_op(program, thread, (enum op)(OP_MUTEX_DESTROY + kind), object);
	if (any(rng))
		add(program, thread,
		    (struct step){.op = (enum op)(OP_MUTEX_INIT + kind),
				  .object = object,
				  .value = rng_below(rng, 2)});
}

static void part_unlock(struct rng *rng, struct program *program, int thread)
{
	static const enum op takes[] = {OP_LOCK, OP_RDLOCK, OP_WRLOCK, OP_SPIN_LOCK};
	static const enum op gives[] = {OP_UNLOCK, OP_RWUNLOCK, OP_RWUNLOCK, OP_SPIN_UNLOCK};
	uint32_t kind = rng_below(rng, 4);
	int object = any(rng);

	if (rng_below(rng, 3))
		add_op(program, thread, takes[kind], object);
	if (rng_below(rng, 3))
		add_op(program, thread, gives[kind], object);
}

static void part_wait(struct rng *rng, struct program *program, int thread)
{
	int mutex = any(rng), held = rng_below(rng, 4) ? mutex : !mutex;

	add_op(program, thread, OP_LOCK, held);
	add(program, thread,
	    (struct step){
		    .op = OP_WAIT, .object = 1, .mutex = mutex, .bytes = FOOTPRINT_CONTENDED});
	add(program, thread, (struct step){.op = OP_WAKE, .object = 1, .mutex = mutex});
	add_op(program, thread, OP_UNLOCK, mutex);
}

static void part_signal(struct rng *rng, struct program *program, int thread)
{
	add_op(program, thread, any(rng) ? OP_SIGNAL : OP_BROADCAST, 1);
}

struct program program_of_misuse(struct rng *rng)
{
	static part_fn *const all[] = {
		part_life,   part_life,	  part_lives,	   part_unlock,	   part_wait,
		part_signal, part_signal, part_mutex,	   part_semaphore, part_barrier,
		part_spin,   part_rwlock, part_rwlock_try, part_try,	   part_semaphore_try,
	};
	struct program program = {
		.threads = 2 + (int)rng_below(rng, 2), .posts = rng_below(rng, 2), .checked = true};
	part_fn *kinds[4];

	program.arrivals = (uint32_t)program.threads;
	kinds[0] = all[rng_below(rng, 3)];
	for (int i = 1; i < 4; i++)
		kinds[i] = all[rng_below(rng, sizeof(all) / sizeof(*all))];
	for (int t = 0; t < program.threads; t++)
		for (uint32_t i = 1 + rng_below(rng, 3); i-- > 0;)
			kinds[rng_below(rng, 4)](rng, &program, t);
	return program;
}
