/*
 * interleavings.c - the slow and plain answer to which executions a program has.
 */
#include "unit/interleavings.h"

#include "base/rng.h"

#include <stddef.h>
#include <string.h>

static void clock_after(uint8_t *clock, const uint8_t *earlier)
{
	for (int i = 0; i < THREADS; i++)
		if (clock[i] < earlier[i])
			clock[i] = earlier[i];
}

static void run_copy(struct run *to, const struct run *from)
{
	memcpy(to, from,
	       offsetof(struct run, events) + (size_t)from->length * sizeof(*from->events));
}

/* ---- what is no event */

static void edge_add(struct run *run, int parent, int child, bool is_join)
{
	run->edges[run->edge_count++] =
		(struct edge){.parent = parent, .child = child, .is_join = is_join};
}

static bool is_at_end(const struct run *run, int thread)
{
	return run->state.is_there[thread] && !state_step(&run->state, run->program, thread);
}

static bool advance(struct run *run, int thread)
{
	const struct step *step = state_step(&run->state, run->program, thread);

	if (!step)
		return false;
	if (step->op == OP_CREATE) {
		run->state.is_there[step->object] = true;
		clock_after(run->clock[step->object], run->clock[thread]);
	} else if (step->op == OP_JOIN && is_at_end(run, step->object)) {
		clock_after(run->clock[thread], run->clock[step->object]);
	} else {
		return false;
	}
	edge_add(run, thread, step->object, step->op == OP_JOIN);
	run->state.at[thread]++;
	return true;
}

static void advance_all(struct run *run)
{
	bool any;

	do {
		any = false;
		for (int t = 0; t < run->program->threads; t++)
			any |= advance(run, t);
	} while (any);
	state_end(&run->state, run->program);
}

void run_init(const struct program *program, struct run *run)
{
	memset(run, 0, offsetof(struct run, events));
	run->program = program;
	run->class = 1;
	state_init(&run->state, program);
	for (int t = 0; t < program->threads; t++)
		if (run->state.is_there[t])
			edge_add(run, -1, t, false);
	advance_all(run);
}

/* ---- events */

/* To pass a barrier is after all arrivals of the generation. */
static bool is_after_arrival(const struct done *pass, const struct done *other)
{
	return pass->outcome.op == OP_PASS && other->outcome.op == OP_ARRIVE &&
	       other->step->object == pass->step->object &&
	       other->outcome.number == pass->outcome.number;
}

static bool is_token(const struct done *wake, const struct done *other)
{
	return wake->outcome.from.ordinal && wake->outcome.from.ordinal == other->ordinal &&
	       wake->outcome.from.thread == other->thread;
}

/* What may interrupt it, and a guard, are read together with the operation. */
static void guard_add(struct footprint *foot, const struct done *done, bool is_ending)
{
	struct footprint guard = {.count = 0}, sent = {.count = 0};
	const struct step *step = done->step;

	if (step->interrupts && !is_ending)
		footprint_add_object(&sent, word_address(done->thread), FOOT_READ);
	footprint_add(foot, &sent);
	if (done->outcome.op == OP_INTERRUPT)
		return;

	if (step->guard.op == OP_READ)
		footprint_add_memory(&guard, guard_address(step), 8, FOOT_READ);
	else if (step->guard.op)
		footprint_add_object(&guard, guard_address(step), FOOT_READ);
	footprint_add(foot, &guard);
}

static void order(const struct run *run, struct done *event)
{
	memcpy(event->clock, event->clock_before, sizeof(event->clock));
	for (int i = 0; i < run->length; i++) {
		const struct done *other = &run->events[i];

		if (is_token(event, other) || is_after_arrival(event, other) ||
		    footprint_is_dependent(&other->foot, &event->foot))
			clock_after(event->clock, other->clock);
	}
	event->clock[event->thread] = (uint8_t)event->ordinal;
}

/* Its name: clocks beyond `until` count as that. */
static uint64_t event_hash(const struct done *event, const uint8_t *until)
{
	struct rng rng = rng_stream((uint64_t)event->thread * 2 + event->outcome.succeeded,
				    (uint64_t)event->ordinal);

	rng.state ^= event->outcome.result;
	for (int t = 0; t < THREADS; t++)
		rng.state =
			rng_next(&rng) + (event->clock[t] < until[t] ? event->clock[t] : until[t]);
	return rng_next(&rng);
}

static const uint8_t no_end[THREADS] = {UINT8_MAX, UINT8_MAX, UINT8_MAX, UINT8_MAX};

/* Whoever goes on alone does so after all that there was, and before all that will be. So does the
 * event that lets it go on, if only to wait for something else. */
static bool is_apart(const struct run *run, int thread, int alone, bool many)
{
	struct run after;

	if (run->state.over || !alone || alone == thread + 1 || many)
		return run->state.over || alone;
	run_copy(&after, run);
	advance_all(&after);
	return after.state.over || after.state.at[alone - 1] != run->state.at[alone - 1] ||
	       state_is_alone(&after.state, run->program, alone - 1);
}

const struct step *run_next_on(const struct run *run, int thread, const void *on[2])
{
	const struct step *step = state_step(&run->state, run->program, thread);

	if (!step)
		return NULL;
	on[0] = state_address(&run->state, step, thread);
	on[1] = mutex_address(&run->state, step, thread);
	return step;
}

