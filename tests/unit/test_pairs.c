/*
 * test_pairs.c - the table of footprints, by brute force: each pair of operations on the same
 * objects, from every small state, in both orders.
 *
 * Where the footprints of two events that can come one after the other are independent, they can
 * come the other way round, too, with the same outcomes and the same state. Where they are
 * dependent, for some state this is not so: else the row costs executions for nothing.
 */
#include "unit/kinds.h"

#include "model/footprint.h"
#include "unit/interleavings.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

/* A state, and what each thread has to do next: the second half of a step, or null. */
struct place {
	struct state state;
	const struct step *next[THREADS];
};

#define PLACES_MAX 20000

static struct place *places;
static int place_count;

/* What follows at once, in the list of steps, in the same thread. */
static const struct step *second_half(const struct step *step)
{
	return (step->op == OP_WAIT && !step->is_timed) || step->op == OP_ARRIVE ||
			       step->op == OP_FUTEX_WAIT
		       ? step + 1
		       : NULL;
}

static bool is_second_half(const struct step *step)
{
	return step->op == OP_WAKE || step->op == OP_PASS || step->op == OP_FUTEX_WOKEN;
}

static bool may_come(const struct place *place, const struct step *step, int thread)
{
	return place->next[thread] ? place->next[thread] == step : !is_second_half(step);
}

/* A program in which the thread stands at the step. */
static const struct program *at_step(const struct kind *kind, const struct state *state,
				     const struct step *step, int thread)
{
	static struct program program;

	program.threads = THREADS;
	program.arrivals = (uint32_t)kind->arrivals;
	program.contended = kind->contended;
	program.checked = kind->checked;
	program.length[thread] = state->at[thread] + 1;
	program.steps[thread][state->at[thread]] = *step;
	return &program;
}

static bool is_enabled(const struct kind *kind, const struct state *state, const struct step *step,
		       int thread)
{
	return state_is_enabled(state, at_step(kind, state, step, thread), thread);
}

static struct outcome go(const struct kind *kind, struct state *state, const struct step *step,
			 int thread)
{
	state->way = step->is_timed;
	return state_apply(state, at_step(kind, state, step, thread), thread);
}

/* ---- every small state */

static void place_add(const struct place *place)
{
	for (int i = 0; i < place_count; i++)
		if (!memcmp(&places[i], place, sizeof(*place)))
			return;
	cr_assert(place_count < PLACES_MAX);
	memcpy(&places[place_count++], place, sizeof(*place));
}

/* Counts that grow without end stay small, and how a state came to be is forgotten. */
static bool is_small(struct state *state)
{
	memset(state->at, 0, sizeof(state->at));
	memset(state->ordinal, 0, sizeof(state->ordinal));
	memset(state->last, 0, sizeof(state->last));
	memset(state->uses, 0, sizeof(state->uses));
	if (state->misuse || state->over || state->semaphore[0] > 3 || state->closed[0] > 1 ||
	    state->generation[0] > 2)
		return false;
	for (int t = 0; t < ACTORS; t++)
		if (state->readers[0][t] > 1 || state->doomed[t])
			return false;
	return state->memory[0][0] < 3;
}

static void places_find(const struct kind *kind)
{
	static struct place place;

	places = realloc(places, PLACES_MAX * sizeof(*places));
	place_count = 0;
	memset(&place, 0, sizeof(place));
	state_init(&place.state, at_step(kind, &place.state, &kind->steps[0], 0));
	place_add(&place);
	for (int i = 0; i < place_count; i++)
		for (int t = 0; t < ACTORS - kind->idle; t++)
			for (int s = 0; s < kind->count; s++) {
				const struct step *step = &kind->steps[s];

				memcpy(&place, &places[i], sizeof(place));
				if (!may_come(&place, step, t) ||
				    !is_enabled(kind, &place.state, step, t))
					continue;
				place.next[t] = second_half(step);
				if (!go(kind, &place.state, step, t).succeeded &&
				    step->op == OP_FUTEX_WAIT)
					place.next[t] = NULL;
				if (is_small(&place.state))
					place_add(&place);
			}
}

/* ---- pairs */

/* How often two events of such operations, with such outcomes, have come one after the other, and
 * how often it made a difference. */
static int seen[OP_COUNT][2][OP_COUNT][2], differed[OP_COUNT][2][OP_COUNT][2];
static bool depends[OP_COUNT][2][OP_COUNT][2];

static struct footprint foot_of(const struct state *state, const struct step *step, int thread,
				const struct outcome *outcome)
{
	struct footprint foot, sent = {.count = 0};
	struct state then = *state;

	/* As it was when it was carried out. */
	then.sent[thread] = (uint8_t)outcome->taken;
	footprint_of(&foot, outcome->op, state_address(&then, step, thread),
		     mutex_address(state, step, thread), step_bytes(step), outcome->succeeded);
	if (step->interrupts && !state->is_ending[thread])
		footprint_add_object(&sent, word_address(thread), FOOT_READ);
	footprint_add(&foot, &sent);
	return foot;
}

static bool is_same(const struct outcome *a, const struct outcome *b)
{
	return a->op == b->op && a->succeeded == b->succeeded && a->is_void == b->is_void &&
	       a->result == b->result && a->from.thread == b->from.thread &&
	       a->from.ordinal == b->from.ordinal;
}

/* One after the other: false where they cannot come so. */
static bool both(const struct kind *kind, struct state *state, const struct step *const steps[2],
		 int first, struct outcome out[2])
{
	for (int i = 0; i < 2; i++) {
		int thread = i ? !first : first;

		if (!is_enabled(kind, state, steps[thread], thread))
			return false;
		out[thread] = go(kind, state, steps[thread], thread);
	}
	return !state->misuse;
}

