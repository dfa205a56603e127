/*
 * test_dpor_interrupts.c - the partial-order reduction on programs whose threads cancel and signal
 * each other while they wait for anything, against all interleavings.
 */
#include "unit/parts.h"
#include "unit/searches.h"

#include <criterion/criterion.h>

#define SEED	 7
#define PROGRAMS 1500 /* of each test */

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
		struct program program = program_of_interrupts(&rng);

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
