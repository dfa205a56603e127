/*
 * searches.c - drives a search as a session does: asks whom to run, tells what became of it, and at
 * the end which threads had announced what.
 */
#include "unit/searches.h"

#include "policy/bounded.h"
#include "policy/dpor_choice.h"
#include "unit/channels.h"
#include "unit/sent.h"
#include "unit/shrink.h"
#include "unit/tables.h"

#include <criterion/criterion.h>
#include <limits.h>
#include <string.h>

/* The workers of a search: in a test they take turns, each with an execution that it begins in one
 * turn and finishes in a later one. */
#define WORKERS 4u

static struct {
	struct dpor *dpor, fresh; /* fresh: with its tables, before any search */
	struct run run;
	bool runs;
} workers[WORKERS];
static struct dpor_tree *tree;
static struct dpor *dpor; /* of the worker whose turn it is */
static uint32_t worker_count = 1;
static enum sources sources;
static struct rng turns;
static struct bounded *bounded; /* null while the search has no bound */

void search_init(void)
{
	tree = table(sizeof(*tree));
	for (uint32_t i = 0; i < WORKERS; i++) {
		dpor_init(&workers[i].fresh, tree, i, table);
		/* Chains also for the few events that there are here. */
		workers[i].fresh.few = i ? DPOR_FEW : 0;
		workers[i].dpor = table(sizeof(*dpor));
	}
}

void search_sources(enum sources which)
{
	sources = which;
}

bool search_is_short(void)
{
	return sources != SOURCES_NONE;
}

void search_workers(uint32_t count)
{
	worker_count = count;
}

static void edges_tell(const struct run *run)
{
	for (int i = 0; i < run->edge_count; i++) {
		const struct edge *edge = &run->edges[i];

		(edge->is_join ? dpor_joined : dpor_created)(dpor, (uint32_t)edge->parent + 1,
							     (uint32_t)edge->child + 1);
	}
}

/* Thread t of the program is number t + 1 of the search: 0 has created them. */
static void worker_begin(uint32_t worker, const struct program *program)
{
	struct run run;

	dpor = workers[worker].dpor;
	*dpor = workers[worker].fresh;
	dpor->scarce_max = program->spurious;
	dpor->generation = tree->generation;
	/* What earlier executions have left there counts for nothing. */
	memset(dpor->clocks, UINT8_MAX, EVENTS * sizeof(*dpor->clocks));
	memset(dpor->clocks_before, UINT8_MAX, EVENTS * sizeof(*dpor->clocks_before));
	run_init(program, &run);
	edges_tell(&run);
	if (bounded)
		bounded_mark_base(bounded);
	else
		dpor_mark_base(dpor);
	workers[worker].runs = false;
}

static void search_begin(const struct program *program)
{
	dpor_tree_reset(tree, worker_count, 1, DPOR_NODES_MAX);
	/* The same turns for the same program. */
	turns = rng_stream(1, worker_count);
	for (uint32_t i = 0; i < worker_count; i++)
		worker_begin(i, program);
}

static struct dpor_event event_of(const struct step *step, const void *const on[2], int thread)
{
	return (struct dpor_event){.thread = (uint32_t)thread + 1,
				   .op = step->op,
				   .object = on[0],
				   .mutex = on[1],
				   .bytes = step_bytes(step),
				   .succeeded = true};
}

static void guard_tell(struct dpor_event *event, const struct step *step)
{
	struct guard guard;

	if (guard_of_step(step, event->object, &guard))
		dpor_guard(dpor, event, &guard, 1);
}

static bool event_tell(const struct done *done)
{
	struct dpor_event told = event_of(done->step, done->on, done->thread), *event;

	told.op = done->outcome.op;
	sent_tell(&told, done->step, done->thread, done->is_ending, done->outcome.taken);
	told.meant_object = done->meant_object;
	if (dpor_is_known(dpor))
		return dpor_repeat(dpor, told.thread, told.op, told.object, told.bytes);
	event = dpor_event(dpor, told.thread, told.op);
	told.ordinal = event->ordinal;
	told.is_alone = event->is_alone;
	told.is_apart = event->is_apart;
	*event = told;
	event->succeeded = done->outcome.succeeded;
	event->is_void = done->outcome.is_void;
	event->number = done->outcome.number;
	event->before = done->outcome.before;
	event->after = done->step->op == OP_SEM_INIT ? done->step->value : done->outcome.after;
	event->expected = done->step->expected;
	event->has_values = op_looks_at_value(done->outcome.op) && event->bytes;
	guard_tell(event, done->step);
	return true;
}

