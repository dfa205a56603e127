/*
 * test_program.c - the second model, which the tests of the reduction take for the truth, against
 * the harness's models: who can go on in which state, and what becomes of it.
 */
#include "unit/program.h"

#include "model/barrier.h"
#include "model/cond.h"
#include "model/footprint.h"
#include "model/futex.h"
#include "model/mutex.h"
#include "model/rwlock.h"
#include "model/thread.h"
#include "model/word.h"
#include "unit/futexes.h"
#include "unit/interleavings.h"
#include "unit/parts.h"

#include <criterion/criterion.h>
#include <string.h>

struct objects {
	struct mutex mutexes[OBJECTS];
	struct cond conds[OBJECTS];
	struct rwlock rwlocks[OBJECTS];
	struct barrier barriers[OBJECTS];
	uint32_t semaphores[OBJECTS];
	int32_t spins[OBJECTS], onces[OBJECTS];
	uint32_t wait_numbers[THREADS];
	struct futexes futexes;
	struct futex_waiter waiters[THREADS];
};

static struct objects objects_of(const struct program *program)
{
	struct objects objects = {.wait_numbers = {0}};

	for (uint32_t t = 0; t < THREADS; t++)
		objects.waiters[t].name = t;

	for (int i = 0; i < OBJECTS; i++) {
		objects.semaphores[i] = program->posts;
		objects.spins[i] = SPIN_FREE;
		objects.barriers[i].count = program->arrivals;
	}
	return objects;
}

static void *object_at(struct objects *objects, const struct step *step)
{
	switch (op_letter(step->op)) {
	case 'M':
		return &objects->mutexes[step->object];
	case 'C':
		return &objects->conds[step->object];
	case 'R':
		return &objects->rwlocks[step->object];
	case 'B':
		return &objects->barriers[step->object];
	case 'S':
		return &objects->semaphores[step->object];
	case 'L':
		return &objects->spins[step->object];
	case 'O':
		return &objects->onces[step->object];
	}
	return NULL;
}

static bool may_go(struct objects *objects, const struct step *step, int thread)
{
	struct thread announced = {.op = step->op,
				   .object = object_at(objects, step),
				   .mutex = &objects->mutexes[step->mutex],
				   .deadline_ns = DEADLINE_NONE,
				   .waiter = &objects->waiters[thread],
				   .wait_number = objects->wait_numbers[thread]};

	return footprint_may_go(&announced);
}

static bool issue(struct cond *cond, uint32_t count)
{
	bool any = cond->tokens < cond->waiters;

	cr_assert(cond_issue(cond, count) == 0);
	return any;
}

/* Words stand for themselves; what is in memory only the second model knows. */
static char words[OBJECTS];

static bool futex_take_of(struct objects *objects, const struct step *step, bool finds)
{
	const char *word = &words[step->object], *other = &words[step->mutex];
	uint32_t counts = (uint32_t)step->value;

	if (step->op == OP_FUTEX_WAKE_BITSET)
		return futex_take(&objects->futexes, word, (uint32_t)step->expected, counts, 0, 0)
			.any;
	if (finds)
		futex_take(&objects->futexes, word, FUTEX_ANY, futex_first(counts), other,
			   futex_second(counts));
	return finds;
}

static bool futex_go(struct objects *objects, const struct step *step, int thread, uint32_t found)
{
	const char *word = &words[step->object], *other = &words[step->mutex];
	struct futex_waiter *waiter = &objects->waiters[thread];
	uint32_t bits = step->value ? (uint32_t)step->value : UINT8_MAX;
	bool finds = found == step->expected || (step->op == OP_FUTEX_REQUEUE && !step->exchange);
	bool was;

	switch (step->op) {
	case OP_FUTEX_WAIT:
		if (finds)
			futex_enqueue(&objects->futexes, waiter, word, bits);
		return finds;
	case OP_FUTEX_WOKEN:
		was = waiter->contested;
		cr_assert(futex_leave(&objects->futexes, waiter));
		return was;
	case OP_FUTEX_WAKE:
		was = futex_has_waiter(&objects->futexes, word, FUTEX_ANY);
		cr_assert((futex_wake(&objects->futexes, word, (uint32_t)step->value) > 0) == was);
		return was;
	case OP_FUTEX_WAKE_OP:
		futex_wake(&objects->futexes, other, futex_first((uint32_t)step->value));
		if (finds)
			futex_wake(&objects->futexes, word, futex_second((uint32_t)step->value));
		return true;
	default: /* those that take waiters out */
		return futex_take_of(objects, step, finds);
	}
}

