/*
 * test_dpor_ends.c - the partial-order reduction where threads begin and end, wait for each other,
 * and end the process, against all interleavings.
 */
#include "unit/parts.h"
#include "unit/searches.h"

#include <criterion/criterion.h>

/* ---- programs whose number of classes is known */

/* The writes come one after the other in every execution. */
Test(dpor_ends, create_and_join_order, .init = search_init)
{
	struct program program = {.threads = 3};

	add_op(&program, 0, OP_WRITE, 0);
	for (int t = 1; t <= 2; t++) {
		add_op(&program, 0, OP_CREATE, t);
		add_op(&program, t, OP_WRITE, 0);
		add_op(&program, 0, OP_JOIN, t);
	}
	add_op(&program, 0, OP_READ, 0);
	check_known(&program, 1);
}

/* Two of three writes are unordered until they are joined. */
Test(dpor_ends, joined_at_the_end, .init = search_init)
{
	struct program program = {.threads = 3};

	for (int t = 1; t <= 2; t++) {
		add_op(&program, 0, OP_CREATE, t);
		add_op(&program, t, OP_WRITE, 0);
	}
	for (int t = 1; t <= 2; t++)
		add_op(&program, 0, OP_JOIN, t);
	add_op(&program, 0, OP_WRITE, 0);
	check_known(&program, 2);
}

/* Before the barrier and after it nothing is ordered, but across it everything is. */
Test(dpor_ends, barrier, .init = search_init)
{
	struct program program = {.threads = 2, .arrivals = 2};

	for (int t = 0; t < 2; t++) {
		add_op(&program, t, OP_WRITE, 0);
		add_op(&program, t, OP_ARRIVE, 1);
		add_op(&program, t, OP_PASS, 1);
		add_op(&program, t, OP_WRITE, 0);
	}
	check_known(&program, 4);
}

/* The end comes after 0 to n of the other's events. */
Test(dpor_ends, exit_cuts_others_off, .init = search_init)
{
	for (int n = 0; n < 6; n++) {
		struct program program = {.threads = 2};

		add(&program, 0, (struct step){.op = OP_WRITE, .object = 0, .end = STEP_ENDS});
		for (int i = 0; i < n; i++)
			add_op(&program, 1, OP_WRITE, 1);
		check_known(&program, n + 1);
	}
}

/* Handlers for the end wait for the lock where the other has it, so the exit comes before, after or
 * between its three events; what it writes afterwards cannot come once they have got the lock. */
Test(dpor_ends, exit_with_handlers, .init = search_init)
{
	struct program program = {.threads = 2};

	add(&program, 0, (struct step){.op = OP_EXIT, .end = STEP_GOES_ON_ALONE});
	for (int t = 0; t < 2; t++) {
		add_op(&program, t, OP_LOCK, 0);
		add_op(&program, t, OP_WRITE, 0);
		add_op(&program, t, OP_UNLOCK, 0);
	}
	check(&program, true);
	check_known(&program, 4);
	add_op(&program, 1, OP_WRITE, 1);
	check(&program, true);
	check_known(&program, 5);
}

/* ---- random programs, against all interleavings */

static void part_any(struct rng *rng, struct program *program, int thread)
{
	static const enum op ops[] = {OP_READ, OP_WRITE, OP_SEM_POST, OP_SEM_WAIT, OP_SEM_TRYWAIT};
	int mutex = any(rng);

	if (rng_below(rng, 4)) {
		add_op(program, thread, ops[rng_below(rng, 5)], any(rng));
		return;
	}
	add_op(program, thread, OP_LOCK, mutex);
	add_op(program, thread, any(rng) ? OP_READ : OP_WRITE, any(rng));
	add_op(program, thread, OP_UNLOCK, mutex);
}

static void parts(struct rng *rng, struct program *program, int thread, uint32_t count)
{
	for (uint32_t i = rng_below(rng, count + 1); i-- > 0;)
		part_any(rng, program, thread);
}

/* Each thread but the first is created by an earlier one, and joined by that, later, or by nobody.
 */
static struct program random_family(struct rng *rng, int variant)
{
	struct program program = {.threads = 2 + (int)rng_below(rng, 3)};
	int parent[THREADS] = {0};

