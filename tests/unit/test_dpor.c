/*
 * test_dpor.c - the partial-order reduction against all interleavings.
 *
 * The search has to run one execution of each class of interleavings, none twice and none in vain:
 * for little programs of every kind of operation. (test_classes.c computes the number of classes
 * where there is a formula.)
 */
#include "policy/dpor.h"

#include "interleavings.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

/* ---- the search */

static struct dpor *dpor;

static void *table(size_t count, size_t bytes)
{
	void *at = mmap(0, count * bytes, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	cr_assert(at != MAP_FAILED);
	return at;
}

/* Once for a test; a new search clears what has to be zero. */
static void search_init(void)
{
	dpor = table(1, sizeof(*dpor));
	dpor->events = table(DPOR_EVENTS_MAX, sizeof(*dpor->events));
	dpor->clocks = table(DPOR_EVENTS_MAX, sizeof(*dpor->clocks));
	dpor->clocks_before = table(DPOR_EVENTS_MAX, sizeof(*dpor->clocks_before));
	dpor->nodes = table(DPOR_NODES_MAX, sizeof(*dpor->nodes));
	dpor->sleepers = table(DPOR_SLEEPERS_MAX, sizeof(*dpor->sleepers));
	dpor->path = table(DPOR_EVENTS_MAX, sizeof(*dpor->path));
	dpor->sleep_at = table(DPOR_EVENTS_MAX, sizeof(*dpor->sleep_at));
	dpor->races = table(DPOR_RACES_MAX, sizeof(*dpor->races));
	dpor->steps = table(DPOR_EVENTS_MAX, sizeof(*dpor->steps));
}

/* Thread t of the program is number t + 1 of the search: 0 has created them. */
static void search_begin(const struct program *program)
{
	struct dpor tables = *dpor;

	memset(dpor, 0, sizeof(*dpor));
	dpor->events = tables.events;
	dpor->clocks = tables.clocks;
	dpor->clocks_before = tables.clocks_before;
	dpor->nodes = tables.nodes;
	dpor->sleepers = tables.sleepers;
	dpor->path = tables.path;
	dpor->sleep_at = tables.sleep_at;
	dpor->races = tables.races;
	dpor->steps = tables.steps;
	for (int t = 1; t <= program->threads; t++)
		dpor_created(dpor, 0, (uint32_t)t);
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

static void execute(const struct program *program, struct run *run)
{
	run_init(program, run);
	dpor_begin(dpor);
	for (;;) {
		uint64_t enabled = 0;
		uint32_t picked;

		for (int t = 0; t < program->threads; t++)
			enabled |= (uint64_t)is_enabled(program, run, t) << (t + 1);
		if (!enabled)
			break;
		picked = dpor_pick(dpor, enabled);
		cr_assert(!dpor->differs && enabled >> picked & 1);
		if (dpor->asleep)
			break;
		event_tell(run_step(program, run, (int)picked - 1));
	}
	dpor->pending_count = 0;
	for (int t = 0; t < program->threads; t++)
		if (run->at[t] < program->length[t])
			dpor->pending[dpor->pending_count++] =
				event_of(&program->steps[t][run->at[t]], t);
}

/* What a search was like. */
struct result {
	long executions, classes, asleep;
};

static struct result search(const struct program *program, struct set *set)
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
			set_add(set, class_of(&run));
	} while (dpor_finish(dpor) && result.executions < 2 * PATHS);
	cr_assert(!dpor->exhausted);
	result.classes = set->count;
	return result;
}

static void add(struct program *program, int thread, struct step step)
{
	cr_assert(program->length[thread] < LENGTH);
	program->steps[thread][program->length[thread]++] = step;
}

static void add_op(struct program *program, int thread, enum op op, int object)
{
	add(program, thread, (struct step){.op = op, .object = object});
}

/* ---- programs whose number of classes is known */

static void check(const struct program *program, long known)
{
	static struct set set;
	struct result result = search(program, &set);

	cr_expect(result.executions == known, "%ld executions, not %ld", result.executions, known);
	cr_expect(result.classes == known && result.asleep == 0);
}