/* What the session does, in short: returns whether it has succeeded. */
static bool go(struct objects *objects, const struct step *step, int thread)
{
	void *object = object_at(objects, step);
	struct mutex *mutex = &objects->mutexes[step->mutex];
	uint32_t *number = &objects->wait_numbers[thread], who = (uint32_t)thread;
	bool was;

	switch (step->op) {
	case OP_LOCK:
		mutex_acquire(object, who);
		return true;
	case OP_TRYLOCK:
		return !mutex_try(object, who);
	case OP_UNLOCK:
		return !mutex_release(object, who);
	case OP_WAIT:
		*number = cond_enqueue(object);
		return mutex_release_all(mutex) == 1;
	case OP_WAKE:
		cond_wake(object, *number);
		mutex_retake(mutex, who, 1);
		return true;
	case OP_SIGNAL:
		return issue(object, 1);
	case OP_BROADCAST:
		return issue(object, UINT32_MAX);
	case OP_SEM_POST:
		++*(uint32_t *)object;
		return true;
	case OP_SEM_WAIT:
	case OP_SEM_TRYWAIT:
		was = sem_may_wait(object);
		*(uint32_t *)object -= was;
		return was;
	case OP_RDLOCK:
	case OP_TRYRDLOCK:
		return rwlock_may_read(object) && !rwlock_read(object);
	case OP_WRLOCK:
	case OP_TRYWRLOCK:
		was = rwlock_may_write(object);
		if (was)
			rwlock_write(object, who);
		return was;
	case OP_RWUNLOCK:
		was = rwlock_misuse(object, who);
		cr_assert(!rwlock_release(object, who));
		return was;
	case OP_SPIN_LOCK:
	case OP_SPIN_TRYLOCK:
		was = spin_is_free(object);
		if (was)
			spin_acquire(object, who);
		return was;
	case OP_SPIN_UNLOCK:
		*(int32_t *)object = SPIN_FREE;
		return true;
	case OP_ARRIVE:
		*number = barrier_arrive(object, who, &was);
		return true;
	case OP_ONCE:
		was = *(int32_t *)object == ONCE_NEW;
		if (was)
			*(int32_t *)object = ONCE_RUNNING;
		return was;
	case OP_ONCE_DONE:
		*(int32_t *)object = ONCE_DONE;
		return true;
	default: /* what the harness has no model of */
		return true;
	}
}

/* Whether the harness has a model of what becomes of it. */
static bool has_outcome(enum op op)
{
	return (op_letter(op) || op == OP_FUTEX_WAKE_OP) && op != OP_ARRIVE && op != OP_PASS;
}

static void step_check(struct run *run, struct objects *objects, int thread)
{
	const struct step *step = state_step(&run->state, run->program, thread);
	uint32_t found;
	bool succeeded;

	memcpy(&found, run->state.memory[step->object], sizeof(found));
	succeeded = is_futex_op(step->op) ? futex_go(objects, step, thread, found)
					  : go(objects, step, thread);
	struct outcome outcome = run_step(run, thread)->outcome;

	if (has_outcome(step->op))
		cr_assert(succeeded == outcome.succeeded, "%s", op_word(step->op));
	if (step->op == OP_ARRIVE)
		cr_assert(objects->wait_numbers[thread] == outcome.number);
	/* Where others come to it than those of its first generation, POSIX leaves open who is the
	 * serial thread, and so do the models. */
	if (step->op == OP_PASS) {
		bool is_serial = barrier_pass(object_at(objects, step), (uint32_t)thread);

		cr_assert(run->program->contended || is_serial == outcome.result);
	}
}

/* Returns how many threads could go on. */
static int enabled_check(const struct run *run, struct objects *objects, int enabled[THREADS],
			 long *waits)
{
	int count = 0;

	for (int t = 0; t < run->program->threads && !run->state.over; t++) {
		const struct step *step = state_step(&run->state, run->program, t);
		bool can = state_is_enabled(&run->state, run->program, t);

		if (step && step->op != OP_JOIN)
			cr_assert((may_go(objects, step, t) && !state_is_held(&run->state, step)) ==
					  can,
				  "%s", op_word(step->op));
		if (can)
			enabled[count++] = t;
		*waits += step && !can;
	}
	return count;
}

Test(program, the_two_models_agree)
{
	long steps = 0, waits = 0;

	for (uint64_t i = 0; i < 3000; i++) {
		struct rng rng = rng_stream(2, i);
		struct program program = program_of_any(&rng);
		struct objects objects = objects_of(&program);
		int enabled[THREADS], count;
		struct run run;

		run_init(&program, &run);
		while ((count = enabled_check(&run, &objects, enabled, &waits)) > 0) {
			step_check(&run, &objects, enabled[rng_below(&rng, (uint32_t)count)]);
			steps++;
		}
	}
	cr_expect(steps > 10000 && waits > 10000, "%ld steps, %ld waits", steps, waits);
}
