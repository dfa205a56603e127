/*
 * searches.c - drives a search as a session does: asks whom to run, tells what became of it, and at
 * the end which threads had announced what.
 */
#include "unit/searches.h"

#include "policy/dpor.h"
#include "unit/shrink.h"

#include <criterion/criterion.h>
#include <string.h>
#include <sys/mman.h>

static struct dpor *dpor, fresh; /* fresh: with its tables, before any search */

static void *table(size_t bytes)
{
	void *at = mmap(0, bytes, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	cr_assert(at != MAP_FAILED);
	return at;
}

void search_init(void)
{
	dpor_init(&fresh, table);
	dpor = table(sizeof(*dpor));
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
static void search_begin(const struct program *program)
{
	struct run run;

	*dpor = fresh;
	/* What earlier executions have left there counts for nothing. */
	memset(dpor->clocks, UINT8_MAX, EVENTS * sizeof(*dpor->clocks));
	memset(dpor->clocks_before, UINT8_MAX, EVENTS * sizeof(*dpor->clocks_before));
	run_init(program, &run);
	edges_tell(&run);
	dpor_mark_base(dpor);
}

static struct dpor_event event_of(const struct step *step, const void *object, int thread)
{
	return (struct dpor_event){.thread = (uint32_t)thread + 1,
				   .op = step->op,
				   .object = object,
				   .mutex = mutex_address(step),
				   .bytes = step_bytes(step),
				   .number = 0,
				   .succeeded = true};
}

static void event_tell(const struct done *done)
{
	struct dpor_event *event = dpor_event(dpor, (uint32_t)done->thread + 1, done->step->op);
	uint32_t ordinal = event->ordinal;

	*event = event_of(done->step, done->object, done->thread);
	event->ordinal = ordinal;
	event->succeeded = done->outcome.succeeded;
	event->number = done->outcome.number;
	event->before = done->outcome.before;
	event->after = done->outcome.after;
	event->expected = done->step->expected;
	event->has_values = op_is_access(done->step->op);
}

static void pending_tell(const struct run *run)
{
	struct state before_end = run->state;

	before_end.over = false;
	dpor->pending_count = 0;
	for (int t = 0; t < run->program->threads; t++) {
		const struct step *step = state_step(&run->state, run->program, t);
		struct dpor_event *event = &dpor->pending[dpor->pending_count];

		if (!step || step->op == OP_JOIN ||
		    (run->state.over && run->events[run->length - 1].thread == t))
			continue;
		*event = event_of(step, state_address(&run->state, step, t), t);
		event->enabled = state_is_enabled(&before_end, run->program, t);
		if (step->op == OP_PASS)
			event->number = run->state.awaits[t];
		dpor->pending_count++;
	}
	dpor->terminal = run->state.over && dpor->pending_count;
}

/* False where the search lost its way. */
static bool execute(const struct program *program, struct run *run)
{
	run_init(program, run);
	dpor_begin(dpor);
	for (;;) {
		uint64_t enabled = 0;
		uint32_t picked;

		for (int t = 0; t < program->threads; t++)
			enabled |= (uint64_t)state_is_enabled(&run->state, program, t) << (t + 1);
		if (!enabled)
			break;
		picked = dpor_pick(dpor, enabled);
		if (dpor->differs || !(enabled >> picked & 1))
			return false;
		if (dpor->asleep)
			break;
		event_tell(run_step(run, (int)picked - 1));
		edges_tell(run);
	}
	pending_tell(run);
	return true;
}

/* What a search found. */
struct result {
	long executions, asleep;
	bool lost;
	struct set classes, finals;
};

static void search(const struct program *program, name_fn *name, long most, struct result *result)
{
	static struct run run;

	result->executions = result->asleep = 0;
	result->lost = false;
	set_clear(&result->classes);
	set_clear(&result->finals);
	search_begin(program);
	do {
		if (!execute(program, &run)) {
			result->lost = true;
			return;
		}
		if (dpor->asleep) {
			result->asleep++;
			continue;
		}
		result->executions++;
		set_add(&result->classes, name(&run), 0, NULL);
		set_add(&result->finals, state_of(&run), 0, NULL);
	} while (dpor_finish(dpor) && result->executions + result->asleep < most);
	result->lost = dpor->exhausted;
}

void add(struct program *program, int thread, struct step step)
{
	cr_assert(program->length[thread] < LENGTH);
	program->steps[thread][program->length[thread]++] = step;
}

void add_op(struct program *program, int thread, enum op op, int object)
{
	add(program, thread, (struct step){.op = op, .object = object});
}

int any(struct rng *rng)
{
	return (int)rng_below(rng, 2);
}

void check_known(const struct program *program, long known)
{
	static struct result result;

	search(program, class_of, 2 * known + 10, &result);
	if (result.executions != known)
		program_print(program);
	cr_expect(result.executions == known, "%ld executions, not %ld", result.executions, known);
	cr_expect(result.classes.count == known && result.asleep == 0 && !result.lost);
}

/* ---- the comparison */

const char *const difference_words[] = {
	[SAME] = "the same",
	[MISSED] = "a class is missed",
	[INVENTED] = "a class is none",
	[TWICE] = "a class is executed twice",
	[IN_VAIN] = "an execution was in vain",
	[STATES] = "not the same states at the end",
	[FAILED] = "the search lost its way",
	[UNSOUND] = "one class, and different states",
	[TOO_LARGE] = "too many interleavings",
	[MISUSE] = "misuse",
};

static bool is_subset(const struct set *a, const struct set *b)
{
	for (uint32_t i = 0; i < SET_SIZE; i++)
		if (a->stamps[i] == a->stamp && !set_has(b, a->names[i]))
			return false;
	return true;
}

static enum difference difference_of(const struct all *all, const struct result *result, bool exact)
{
	if (all->unsound)
		return UNSOUND;
	if (result->lost)
		return FAILED;
	if (result->classes.count < all->classes.count)
		return MISSED;
	if (!is_subset(&result->classes, &all->classes))
		return INVENTED;
	if (exact && result->executions != result->classes.count)
		return TWICE;
	if (exact && result->asleep)
		return IN_VAIN;
	if (exact && (result->finals.count != all->finals.count ||
		      !is_subset(&result->finals, &all->finals)))
		return STATES;
	return SAME;
}

struct comparison compare(const struct program *program, bool exact)
{
	static struct result result;
	static struct all all;
	name_fn *name = exact ? class_of : ending_of;

	interleave(program, name, false, &all);
	if (all.misuse || all.too_many)
		return (struct comparison){.difference = all.misuse ? MISUSE : TOO_LARGE};
	search(program, name, 2 * PREFIXES_MAX, &result);
	return (struct comparison){.difference = difference_of(&all, &result, exact),
				   .classes = all.classes.count,
				   .executions = result.executions,
				   .asleep = result.asleep,
				   .finals = all.finals.count,
				   .stuck = all.stuck};
}

static bool is_wrong(const struct program *program, bool exact)
{
	enum difference difference = compare(program, exact).difference;

	return difference != SAME && difference < TOO_LARGE;
}

struct comparison check(const struct program *program, bool exact)
{
	struct comparison result = compare(program, exact);

	if (result.difference < TOO_LARGE && result.difference != SAME) {
		struct program smallest = *program;

		program_shrink(&smallest, is_wrong, exact);
		result = compare(&smallest, exact);
		program_print(&smallest);
		cr_assert_fail("%s: %ld classes, %ld executions, %ld in vain",
			       difference_words[result.difference], result.classes,
			       result.executions, result.asleep);
	}
	return result;
}

struct comparison check_cut(struct program *program, bool exact)
{
	struct comparison result;

	while ((result = check(program, exact)).difference == TOO_LARGE)
		cr_assert(program_cut(program));
	cr_assert(result.difference == SAME, "%s", difference_words[result.difference]);
	return result;
}