const struct done *run_step(struct run *run, int thread)
{
	int alone = run->state.alone;
	bool many = state_waits_for_many(&run->state, run->program);
	struct done *event = &run->events[run->length];

	*event = (struct done){.thread = thread,
			       .step = state_step(&run->state, run->program, thread)};
	run_next_on(run, thread, event->on);
	event->is_ending = run->state.is_ending[thread];
	run->state.is_ending[thread] = true;
	event->meant_object = state_address(&run->state, event->step, thread);
	run->state.is_ending[thread] = event->is_ending;
	memcpy(event->clock_before, run->clock[thread], sizeof(event->clock_before));
	if (state_op(&run->state, event->step, thread) == OP_AWAIT_END)
		clock_after(event->clock_before, run->clock[event->step->object]);
	event->outcome = state_apply(&run->state, run->program, thread);
	event->ordinal = run->state.ordinal[thread];
	footprint_of(&event->foot, is_apart(run, thread, alone, many) ? OP_EXIT : event->outcome.op,
		     event->on[0], event->on[1], step_bytes(event->step), event->outcome.succeeded);
	guard_add(&event->foot, event, event->is_ending);
	order(run, event);
	clock_after(run->clock[thread], event->clock);
	run->class += event_hash(event, no_end);
	run->length++;
	run->edge_count = 0;
	if (!run->state.over)
		advance_all(run);
	return event;
}

bool run_was_ended_by(const struct run *run, int thread)
{
	return run->state.over && run->events[run->length - 1].thread == thread;
}

/* ---- names */

uint64_t class_of(const struct run *run)
{
	return run->class;
}

uint64_t ending_of(const struct run *run)
{
	struct run cone;
	struct done *last;
	uint64_t sum = 1;

	if (!run->state.over)
		return class_of(run);
	run_copy(&cone, run);
	last = &cone.events[--cone.length];
	footprint_of(&last->foot, last->outcome.op, last->on[0], last->on[1],
		     step_bytes(last->step), last->outcome.succeeded);
	guard_add(&last->foot, last, last->is_ending);
	order(&cone, last);
	for (int i = 0; i < run->length; i++)
		if (cone.events[i].ordinal <= last->clock[cone.events[i].thread])
			sum += event_hash(&cone.events[i], last->clock);
	return sum;
}

uint64_t state_of(const struct run *run)
{
	const uint8_t *bytes = (const uint8_t *)&run->state;
	struct rng rng = {.state = 0};

	for (size_t i = 0; i < sizeof(run->state); i += sizeof(uint64_t)) {
		size_t left = sizeof(run->state) - i;
		uint64_t word = 0;

		memcpy(&word, bytes + i, left < sizeof(word) ? left : sizeof(word));
		rng.state ^= word;
		rng.state = rng_next(&rng);
	}
	return rng.state;
}

/* ---- sets */

void set_clear(struct set *set)
{
	set->stamp++;
	set->count = 0;
}

static uint32_t set_find(const struct set *set, uint64_t name)
{
	uint32_t at = (uint32_t)(name >> 40) % SET_SIZE;

	while (set->stamps[at] == set->stamp && set->names[at] != name)
		at = (at + 1) % SET_SIZE;
	return at;
}

bool set_has(const struct set *set, uint64_t name)
{
	return set->stamps[set_find(set, name)] == set->stamp;
}

bool set_add(struct set *set, uint64_t name, uint64_t state, bool *same)
{
	uint32_t at = set_find(set, name);
	bool is_new = set->stamps[at] != set->stamp;

	if (is_new) {
		set->names[at] = name;
		set->states[at] = state;
		set->stamps[at] = set->stamp;
		set->count++;
	}
	if (same)
		*same = set->states[at] == state;
	return is_new;
}

/* ---- all interleavings */

static void end(struct all *all, const struct run *run)
{
	set_add(&all->classes, all->name(run), 0, NULL);
	if (set_add(&all->finals, state_of(run), 0, NULL))
		all->stuck += state_is_stuck(&run->state, run->program);
}

/* True where there is nothing new after this prefix. */
static bool is_known(struct all *all, const struct run *run)
{
	uint64_t state = state_of(run);
	bool same, is_new = set_add(&all->prefixes, run->class * 3 ^ state, 0, NULL);

	set_add(&all->states, run->class, state, &same);
	all->unsound |= !same;
	all->misuse |= run->state.misuse;
	all->too_many |= all->prefixes.count >= PREFIXES_MAX;
	return all->too_many || (!is_new && !all->is_plain);
}

static void go_on(struct all *all, const struct run *run);

static void go_each_way(struct all *all, const struct run *run, int thread)
{
	uint32_t ways = state_ways(&run->state, run->program, thread);

	for (uint32_t way = 0; way < ways; way++) {
		struct run next;

		run_copy(&next, run);
		next.state.way = (uint8_t)way;
		run_step(&next, thread);
		go_on(all, &next);
	}
}

static void go_on(struct all *all, const struct run *run)
{
	bool over = true;

	if (is_known(all, run))
		return;
	for (int t = 0; t < run->program->threads; t++) {
		if (!state_is_enabled(&run->state, run->program, t))
			continue;
		over = false;
		go_each_way(all, run, t);
	}
	if (over)
		end(all, run);
}

void interleave(const struct program *program, name_fn *name, bool is_plain, struct all *all)
{
	struct run start;

	all->name = name;
	all->is_plain = is_plain;
	all->stuck = 0;
	all->too_many = all->unsound = all->misuse = false;
	set_clear(&all->classes);
	set_clear(&all->finals);
	set_clear(&all->prefixes);
	set_clear(&all->states);
	run_init(program, &start);
	go_on(all, &start);
}
