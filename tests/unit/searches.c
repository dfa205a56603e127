/*
 * searches.c - drives a search as a session does: asks whom to run, tells what became of it, and at
 * the end which threads had announced what.
 */
#include "unit/searches.h"

#include "policy/dpor.h"

#include <criterion/criterion.h>
#include <stdio.h>
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
	run_init(program, &run);
	edges_tell(&run);
	dpor_mark_base(dpor);
}

static struct dpor_event event_of(const struct step *step, int thread)
{
	return (struct dpor_event){.thread = (uint32_t)thread + 1,
				   .op = step->op,
				   .object = object_at(step),
				   .mutex = mutex_at(step),
				   .bytes = 8,
				   .expected = step->expected,
				   .succeeded = true};
}

static void event_tell(const struct done *done)
{
	struct dpor_event *event = dpor_event(dpor, (uint32_t)done->thread + 1, done->step->op);
	uint32_t ordinal = event->ordinal;

	*event = event_of(done->step, done->thread);
	event->ordinal = ordinal;
	event->succeeded = done->succeeded;
	event->number = done->number;
	event->before = done->before;
	event->after = done->after;
	event->has_values = done->step->op == OP_ATOMIC_CAS || done->step->op == OP_ATOMIC_STORE;
}

static void pending_tell(const struct program *program, const struct run *run)
{
	dpor->pending_count = 0;
	for (int t = 0; t < program->threads; t++) {
		const struct step *step = &program->steps[t][run->at[t]];
		struct dpor_event *event = &dpor->pending[dpor->pending_count];
		struct run before_end = *run;

		if (!run->is_there[t] || run->at[t] == program->length[t] || step->op == OP_JOIN ||
		    (run->over && run->events[run->length - 1].thread == t))
			continue;
		*event = event_of(step, t);
		before_end.over = false;
		event->enabled = run_is_enabled(program, &before_end, t);
		event->number = step->op == OP_PASS ? run->awaits[t] : 0;
		dpor->pending_count++;
	}
	dpor->terminal = run->over && dpor->pending_count;
}

static void execute(const struct program *program, struct run *run)
{
	run_init(program, run);
	dpor_begin(dpor);
	for (;;) {
		uint64_t enabled = 0;
		uint32_t picked;

		for (int t = 0; t < program->threads; t++)
			enabled |= (uint64_t)run_is_enabled(program, run, t) << (t + 1);
		if (!enabled)
			break;
		picked = dpor_pick(dpor, enabled);
		cr_assert(!dpor->differs && enabled >> picked & 1);
		if (dpor->asleep)
			break;
		event_tell(run_step(program, run, (int)picked - 1));
		edges_tell(run);
	}
	pending_tell(program, run);
}

/* What a search was like. */
struct result {
	long executions, classes, asleep;
};

static struct result search(const struct program *program, name_fn *name, struct set *set)
{
	struct result result = {.executions = 0};
	static struct run run;

	memset(set, 0, sizeof(*set));
	search_begin(program);
	do {
		execute(program, &run);
		result.executions += !dpor->asleep;
		result.asleep += dpor->asleep;
		if (!dpor->asleep)
			set_add(set, name(&run));
	} while (dpor_finish(dpor) && result.executions < 2 * PATHS);
	cr_assert(!dpor->exhausted);
	result.classes = set->count;
	return result;
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

static void print(const struct program *program)
{
	for (int t = 0; t < program->threads; t++) {
		fprintf(stderr, "thread %d:", t);
		for (int i = 0; i < program->length[t]; i++) {
			const struct step *step = &program->steps[t][i];

			fprintf(stderr, " %s %d", op_word(step->op), step->object);
		}
		fprintf(stderr, "\n");
	}
}

void check_known(const struct program *program, long known)
{
	static struct set set;
	struct result result = search(program, class_of, &set);

	if (result.executions != known)
		print(program);
	cr_expect(result.executions == known, "%ld executions, not %ld", result.executions, known);
	cr_expect(result.classes == known && result.asleep == 0);
}

int any(struct rng *rng)
{
	return (int)rng_below(rng, 2);
}

static struct program random_program(struct rng *rng, part_fn *part, uint32_t parts)
{
	struct program program = {.threads = 2 + (int)rng_below(rng, 3),
				  .posts = rng_below(rng, 2)};

	for (int t = 0; t < program.threads; t++)
		for (uint32_t i = 1 + rng_below(rng, parts); i-- > 0;)
			part(rng, &program, t);
	return program;
}

/* All that there is, and all that the search finds: false where that is too much. */
static bool both(const struct program *program, name_fn *name, struct set *expected,
		 struct set *got, struct result *result)
{
	struct run start;

	memset(expected, 0, sizeof(*expected));
	run_init(program, &start);
	interleave(program, &start, name, expected);
	if (expected->paths >= PATHS)
		return false;
	*result = search(program, name, got);
	if (result->classes != expected->count)
		print(program);
	cr_assert(result->classes == expected->count, "%ld of %ld", result->classes,
		  expected->count);
	return true;
}

bool compare(const struct program *program)
{
	static struct set expected, got;
	struct result result;

	if (!both(program, class_of, &expected, &got, &result))
		return false;
	if (result.executions != expected.count || result.asleep)
		print(program);
	cr_assert(result.executions == expected.count, "%ld executions of %ld classes",
		  result.executions, expected.count);
	cr_assert(!result.asleep, "%ld executions in vain", result.asleep);
	return true;
}

bool compare_endings(const struct program *program)
{
	static struct set expected, got;
	struct result result;

	return both(program, ending_of, &expected, &got, &result);
}

void compare_all(part_fn *part, uint32_t parts, int count)
{
	struct rng rng = rng_stream(1, 1);

	search_init();
	while (count > 0) {
		struct program program = random_program(&rng, part, parts);

		count -= compare(&program);
	}
}
