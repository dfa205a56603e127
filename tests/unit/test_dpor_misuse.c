/*
 * test_dpor_misuse.c - the reduction on random programs that make and destroy objects while others
 * use them, and unlock what is not their own, against all interleavings: each misuse ends the
 * process, and whether there is one is a matter of order.
 */
#include "unit/misuse.h"
#include "unit/searches.h"

#include <criterion/criterion.h>

#define SEED	 7
#define PROGRAMS 5000 /* of each test */

/* How often each operation was right, and each kind of misuse, in one interleaving of each program.
 */
static long outcomes[OP_COUNT][MISUSED_BY_OTHERS + 1];

static void walk(struct rng *rng, const struct program *program)
{
	struct state state;

	state_init(&state, program);
	for (int left = program->threads * LENGTH; left > 0; left--) {
		int t = (int)rng_below(rng, (uint32_t)program->threads);
		const struct step *step = state_step(&state, program, t);

		if (!state_is_enabled(&state, program, t))
			continue;
		outcomes[step->op][misused(&state, step, t)]++;
		state_apply(&state, program, t);
	}
}

static void check_part(int part)
{
	static const enum op owned[] = {OP_UNLOCK,	 OP_RWUNLOCK,	   OP_SPIN_UNLOCK,
					OP_WAIT,	 OP_MUTEX_DESTROY, OP_RWLOCK_DESTROY,
					OP_SPIN_DESTROY, OP_COND_DESTROY,  OP_BARRIER_DESTROY,
					OP_COND_INIT};

	search_init();
	for (int i = part * PROGRAMS; i < (part + 1) * PROGRAMS; i++) {
		struct rng rng = rng_stream(SEED, (uint64_t)i);
		struct program program = program_of_misuse(&rng);

		check_cut(&program, true);
		walk(&rng, &program);
	}
	for (int op = OP_MUTEX_INIT; op <= OP_SPIN_DESTROY; op++) {
		cr_expect(outcomes[op][MISUSED_NOT] > 20, "%s", op_word((enum op)op));
		cr_expect(op_is_init((enum op)op) || outcomes[op][MISUSED_BY_OTHERS] > 4, "%s",
			  op_word((enum op)op));
	}
	for (size_t i = 0; i < sizeof(owned) / sizeof(*owned); i++)
		cr_expect(outcomes[owned[i]][MISUSED] > 4, "%s", op_word(owned[i]));
	cr_expect(outcomes[OP_WAIT][MISUSED_BY_OTHERS] > 4);
}

Test(dpor_misuse, first_part)
{
	check_part(0);
}

Test(dpor_misuse, second_part)
{
	check_part(1);
}
