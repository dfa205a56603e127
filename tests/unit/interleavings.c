/*
 * interleavings.c - the slow and plain answer to which executions a program has.
 *
 * Invariant: between two steps no thread stands at a step that is no event and could be carried
 * out. So each choice is one between events, as in the search.
 */
#include "unit/interleavings.h"

#include "base/rng.h"

#include <string.h>

static char objects[OBJECTS][64], mutexes[OBJECTS][64];

static void clock_after(uint8_t *clock, const uint8_t *earlier)
{
	for (int i = 0; i < THREADS; i++)
		if (clock[i] < earlier[i])
			clock[i] = earlier[i];
}

/* ---- what is no event */

static void edge_add(struct run *run, int parent, int child, bool is_join)
{
	run->edges[run->edge_count++] =
		(struct edge){.parent = parent, .child = child, .is_join = is_join};
}

static bool is_at_end(const struct program *program, const struct run *run, int thread)
{
	return run->is_there[thread] && run->at[thread] == program->length[thread];
}

static bool advance(const struct program *program, struct run *run, int thread)
{
	const struct step *step = &program->steps[thread][run->at[thread]];

	if (!run->is_there[thread] || run->at[thread] == program->length[thread])
		return false;
	if (step->op == OP_CREATE) {
		run->is_there[step->object] = true;
		clock_after(run->clock[step->object], run->clock[thread]);
	} else if (step->op == OP_JOIN && is_at_end(program, run, step->object)) {
		clock_after(run->clock[thread], run->clock[step->object]);
	} else {
		return false;
	}
	edge_add(run, thread, step->object, step->op == OP_JOIN);
	run->at[thread]++;
	return true;
}