/* The search says which way it goes. */
static bool step_tell(struct run *run, int thread)
{
	const struct step *step = state_step(&run->state, run->program, thread);
	uint32_t ways = state_ways(&run->state, run->program, thread);
	bool is_scarce = state_is_scarce(&run->state, run->program, thread);

	/* It finds out itself whether any is left. */
	if (bounded) {
		is_scarce = step->may_be_spurious && run->program->spurious;
		ways = 1u + step->is_timed + is_scarce;
	}
	run->state.way = (uint8_t)dpor->picked_way;
	return dpor->picked_way < ways && event_tell(run_step(run, thread)) &&
	       (ways == 1 || dpor_choose(dpor, ways, is_scarce) == dpor->picked_way);
}

/* What an access would find in memory. */
static uint64_t found_by(const struct state *state, const struct program *program, int thread)
{
	struct state after = *state;

	return state_apply(&after, program, thread).before;
}

static void exiting_tell(const struct run *run)
{
	int alone = run->state.alone - 1;
	const struct step *step = alone < 0 ? NULL : state_step(&run->state, run->program, alone);

	dpor->exiting = (struct dpor_exiting){.goes_on = false};
	if (!step)
		return;
	dpor->exiting.goes_on = state_is_alone(&run->state, run->program, alone);
	dpor->exiting.waits_for_many = state_waits_for_many(&run->state, run->program);
	if (step->op == OP_JOIN)
		dpor->exiting.joins = (uint32_t)step->object + 2;
	dpor->exiting.op = step->op;
	dpor->exiting.object = state_address(&run->state, step, alone);
}

static void pending_tell(const struct run *run)
{
	struct state before_end = run->state;

	exiting_tell(run);
	before_end.over = false;
	dpor->pending_count = 0;
	dpor->ended = 0;
	for (int t = 0; t < run->program->threads; t++) {
		struct dpor_event *event = &dpor->pending[dpor->pending_count];
		const void *on[2];
		const struct step *step = run_next_on(run, t, on);

		if (run->state.is_there[t] && !step && !run_was_ended_by(run, t))
			dpor->ended |= 1ul << (t + 1);
		if (!step || step->op == OP_JOIN || run_was_ended_by(run, t))
			continue;
		*event = event_of(step, on, t);
		guard_tell(event, step);
		event->op = state_op(&run->state, step, t);
		sent_tell(event, step, t, run->state.is_ending[t],
			  state_interrupts(&run->state, step, t));
		event->meant_object = meant_address(&run->state, step, t);
		event->enabled =
			state_is_enabled(&before_end, run->program, t) &&
			!(event->op == OP_AWAIT_END && run_was_ended_by(run, step->object));
		event->number = state_number(&run->state, step, t);
		event->has_values = op_looks_at_value(step->op) && event->bytes;
		event->has_values &= event->op == step->op;
		if (event->has_values)
			event->before = found_by(&before_end, run->program, t);
		event->expected = step->expected;
		dpor->pending_count++;
	}
	dpor->terminal = run->state.over && dpor->pending_count;
	dpor->ended_by = run->state.over ? dpor->events[dpor->length - 1].thread : UINT32_MAX;
	/* What somebody else did had let it come to its end. */
	if (run->state.alone && !state_step(&run->state, run->program, run->state.alone - 1))
		dpor->ended_by = UINT32_MAX;
}

static void execution_begin(void)
{
	if (bounded)
		bounded_begin(bounded);
	else
		dpor_begin(dpor);
}

static uint32_t pick(uint64_t enabled)
{
	return bounded ? bounded_pick(bounded, enabled) : dpor_pick(dpor, enabled);
}

/* False where the search lost its way. */
static bool execute(const struct program *program, struct run *run)
{
	run_init(program, run);
	execution_begin();
	for (;;) {
		uint64_t enabled = 0;
		uint32_t picked;

		dpor->held = dpor->yielding = 0;
		exiting_tell(run);
		for (int t = 0; t < program->threads; t++) {
			const struct step *step = state_step(&run->state, program, t);

			enabled |= (uint64_t)state_is_enabled(&run->state, program, t) << (t + 1);
			if (step && state_is_held(&run->state, step) &&
			    !state_interrupts(&run->state, step, t))
				dpor->held |= 1ul << (t + 1);
			if (step && step->op == OP_YIELD)
				dpor->yielding |= 1ul << (t + 1);
		}
		if (!enabled)
			break;
		picked = pick(enabled);
		if (dpor->differs || !(enabled >> picked & 1))
			return false;
		if (dpor->asleep)
			break;
		if (!step_tell(run, (int)picked - 1))
			return false;
		edges_tell(run);
	}
	pending_tell(run);
	return true;
}