static struct program same(int threads, int rounds, enum op first, enum op second)
{
	struct program program = {.threads = threads};

	for (int t = 0; t < threads; t++)
		for (int i = 0; i < rounds; i++) {
			add_op(&program, t, first, 0);
			add_op(&program, t, second, 0);
		}
	return program;
}

/* n threads with k rounds each: (nk)! / (k!)^n orders. */
Test(dpor, locked_rounds, .init = search_init)
{
	static const int cases[][3] = {{2, 1, 2},  {2, 3, 20}, {2, 5, 252},
				       {3, 2, 90}, {4, 1, 24}, {4, 2, 2520}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct program program = same(cases[i][0], cases[i][1], OP_LOCK, OP_UNLOCK);

		check(&program, cases[i][2]);
	}
}

Test(dpor, counters, .init = search_init)
{
	static const int cases[][3] = {{2, 1, 4}, {2, 2, 34}, {2, 3, 328}, {3, 1, 36}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct program program = same(cases[i][0], cases[i][1], OP_READ, OP_WRITE);

		check(&program, cases[i][2]);
	}
}

/* Each reader comes before the writer or after it. */
Test(dpor, readers, .init = search_init)
{
	for (int readers = 1; readers < THREADS; readers++) {
		struct program program = {.threads = readers + 1};

		add_op(&program, 0, OP_WRITE, 0);
		for (int t = 1; t <= readers; t++)
			add_op(&program, t, OP_READ, 0);
		check(&program, 1 << readers);
	}
}

Test(dpor, nothing_shared_is_one_class, .init = search_init)
{
	struct program program = {.threads = 3};

	for (int t = 0; t < 3; t++)
		for (int i = 0; i < 4; i++)
			add_op(&program, t, OP_WRITE, t);
	check(&program, 1);
}

/* Three orders of the two locks: the third is the deadlock. */
Test(dpor, deadlock_is_a_class, .init = search_init)
{
	struct program program = {.threads = 2};

	for (int t = 0; t < 2; t++) {
		add_op(&program, t, OP_LOCK, t);
		add_op(&program, t, OP_LOCK, !t);
		add_op(&program, t, OP_UNLOCK, !t);
		add_op(&program, t, OP_UNLOCK, t);
	}
	check(&program, 3);
}

/* ---- random programs of one kind of operation, against all interleavings */

typedef void part_fn(struct rng *rng, struct program *program, int thread);

static int any(struct rng *rng)
{
	return (int)rng_below(rng, 2);
}

static void part_access(struct rng *rng, struct program *program, int thread)
{
	add_op(program, thread, any(rng) ? OP_READ : OP_WRITE, any(rng));
}

static void part_mutex(struct rng *rng, struct program *program, int thread)
{
	int mutex = any(rng);

	if (!any(rng)) {
		part_access(rng, program, thread);
		return;
	}
	add_op(program, thread, OP_LOCK, mutex);
	if (any(rng))
		part_access(rng, program, thread);
	add_op(program, thread, OP_UNLOCK, mutex);
}

static void part_try(struct rng *rng, struct program *program, int thread)
{
	int mutex = any(rng);

	if (any(rng)) {
		part_mutex(rng, program, thread);
		return;
	}
	add(program, thread, (struct step){.op = OP_TRYLOCK, .object = mutex, .skip = 2});
	part_access(rng, program, thread);
	add_op(program, thread, OP_UNLOCK, mutex);
}

static void part_semaphore(struct rng *rng, struct program *program, int thread)
{
	static const enum op ops[] = {OP_SEM_WAIT, OP_SEM_POST, OP_SEM_POST};

	if (rng_below(rng, 4))
		add_op(program, thread, ops[rng_below(rng, 3)], any(rng));
	else
		part_access(rng, program, thread);
}

static void part_semaphore_try(struct rng *rng, struct program *program, int thread)
{
	if (any(rng))
		part_semaphore(rng, program, thread);
	else
		add_op(program, thread, OP_SEM_TRYWAIT, any(rng));
}

