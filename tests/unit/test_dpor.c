/*
 * test_dpor.c - the partial-order reduction against all interleavings.
 *
 * The search has to run one execution of each class of interleavings, none twice and none in vain:
 * for little programs of every kind of operation. (test_classes.c computes the number of classes
 * where there is a formula.)
 */
#include "unit/searches.h"

#include <criterion/criterion.h>

/* ---- random programs of one kind of operation, against all interleavings */

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