/* Null while preemptions are not counted. */
static struct bounded_result *minima;
static struct ideals *ideals;
static struct walk *walk;

static void minimum_count(void)
{
	uint32_t minimum;

	dpor_settle(dpor);
	ideals_of(ideals, dpor);
	minimum = minimum_of(walk, ideals);
	if (minimum < PREEMPTIONS_MAX)
		minima->classes[minimum]++;
	minima->lost |= minimum >= PREEMPTIONS_MAX;
}

static void account(struct found *result, const struct run *run, name_fn *name)
{
	if (dpor->asleep) {
		result->asleep++;
		return;
	}
	if (minima)
		minimum_count();
	result->executions++;
	set_add(&result->classes, name(run), 0, NULL);
	set_add(&result->finals, state_of(run), 0, NULL);
}

/* Somebody else gives some of his work away. */
static void ask(void)
{
	uint32_t worker = rng_below(&turns, worker_count);

	if (workers[worker].dpor->hand.worker->task && !workers[worker].runs)
		dpor_donate(workers[worker].dpor);
}

/* The turn of one worker. False where the search has lost its way. */
static bool turn(uint32_t worker, const struct program *program, name_fn *name,
		 struct found *result)
{
	dpor = workers[worker].dpor;
	tree->reserve =
		sources == SOURCES_ONLY || (sources == SOURCES_MIXED && rng_below(&turns, 2))
			? UINT32_MAX
			: 0;
	if (workers[worker].runs) {
		account(result, &workers[worker].run, name);
		dpor_finish(dpor, true);
		workers[worker].runs = false;
		return true;
	}
	if (!dpor->hand.worker->task && !dpor_claim(dpor)) {
		ask();
		return true;
	}
	workers[worker].runs = true;
	return execute(program, &workers[worker].run);
}

void search_without_bound(const struct program *program, name_fn *name, long most,
			  struct found *result)
{
	bool is_right = true;

	result->executions = result->asleep = 0;
	set_clear(&result->classes);
	set_clear(&result->finals);
	search_begin(program);
	while (is_right && !tree->nodes[DPOR_ROOT].explored &&
	       result->executions + result->asleep < most)
		is_right = turn(worker_count > 1 ? rng_below(&turns, worker_count) : 0, program,
				name, result);
	result->lost = !is_right;
	for (uint32_t i = 0; i < worker_count; i++)
		result->lost |= workers[i].dpor->exhausted;
}

void search_minima(const struct program *program, struct bounded_result *result)
{
	static struct found found;

	*result = (struct bounded_result){.ordered = true};
	ideals = table_for_now(sizeof(*ideals));
	walk = table_for_now(sizeof(*walk));
	ideals_init(ideals, table_for_now);
	walk_init(walk, table_for_now);
	minima = result;
	search_without_bound(program, class_of, LONG_MAX, &found);
	result->executions = found.executions;
	result->lost |= found.lost;
	minima = NULL;
	tables_drop();
}

void search_bounded(const struct program *program, uint32_t bound, struct bounded_result *result)
{
	static struct run run;
	bool more = true;

	*result = (struct bounded_result){.ordered = true};
	bounded = table_for_now(sizeof(*bounded));
	bounded_init(bounded, workers[0].dpor, bound, table_for_now);
	search_begin(program);
	for (long last = 0; more && !result->lost; result->executions++) {
		result->lost = !execute(program, &run);
		more = bounded_finish(bounded);
		result->repeated += bounded->repeated;
		if (bounded->minimum >= PREEMPTIONS_MAX) {
			result->lost = true;
			break;
		}
		result->classes[bounded->minimum] += !bounded->repeated;
		result->ordered &= bounded->minimum >= last;
		last = bounded->minimum;
	}
	result->lost |= bounded->exhausted || dpor->exhausted;
	result->cut = bounded->cut;
	bounded = NULL;
	tables_drop();
}

int any(struct rng *rng)
{
	return (int)rng_below(rng, 2);
}

void check_known(const struct program *program, long known)
{
	static struct found result;

	search_without_bound(program, class_of, 2 * known + 10, &result);
	if (result.executions != known)
		program_print(program);
	cr_expect(result.executions == known, "%ld executions, not %ld", result.executions, known);
	cr_expect(result.classes.count == known && result.asleep == 0 && !result.lost);
}