	(void)variant;
	for (int t = 1; t < program.threads; t++)
		parent[t] = (int)rng_below(rng, (uint32_t)t);
	for (int t = 0; t < program.threads; t++) {
		parts(rng, &program, t, 2);
		for (int child = t + 1; child < program.threads; child++) {
			if (parent[child] != t)
				continue;
			add_op(&program, t, OP_CREATE, child);
			parts(rng, &program, t, 1);
		}
		for (int child = t + 1; child < program.threads; child++)
			if (parent[child] == t && any(rng))
				add_op(&program, t, OP_JOIN, child);
		parts(rng, &program, t, 1);
	}
	return program;
}

/* A barrier for as many threads as there are, or for `more`, which never opens; or for one less, so
 * that who passes it together is a matter of order. */
static struct program random_barriers(struct rng *rng, int more)
{
	struct program program = {.threads = 2 + (int)rng_below(rng, 3)};

	program.arrivals = (uint32_t)(program.threads + more);
	program.contended = more < 0;
	for (int t = 0; t < program.threads; t++) {
		for (uint32_t rounds = 1 + rng_below(rng, 2); rounds-- > 0;) {
			parts(rng, &program, t, 1);
			add_op(&program, t, OP_ARRIVE, 2);
			add_op(&program, t, OP_PASS, 2);
		}
		parts(rng, &program, t, 1);
	}
	return program;
}

static struct program random_end(struct rng *rng, int end)
{
	struct program program = {.threads = 2 + (int)rng_below(rng, 3)};
	struct step step = {.op = end == STEP_ENDS ? OP_WRITE : OP_ATOMIC_CAS,
			    .object = 2,
			    .expected = rng_below(rng, 2),
			    .value = 1,
			    .end = (enum step_end)end};

	for (int t = 0; t < program.threads; t++) {
		parts(rng, &program, t, 2);
		if (t < 2)
			add(&program, t, step);
		step.expected = any(rng);
		parts(rng, &program, t, 1);
	}
	return program;
}

enum { OF_FEW_KINDS, OF_ALL_KINDS, OF_ALL_KINDS_WITH_JOINS };

static void some_of(struct rng *rng, struct program *program, int thread, part_fn *const *kinds,
		    uint32_t most)
{
	for (uint32_t i = rng_below(rng, most + 1); i-- > 0;)
		if (program->length[thread] < LENGTH - 8)
			kinds[rng_below(rng, 2)](rng, program, thread);
}

/* A thread ends the process, and goes on alone with what others may keep it from: `kind` tells
 * whether of few kinds, of all, or of these where it joins another thread. */
static struct program random_handlers(struct rng *rng, int kind)
{
	static part_fn *const all[] = {
		part_access, part_mutex,	 part_semaphore, part_memory,
		part_nested, part_try,		 part_flag,	 part_condition,
		part_rwlock, part_semaphore_try, part_spin,	 part_rwlock_try,
		part_once,   part_loop,		 part_branch,	 part_barrier};
	uint32_t kinds = kind == OF_FEW_KINDS ? 3 : sizeof(all) / sizeof(*all);
	part_fn *const two[] = {all[rng_below(rng, kinds)], all[rng_below(rng, kinds)]};
	struct program program = {.threads = 2 + (int)rng_below(rng, 3),
				  .posts = rng_below(rng, 2)};
	bool joins = kind != OF_ALL_KINDS && any(rng);

	program.arrivals = (uint32_t)program.threads;
	for (int t = 1; joins && t < program.threads; t++)
		add_op(&program, 0, OP_CREATE, t);
	for (int t = 0; t < program.threads; t++) {
		some_of(rng, &program, t, two, 2);
		if (t && !rng_below(rng, 8))
			add_op(&program, t, OP_ABORT, 0);
	}
	add(&program, 0, (struct step){.op = OP_EXIT, .end = STEP_GOES_ON_ALONE});
	some_of(rng, &program, 0, two, 1);
	if (joins && any(rng))
		add_op(&program, 0, OP_JOIN, 1);
	some_of(rng, &program, 0, two, 1);
	return program;
}