static void part_rwlock(struct rng *rng, struct program *program, int thread)
{
	int lock = any(rng);

	add_op(program, thread, any(rng) ? OP_RDLOCK : OP_WRLOCK, lock);
	if (any(rng))
		add_op(program, thread, any(rng) ? OP_READ : OP_WRITE, 2);
	add_op(program, thread, OP_RWUNLOCK, lock);
}

static void part_rwlock_try(struct rng *rng, struct program *program, int thread)
{
	enum op op = any(rng) ? OP_TRYRDLOCK : OP_TRYWRLOCK;
	int lock = any(rng);

	if (any(rng)) {
		part_rwlock(rng, program, thread);
		return;
	}
	add(program, thread, (struct step){.op = op, .object = lock, .skip = 1});
	add_op(program, thread, OP_RWUNLOCK, lock);
}

static void part_exchange(struct rng *rng, struct program *program, int thread)
{
	struct step step = {.op = any(rng) ? OP_ATOMIC_CAS : OP_ATOMIC_STORE,
			    .object = any(rng),
			    .expected = rng_below(rng, 3),
			    .value = rng_below(rng, 3)};

	if (!rng_below(rng, 4))
		step.op = OP_ATOMIC_LOAD;
	add(program, thread, step);
}

/* Signals with the mutex held and without. */
static void part_condition(struct rng *rng, struct program *program, int thread)
{
	int cond = 1 + any(rng);
	bool locked = any(rng), all = !rng_below(rng, 3);

	if (any(rng)) {
		add_op(program, thread, OP_LOCK, 0);
		add(program, thread, (struct step){.op = OP_WAIT, .object = cond, .mutex = 0});
		add(program, thread, (struct step){.op = OP_WAKE, .object = cond, .mutex = 0});
		add_op(program, thread, OP_UNLOCK, 0);
		return;
	}
	if (locked)
		add_op(program, thread, OP_LOCK, 0);
	add_op(program, thread, all ? OP_BROADCAST : OP_SIGNAL, cond);
	if (locked)
		add_op(program, thread, OP_UNLOCK, 0);
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

/* Compares `count` random programs. */
static void compare_all(part_fn *part, uint32_t parts, int count)
{
	static struct set expected, got;
	struct rng rng = rng_stream(1, 1);
	struct run start;

	search_init();
	while (count > 0) {
		struct program program = random_program(&rng, part, parts);
		struct result result;

		memset(&expected, 0, sizeof(expected));
		run_init(&program, &start);
		interleave(&program, &start, &expected);
		if (expected.paths >= PATHS)
			continue;
		count--;
		result = search(&program, &got);
		if (result.executions != expected.count || result.classes != expected.count ||
		    result.asleep)
			print(&program);
		cr_assert(result.classes == expected.count, "%ld classes of %ld", result.classes,
			  expected.count);
		cr_assert(result.executions == expected.count, "%ld executions of %ld classes",
			  result.executions, expected.count);
		cr_assert(!result.asleep, "%ld executions in vain", result.asleep);
	}
}

Test(dpor, random_accesses)
{
	compare_all(part_access, 4, 200);
}

Test(dpor, random_mutexes)
{
	compare_all(part_mutex, 3, 200);
}

Test(dpor, random_trylocks)
{
	compare_all(part_try, 2, 200);
}

Test(dpor, random_semaphores)
{
	compare_all(part_semaphore, 4, 200);
}

Test(dpor, random_trywaits)
{
	compare_all(part_semaphore_try, 4, 200);
}

Test(dpor, random_rwlocks)
{
	compare_all(part_rwlock, 2, 200);
}

Test(dpor, random_try_rwlocks)
{
	compare_all(part_rwlock_try, 2, 200);
}

Test(dpor, random_exchanges)
{
	compare_all(part_exchange, 4, 200);
}

Test(dpor, random_conditions)
{
	compare_all(part_condition, 2, 200);
}