/* A wake comes after its signal whatever their footprints say, a passage after its arrivals. */
static bool is_ordered_anyway(const struct step *const steps[2], const struct outcome out[2])
{
	return (out[1].from.ordinal && out[1].from.thread == 0) || out[1].op == OP_AWAIT_END ||
	       (steps[0]->op == OP_ARRIVE && steps[1]->op == OP_PASS &&
		out[0].number == out[1].number);
}

static void pair_check(const struct kind *kind, const struct place *place,
		       const struct step *const steps[2])
{
	struct state there = place->state, back = place->state;
	struct outcome out[2], out_back[2];
	struct footprint foot[2];
	bool differ, dependent;

	if (!both(kind, &there, steps, 0, out) || is_ordered_anyway(steps, out))
		return;
	for (int i = 0; i < 2; i++)
		foot[i] = foot_of(&place->state, steps[i], i, &out[i]);
	differ = !both(kind, &back, steps, 1, out_back) || memcmp(&there, &back, sizeof(there)) ||
		 !is_same(&out[0], &out_back[0]) || !is_same(&out[1], &out_back[1]);
	dependent = footprint_is_dependent(&foot[0], &foot[1]);
	cr_assert(dependent || !differ, "%s: %s (%d) and %s (%d) are no independent operations",
		  kind->name, op_word(steps[0]->op), out[0].succeeded, op_word(steps[1]->op),
		  out[1].succeeded);
	seen[out[0].op][out[0].succeeded][out[1].op][out[1].succeeded]++;
	differed[out[0].op][out[0].succeeded][out[1].op][out[1].succeeded] += differ;
	depends[out[0].op][out[0].succeeded][out[1].op][out[1].succeeded] |= dependent;
}

/* What the one has made impossible depends on it: else a search would not go back there. */
static void disabled_check(const struct kind *kind, const struct place *place,
			   const struct step *const steps[2])
{
	struct state state = place->state, alone = place->state;
	struct outcome first, second;
	struct footprint a, b;

	if (!is_enabled(kind, &state, steps[0], 0) || !is_enabled(kind, &state, steps[1], 1))
		return;
	first = go(kind, &state, steps[0], 0);
	if (state.misuse || is_enabled(kind, &state, steps[1], 1))
		return;
	second = go(kind, &alone, steps[1], 1);
	differed[first.op][first.succeeded][second.op][second.succeeded]++;
	a = foot_of(&place->state, steps[0], 0, &first);
	b = foot_of(&place->state, steps[1], 1, &second);
	cr_assert(footprint_is_dependent(&a, &b), "%s: %s makes %s impossible", kind->name,
		  op_word(steps[0]->op), op_word(steps[1]->op));
}

static void kind_check(const struct kind *kind)
{
	places_find(kind);
	for (int i = 0; i < place_count; i++)
		for (int a = 0; a < kind->count; a++)
			for (int b = 0; b < kind->count; b++) {
				const struct step *const steps[2] = {&kind->steps[a],
								     &kind->steps[b]};

				if (!may_come(&places[i], steps[0], 0) ||
				    !may_come(&places[i], steps[1], 1))
					continue;
				pair_check(kind, &places[i], steps);
				disabled_check(kind, &places[i], steps);
			}
	cr_expect(place_count > 1, "%s: %d states", kind->name, place_count);
}

/* Two that have taken from a semaphore one after the other can always be exchanged; but the value
 * is not part of the footprint, and where it was 1 the second one would have failed. A requeue
 * gives a token that is open to the lowest thread; in these pairs that is the one that wakes. */
static bool is_too_careful(enum op a, bool a_done, enum op b, bool b_done)
{
	if (!a_done || !b_done)
		return false;
	return (a == OP_SEM_TRYWAIT && b == OP_SEM_TRYWAIT) ||
	       (a == OP_FUTEX_REQUEUE && b == OP_FUTEX_WOKEN) ||
	       (b == OP_FUTEX_REQUEUE && a == OP_FUTEX_WOKEN);
}

static void dependencies_check(const struct kind *kind)
{
	for (int i = 0; i < OP_COUNT * 2; i++)
		for (int j = 0; j < OP_COUNT * 2; j++) {
			enum op a = (enum op)(i / 2), b = (enum op)(j / 2);
			bool differ = differed[a][i % 2][b][j % 2] || differed[b][j % 2][a][i % 2];

			cr_expect(!depends[a][i % 2][b][j % 2] ||
					  differ != is_too_careful(a, i % 2, b, j % 2),
				  "%s: %s (%d) and %s (%d) never differ", kind->name, op_word(a),
				  i % 2, op_word(b), j % 2);
		}
}

Test(pairs, of_each_kind)
{
	bool tested[OP_COUNT] = {false};

	for (size_t i = 0; i < kind_count; i++) {
		memset(seen, 0, sizeof(seen));
		memset(differed, 0, sizeof(differed));
		memset(depends, 0, sizeof(depends));
		kind_check(kinds[i]);
		/* A misuse has the footprint of the operation, in programs that are wrong anyway.
		 */
		if (!kinds[i]->checked)
			dependencies_check(kinds[i]);
		for (int s = 0; s < kinds[i]->count; s++)
			tested[kinds[i]->steps[s].op] = true;
		for (int op = OP_NONE; op < OP_COUNT; op++)
			for (int k = 0; k < OP_COUNT * 4; k++)
				tested[op] |= seen[op][k & 1][k >> 2][k >> 1 & 1] > 0;
	}
	for (int op = OP_NONE; op < OP_COUNT; op++)
		cr_expect(tested[op] || !op_is_visible((enum op)op), "%s", op_word((enum op)op));
	free(places);
	places = NULL;
}