/* Where a compare-exchange succeeds the thread announces the end of the process, as an assertion
 * that fails does. */
static struct program random_assertion(struct rng *rng, int variant)
{
	struct program program = {.threads = 2 + (int)rng_below(rng, 3)};

	(void)variant;
	for (int t = 0; t < program.threads; t++) {
		parts(rng, &program, t, 2);
		if (t < 2) {
			add(&program, t,
			    (struct step){.op = OP_ATOMIC_CAS,
					  .object = 2,
					  .skip = 1,
					  .expected = rng_below(rng, 2),
					  .value = rng_below(rng, 2)});
			add(&program, t, (struct step){.op = OP_ABORT, .end = STEP_ENDS});
		} else {
			add(&program, t,
			    (struct step){.op = OP_ATOMIC_STORE, .object = 2, .value = 1});
		}
		parts(rng, &program, t, 1);
	}
	return program;
}

static void check_programs(struct program (*make)(struct rng *rng, int variant), int variant,
			   bool exact)
{
	struct rng rng = rng_stream(1, 2);

	search_init();
	for (int i = 0; i < 1000; i++) {
		struct program program = make(&rng, variant);

		check_cut(&program, exact);
	}
}

Test(dpor_ends, random_families)
{
	check_programs(random_family, 0, true);
}

Test(dpor_ends, random_barriers)
{
	check_programs(random_barriers, 0, true);
}

Test(dpor_ends, random_barriers_too_large)
{
	check_programs(random_barriers, 1, true);
}

Test(dpor_ends, random_barriers_too_small)
{
	check_programs(random_barriers, -1, true);
}

Test(dpor_ends, random_ends)
{
	check_programs(random_end, STEP_ENDS, true);
}

Test(dpor_ends, random_failures)
{
	check_programs(random_end, STEP_ENDS_WHERE_IT_FAILS, false);
}

/* Where it joins a thread, what may be the last of that is not known before it has been executed.
 * So an execution may be in vain, but no class is missed. */
Test(dpor_ends, random_handlers)
{
	check_programs(random_handlers, OF_FEW_KINDS, true);
	check_programs(random_handlers, OF_ALL_KINDS, true);
	check_programs(random_handlers, OF_ALL_KINDS_WITH_JOINS, false);
}

Test(dpor_ends, random_assertions)
{
	check_programs(random_assertion, 0, true);
}

/* The thread that may find what is wrong need not: it is the read that decides, and the end that
 * cuts off. */
Test(dpor_ends, assertion_that_need_not_fail, .init = search_init)
{
	struct program program = {.threads = 4};

	add(&program, 0, (struct step){.op = OP_ATOMIC_STORE, .object = 0, .value = 1});
	add_op(&program, 1, OP_LOCK, 1);
	add_op(&program, 2, OP_LOCK, 1);
	add_op(&program, 2, OP_UNLOCK, 1);
	add(&program, 2,
	    (struct step){.op = OP_ATOMIC_CAS, .object = 0, .skip = 1, .expected = 1, .value = 1});
	add(&program, 2, (struct step){.op = OP_ABORT, .end = STEP_ENDS});
	add(&program, 3, (struct step){.op = OP_ATOMIC_STORE, .object = 0});
	add_op(&program, 3, OP_TRYLOCK, 1);
	check(&program, true);
	check_known(&program, 26);
}

/* Two threads that take two locks, in the same order or not, and a third that ends the process,
 * maybe while they wait for each other. */
Test(dpor_ends, end_during_a_deadlock, .init = search_init)
{
	for (int crossed = 0; crossed < 2; crossed++) {
		struct program program = {.threads = 3};

		add(&program, 0, (struct step){.op = OP_EXIT, .end = STEP_ENDS});
		for (int t = 1; t <= 2; t++) {
			int first = t == 2 && crossed;

			add_op(&program, t, OP_LOCK, first);
			add_op(&program, t, OP_LOCK, !first);
			add_op(&program, t, OP_UNLOCK, !first);
			add_op(&program, t, OP_UNLOCK, first);
		}
		check(&program, true);
		check_known(&program, crossed ? 20 : 17);
	}
}
