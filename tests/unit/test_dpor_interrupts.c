/*
 * test_dpor_interrupts.c - the partial-order reduction on programs whose threads cancel and signal
 * each other while they wait for anything, against all interleavings.
 */
#include "unit/parts.h"
#include "unit/searches.h"

#include <criterion/criterion.h>

#define SEED	 7
#define PROGRAMS 1500 /* of each test */

static int other(struct rng *rng, const struct program *program, int thread)
{
	return (thread + 1 + (int)rng_below(rng, (uint32_t)program->threads - 1)) %
	       program->threads;
}

static void part_send(struct rng *rng, struct program *program, int thread)
{
	add_op(program, thread, any(rng) ? OP_CANCEL : OP_KILL, other(rng, program, thread));
}

static struct step interruptible(struct rng *rng, enum op op, int object)
{
	return (struct step){.op = op,
			     .object = object,
			     .interrupts = 1 + (int)rng_below(rng, 3),
			     .fails = any(rng)};
}

/* Any operation may be interrupted: all of a thread's are, where its cancellation is asynchronous.
 */
static void part_interruptible(struct rng *rng, struct program *program, int thread)
{
	static const enum op ops[] = {OP_TESTCANCEL, OP_TESTCANCEL, OP_SIGWAIT, OP_SEM_WAIT,
				      OP_SEM_WAIT,   OP_SEM_POST,   OP_WRITE,	OP_READ};
	enum op op = ops[rng_below(rng, 8)];
	struct step step = interruptible(rng, op, any(rng));

	if (op == OP_SIGWAIT)
		step.fails = true;
	if (op == OP_WRITE)
		step.value = 1;
	add(program, thread, step);
}

static void part_wait(struct rng *rng, struct program *program, int thread)
{
	struct step wake = interruptible(rng, OP_WAKE, 1);

	wake.fails = false;
	wake.cleanup = 1;
	add_op(program, thread, OP_LOCK, 0);
	add(program, thread, (struct step){.op = OP_WAIT, .object = 1});
	add(program, thread, wake);
	add_op(program, thread, OP_UNLOCK, 0);
}

static void part_signal(struct rng *rng, struct program *program, int thread)
{
	add_op(program, thread, rng_below(rng, 3) ? OP_SIGNAL : OP_BROADCAST, 1);
}

static void part_lock(struct rng *rng, struct program *program, int thread)
{
	struct step lock = interruptible(rng, OP_LOCK, 0);

	lock.interrupts = any(rng) ? SENT_SIGNAL : 0;
	lock.fails = false;
	add(program, thread, lock);
	if (any(rng))
		part_access(rng, program, thread);
	add_op(program, thread, OP_UNLOCK, 0);
}

static void part_rwlock_interruptible(struct rng *rng, struct program *program, int thread)
{
	struct step lock = interruptible(rng, any(rng) ? OP_RDLOCK : OP_WRLOCK, 0);

	lock.fails = false;
	add(program, thread, lock);
	add_op(program, thread, OP_RWUNLOCK, 0);
}

static void part_await(struct rng *rng, struct program *program, int thread)
{
	add(program, thread, interruptible(rng, OP_AWAIT_END, other(rng, program, thread)));
	program->steps[thread][program->length[thread] - 1].fails = false;
}

static part_fn *const parts[] = {
	part_send,	    part_send, part_send,   part_interruptible, part_interruptible,
	part_interruptible, part_wait, part_signal, part_lock,		part_rwlock_interruptible,
	part_await,	    part_once, part_loop,   part_semaphore_try,
};

/* Some end the process. */
static struct program program_make(struct rng *rng)
{
	struct program program = {.threads = 2 + (int)rng_below(rng, 3),
				  .posts = rng_below(rng, 2)};
	uint32_t kinds = 2 + rng_below(rng, 3);
	part_fn *chosen[4] = {part_send};

	program.arrivals = (uint32_t)program.threads;
	for (uint32_t i = 1; i < kinds; i++)
		chosen[i] = parts[rng_below(rng, sizeof(parts) / sizeof(*parts))];
	for (int t = 0; t < program.threads; t++) {
		for (uint32_t i = 1 + rng_below(rng, 3); i-- > 0;)
			chosen[rng_below(rng, kinds)](rng, &program, t);
		if (!rng_below(rng, 16))
			add_op(&program, t, any(rng) ? OP_EXIT : OP_ABORT, 0);
	}
	return program;
}

/* How often each was carried out in one interleaving of each program. */
static void walk(struct rng *rng, const struct program *program, long counts[OP_COUNT])
{
	struct state state;

	state_init(&state, program);
	for (int left = program->threads * LENGTH; left-- > 0;) {
		int t = (int)rng_below(rng, (uint32_t)program->threads);

		if (state_is_enabled(&state, program, t))
			counts[state_apply(&state, program, t).op]++;
	}
}

static void check_programs(int first)
{
	static const enum op ops[] = {OP_CANCEL,    OP_KILL,  OP_TESTCANCEL, OP_AWAIT_END,
				      OP_INTERRUPT, OP_LEAVE, OP_SEM_WAIT,   OP_WRLOCK};
	long counts[OP_COUNT] = {0}, executions = 0;

	search_init();
	for (int i = first; i < first + PROGRAMS; i++) {
		struct rng rng = rng_stream(SEED, (uint64_t)i);
		struct program program = program_make(&rng);

		executions += check_cut(&program, true).executions;
		walk(&rng, &program, counts);
	}
	cr_expect(executions > 5 * PROGRAMS, "%ld executions", executions);
	for (size_t i = 0; i < sizeof(ops) / sizeof(*ops); i++)
		cr_expect(counts[ops[i]] > 20, "%s: %ld", op_word(ops[i]), counts[ops[i]]);
}

Test(dpor_interrupts, first_half)
{
	check_programs(0);
}

Test(dpor_interrupts, second_half)
{
	check_programs(PROGRAMS);
}

/* All workers share a search. */
Test(dpor_interrupts, of_several_workers)
{
	search_workers(3);
	check_programs(2 * PROGRAMS);
}

/* Programs that a search has been wrong about. */

/* What took the semaphore has no race with the wait that is interrupted. */
Test(dpor_interrupts, pinned_wait_of_another)
{
	static const struct program program = {
		.threads = 3,
		.posts = 1,
		.length = {1, 1, 1},
		.steps = {{{.op = OP_SEM_WAIT}},
			  {{.op = OP_CANCEL, .object = 2}},
			  {{.op = OP_SEM_WAIT, .interrupts = SENT_CANCEL}}},
	};

	search_init();
	cr_expect(check(&program, true).classes == 2);
}

/* What the thread goes on to do when it was interrupted, it does not when it was not. */
Test(dpor_interrupts, pinned_two_signals)
{
	static const struct program program = {
		.threads = 3,
		.posts = 1,
		.length = {1, 2, 2},
		.steps = {{{.op = OP_SEM_POST}},
			  {{.op = OP_KILL, .object = 2}, {.op = OP_KILL, .object = 2}},
			  {{.op = OP_SEM_WAIT, .interrupts = SENT_SIGNAL, .fails = true},
			   {.op = OP_SIGWAIT, .interrupts = SENT_SIGNAL}}},
	};

	search_init();
	cr_expect(check(&program, true).classes == 6);
}
