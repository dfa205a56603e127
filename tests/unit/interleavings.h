/*
 * interleavings.h - little programs of every kind of operation, carried out step by step, in every
 * interleaving, and the classes of these. For test_dpor.c alone.
 *
 * Two interleavings are of one class when each of their events has the same outcome and comes after
 * the same others. Knows nothing of the search.
 */
#ifndef HEDDLE_TESTS_INTERLEAVINGS_H
#define HEDDLE_TESTS_INTERLEAVINGS_H

#include "base/rng.h"
#include "model/footprint.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define THREADS	 4
#define LENGTH	 10
#define OBJECTS	 3
#define EVENTS	 (THREADS * LENGTH)
#define PATHS	 6000 /* interleavings of a program that is worth the time */
#define SET_SIZE (1u << 17)

/* `skip` steps are left out where the step does not succeed. For compare-exchanges and stores
 * `value` is what is stored, for compare-exchanges in place of `expected`. */
struct step {
	enum op op;
	int object, mutex, skip;
	uint64_t expected, value;
};

struct program {
	int threads, length[THREADS];
	struct step steps[THREADS][LENGTH];
	uint32_t posts; /* value of all semaphores at first */
};

static char objects[OBJECTS][64], mutexes[OBJECTS][64];

/* ---- executions */

struct token {
	unsigned for_whom;
	int from;
};

struct done {
	int thread, ordinal;
	const struct step *step;
	uint64_t before, after;
	uint32_t number;
	bool succeeded;
	struct footprint foot;
	uint8_t clock[THREADS];
};

struct run {
	int at[THREADS], held[OBJECTS], readers[OBJECTS], writer[OBJECTS];
	uint32_t semaphore[OBJECTS];
	uint64_t value[OBJECTS];
	unsigned waiting[OBJECTS];
	struct token tokens[OBJECTS][THREADS];
	int token_count[OBJECTS];
	struct done events[EVENTS];
	int length, ordinal[THREADS];
};

static void run_init(const struct program *program, struct run *run)
{
	memset(run, 0, sizeof(*run));
	for (int i = 0; i < OBJECTS; i++)
		run->semaphore[i] = program->posts;
}

/* Which token the thread would take: the oldest that is for it, or -1. */
static int token_for(const struct run *run, int object, int thread)
{
	for (int i = 0; i < run->token_count[object]; i++)
		if (run->tokens[object][i].for_whom >> thread & 1)
			return i;
	return -1;
}

static bool is_enabled(const struct program *program, const struct run *run, int thread)
{
	const struct step *step = &program->steps[thread][run->at[thread]];
	int o = step->object;

	if (run->at[thread] == program->length[thread])
		return false;
	switch (step->op) {
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

/* Carries the step out: returns its outcome. */
static bool apply(struct run *run, const struct step *step, int thread, int *from)
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
	default: /* reads and writes: whatever they find */
		return true;
	}
}

static const void *mutex_at(const struct step *step)
{
	return step->op == OP_WAIT || step->op == OP_WAKE ? mutexes[step->mutex] : NULL;
}

/* Mutexes and condition variables are of different addresses. */
static const void *object_at(const struct step *step)
{
	bool is_mutex = step->op == OP_LOCK || step->op == OP_TRYLOCK || step->op == OP_UNLOCK;

	return is_mutex ? mutexes[step->object] : objects[step->object];
}

static void clock_after(struct done *event, const struct done *earlier)
{
	for (int i = 0; i < THREADS; i++)
		if (event->clock[i] < earlier->clock[i])
			event->clock[i] = earlier->clock[i];
}

static const struct done *run_step(const struct program *program, struct run *run, int thread)
{
	const struct step *step = &program->steps[thread][run->at[thread]];
	struct done *event = &run->events[run->length];
	int from = -1;

	*event = (struct done){.thread = thread,
			       .ordinal = ++run->ordinal[thread],
			       .step = step,
			       .number = run->semaphore[step->object]};
	event->before = run->value[step->object];
	event->succeeded = apply(run, step, thread, &from);
	event->after = run->value[step->object];
	run->at[thread] += 1 + (event->succeeded ? 0 : step->skip);
	footprint_of(&event->foot, step->op, object_at(step), mutex_at(step), 8, event->succeeded);
	for (int i = 0; i < run->length; i++)
		if (run->events[i].thread == thread || i == from ||
		    footprint_is_dependent(&run->events[i].foot, &event->foot))
			clock_after(event, &run->events[i]);
	event->clock[thread] = (uint8_t)event->ordinal;
	run->length++;
	return event;
}

/* A number for the class of a finished run: its events in the order of threads, with their outcomes
 * and what they come after. */
static uint64_t class_of(const struct run *run)
{
	uint64_t hash = 0;

	for (int i = 0; i < run->length; i++) {
		const struct done *event = &run->events[i];
		struct rng rng = rng_stream((uint64_t)event->thread,
					    (uint64_t)event->ordinal * 2 + event->succeeded);

		for (int t = 0; t < THREADS; t++)
			rng.state = rng_next(&rng) + event->clock[t];
		/* A sum, for the order of the events does not matter. */
		hash += rng_next(&rng);
	}
	return hash | 1;
}

/* ---- sets of classes, and all interleavings */

struct set {
	uint64_t members[SET_SIZE];
	long count, paths;
};

static bool set_has(const struct set *set, uint64_t member, uint32_t *at)
{
	for (*at = (uint32_t)(member >> 40) % SET_SIZE; set->members[*at];
	     *at = (*at + 1) % SET_SIZE)
		if (set->members[*at] == member)
			return true;
	return false;
}

static void set_add(struct set *set, uint64_t member)
{
	uint32_t at;

	if (set_has(set, member, &at))
		return;
	set->members[at] = member;
	set->count++;
}

static void interleave(const struct program *program, const struct run *run, struct set *set)
{
	bool over = true;

	for (int t = 0; t < program->threads && set->paths < PATHS; t++) {
		struct run next;

		if (!is_enabled(program, run, t))
			continue;
		over = false;
		next = *run;
		run_step(program, &next, t);
		interleave(program, &next, set);
	}
	if (over) {
		set->paths++;
		set_add(set, class_of(run));
	}
}

#endif