static void advance_all(const struct program *program, struct run *run)
{
	bool any;

	do {
		any = false;
		for (int t = 0; t < program->threads; t++)
			any |= advance(program, run, t);
	} while (any);
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

void run_init(const struct program *program, struct run *run)
{
	memset(run, 0, sizeof(*run));
	for (int i = 0; i < OBJECTS; i++)
		run->semaphore[i] = program->posts;
	for (int t = 0; t < program->threads; t++) {
		run->is_there[t] = !is_created(program, t);
		if (run->is_there[t])
			edge_add(run, -1, t, false);
	}
	advance_all(program, run);
}

/* ---- events */

/* Which token the thread would take: the oldest that is for it, or -1. */
static int token_for(const struct run *run, int object, int thread)
{
	for (int i = 0; i < run->token_count[object]; i++)
		if (run->tokens[object][i].for_whom >> thread & 1)
			return i;
	return -1;
}

bool run_is_enabled(const struct program *program, const struct run *run, int thread)
{
	const struct step *step = &program->steps[thread][run->at[thread]];
	int o = step->object;

	if (run->over || !run->is_there[thread] || run->at[thread] == program->length[thread])
		return false;
	switch (step->op) {
	case OP_JOIN: /* of a thread that has not ended */
		return false;
	case OP_PASS:
		return run->generation[o] != run->awaits[thread];
	case OP_LOCK:
		return !run->held[o];
	case OP_WAKE:
		return !run->held[step->mutex] && token_for(run, o, thread) >= 0;
	case OP_SEM_WAIT:
		return run->semaphore[o];
	case OP_RDLOCK:
		return !run->writer[o];
	case OP_WRLOCK:
		return !run->writer[o] && !run->readers[o];
	default: /* no other operation of these programs waits */
		return true;
	}
}

static bool signal_do(struct run *run, int object, bool all)
{
	int waiters = __builtin_popcount(run->waiting[object]);
	bool any = waiters > run->token_count[object];

	while (run->token_count[object] < waiters) {
		run->tokens[object][run->token_count[object]++] =
			(struct token){.for_whom = run->waiting[object], .from = run->length};
		if (!all)
			break;
	}
	return any;
}

/* Returns the event with which the token was issued. */
static int wake_do(struct run *run, int object, int thread)
{
	int at = token_for(run, object, thread), from = run->tokens[object][at].from;

	for (run->token_count[object]--; at < run->token_count[object]; at++)
		run->tokens[object][at] = run->tokens[object][at + 1];
	/* Should it wait again, it is another waiter. */
	for (int i = 0; i < run->token_count[object]; i++)
		run->tokens[object][i].for_whom &= ~(1u << thread);
	run->waiting[object] &= ~(1u << thread);
	return from;
}

/* Takes the thing where it is free. */
static bool take(int *held, bool is_free)
{
	if (is_free)
		*held = 1;
	return is_free;
}

static void arrive(const struct program *program, struct run *run, int object, int thread)
{
	run->awaits[thread] = run->generation[object];
	if (++run->arrived[object] < program->arrivals)
		return;
	run->arrived[object] = 0;
	run->generation[object]++;
}

/* Carries the step out: returns its outcome. */
static bool apply(const struct program *program, struct run *run, const struct step *step,
		  int thread, int *from)
{
	int o = step->object;

	switch (step->op) {
	case OP_LOCK:
	case OP_TRYLOCK:
		return take(&run->held[o], !run->held[o]);
	case OP_UNLOCK:
		run->held[o] = 0;
		return true;
	case OP_WAIT:
		run->held[step->mutex] = 0;
		run->waiting[o] |= 1u << thread;
		return true;
	case OP_WAKE:
		*from = wake_do(run, o, thread);
		run->held[step->mutex] = 1;
		return true;
	case OP_SIGNAL:
	case OP_BROADCAST:
		return signal_do(run, o, step->op == OP_BROADCAST);
	case OP_SEM_POST:
		run->semaphore[o]++;
		return true;
	case OP_SEM_WAIT:
	case OP_SEM_TRYWAIT:
		return run->semaphore[o] && run->semaphore[o]--;
	case OP_RDLOCK:
	case OP_TRYRDLOCK:
		run->readers[o] += !run->writer[o];
		return !run->writer[o];
	case OP_WRLOCK:
	case OP_TRYWRLOCK:
		return take(&run->writer[o], !run->writer[o] && !run->readers[o]);
	case OP_RWUNLOCK:
		if (!run->writer[o]) {
			run->readers[o]--;
			return false;
		}
		run->writer[o] = 0;
		return true;
	case OP_ATOMIC_CAS:
		if (run->value[o] != step->expected)
			return false;
		run->value[o] = step->value;
		return true;
	case OP_ATOMIC_STORE:
		run->value[o] = step->value;
		return true;
	case OP_ARRIVE:
		arrive(program, run, o, thread);
		return !program->contended;
	default: /* reads and writes: whatever they find */
		return true;
	}
}

const void *mutex_at(const struct step *step)
{
	return step->op == OP_WAIT || step->op == OP_WAKE ? mutexes[step->mutex] : NULL;
}

/* Mutexes and condition variables are of different addresses. */
const void *object_at(const struct step *step)
{
	bool is_mutex = step->op == OP_LOCK || step->op == OP_TRYLOCK || step->op == OP_UNLOCK;

	return is_mutex ? mutexes[step->object] : objects[step->object];
}

/* To pass a barrier is after all arrivals of the generation. */
static bool is_after_arrival(const struct run *run, const struct done *pass,
			     const struct done *other)
{
	return pass->step->op == OP_PASS && other->step->op == OP_ARRIVE &&
	       other->step->object == pass->step->object &&
	       other->number == run->awaits[pass->thread];
}

static void order(const struct run *run, struct done *event)
{
	memcpy(event->clock, event->clock_before, sizeof(event->clock));
	for (int i = 0; i < run->length; i++)
		if (i == event->from || is_after_arrival(run, event, &run->events[i]) ||
		    footprint_is_dependent(&run->events[i].foot, &event->foot))
			clock_after(event->clock, run->events[i].clock);
	event->clock[event->thread] = (uint8_t)event->ordinal;
}

static bool ends(const struct step *step, bool succeeded)
{
	return step->end == STEP_ENDS || (step->end == STEP_ENDS_WHERE_IT_FAILS && !succeeded);
}

static uint32_t number_of(const struct run *run, const struct step *step, int thread)
{
	if (step->op == OP_PASS)
		return run->awaits[thread];
	return step->op == OP_ARRIVE ? run->generation[step->object] : run->semaphore[step->object];
}

const struct done *run_step(const struct program *program, struct run *run, int thread)
{
	const struct step *step = &program->steps[thread][run->at[thread]];
	struct done *event = &run->events[run->length];

	*event = (struct done){.thread = thread,
			       .ordinal = ++run->ordinal[thread],
			       .step = step,
			       .number = number_of(run, step, thread),
			       .before = run->value[step->object],
			       .from = -1};
	memcpy(event->clock_before, run->clock[thread], sizeof(event->clock_before));
	event->succeeded = apply(program, run, step, thread, &event->from);
	event->after = run->value[step->object];
	run->at[thread] += 1 + (event->succeeded ? 0 : step->skip);
	run->over = ends(step, event->succeeded);
	footprint_of(&event->foot, run->over ? OP_EXIT : step->op, object_at(step), mutex_at(step),
		     8, event->succeeded);
	order(run, event);
	clock_after(run->clock[thread], event->clock);
	run->length++;
	run->edge_count = 0;
	if (!run->over)
		advance_all(program, run);
	return event;
}

static uint64_t hash(const struct run *run, const uint8_t *until)
{
	uint64_t sum = 0;

	for (int i = 0; i < run->length; i++) {
		const struct done *event = &run->events[i];
		struct rng rng = rng_stream((uint64_t)event->thread,
					    (uint64_t)event->ordinal * 2 + event->succeeded);

		if (event->ordinal > until[event->thread])
			continue;
		for (int t = 0; t < THREADS; t++)
			rng.state = rng_next(&rng) +
				    (event->clock[t] < until[t] ? event->clock[t] : until[t]);
		/* A sum, for the order of the events does not matter. */
		sum += rng_next(&rng);
	}
	return sum | 1;
}

uint64_t class_of(const struct run *run)
{
	static const uint8_t all[THREADS] = {UINT8_MAX, UINT8_MAX, UINT8_MAX, UINT8_MAX};

	return hash(run, all);
}

uint64_t ending_of(const struct run *run)
{
	struct run cone = *run;
	struct done *last;

	if (!run->over)
		return class_of(run);
	last = &cone.events[--cone.length];
	footprint_of(&last->foot, last->step->op, object_at(last->step), mutex_at(last->step), 8,
		     last->succeeded);
	order(&cone, last);
	cone.length++;
	return hash(&cone, last->clock);
}

/* ---- sets of classes, and all interleavings */

static bool set_has(const struct set *set, uint64_t member, uint32_t *at)
{
	for (*at = (uint32_t)(member >> 40) % SET_SIZE; set->members[*at];
	     *at = (*at + 1) % SET_SIZE)
		if (set->members[*at] == member)
			return true;
	return false;
}

void set_add(struct set *set, uint64_t member)
{
	uint32_t at;

	if (set_has(set, member, &at))
		return;
	set->members[at] = member;
	set->count++;
}

void interleave(const struct program *program, const struct run *run, name_fn *name,
		struct set *set)
{
	bool over = true;

	for (int t = 0; t < program->threads && set->paths < PATHS; t++) {
		struct run next;

		if (!run_is_enabled(program, run, t))
			continue;
		over = false;
		next = *run;
		run_step(program, &next, t);
		interleave(program, &next, name, set);
	}
	if (over) {
		set->paths++;
		set_add(set, name(run));
	}
}
