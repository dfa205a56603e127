/*
 * test_dpor_random.c - the partial-order reduction on 10,000 random programs of all kinds of
 * operations, against all interleavings: the same classes, each executed once and none in vain, and
 * the same states at the end, deadlocks among them.
 *
 * Program i of a seed depends on nothing else, so a failing one is found again; what is printed is
 * a smaller one, to be pinned below. A program of more prefixes than are tried is cut until it has
 * as many at most, so that none is left out.
 */
#include "unit/parts.h"
#include "unit/searches.h"
#include "unit/shrink.h"

#include <criterion/criterion.h>

#define SEED	 1
#define PROGRAMS 2500 /* of each test */

static long steps_of(const struct program *program)
{
	long sum = 0;

	for (int t = 0; t < program->threads; t++)
		sum += program->length[t];
	return sum;
}

/* What the programs were like, so that nobody has to trust that they are worth the name. */
struct totals {
	long executions, stuck, cut;
	long outcomes[OP_COUNT][2]; /* in one interleaving of each program */
};

static void walk(struct rng *rng, const struct program *program, struct totals *totals)
{
	struct state state;
	int left = program->threads * LENGTH;

	state_init(&state, program);
	while (left-- > 0) {
		int t = (int)rng_below(rng, (uint32_t)program->threads);

		if (state_is_enabled(&state, program, t)) {
			enum op op = state_step(&state, program, t)->op;

			totals->outcomes[op][state_apply(&state, program, t).succeeded]++;
		}
	}
}

static void check_programs(int first, int count, struct totals *totals)
{
	search_init();
	for (int i = first; i < first + count; i++) {
		struct rng rng = rng_stream(SEED, (uint64_t)i);
		struct program program = program_of_any(&rng), whole = program;
		struct comparison result = check_cut(&program, true);

		totals->cut += steps_of(&program) < steps_of(&whole);
		totals->executions += result.executions;
		totals->stuck += result.stuck;
		walk(&rng, &program, totals);
	}
	/* Each has far more than one class, many can get stuck, and few are cut. */
	cr_expect(totals->executions > 20 * count, "%ld executions", totals->executions);
	cr_expect(totals->stuck > count, "%ld states in which somebody waits for ever",
		  totals->stuck);
	cr_expect(totals->cut < count / 8, "%ld programs cut", totals->cut);
}

static bool can_fail(enum op op)
{
	return op == OP_TRYLOCK || op == OP_SPIN_TRYLOCK || op == OP_SEM_TRYWAIT ||
	       op == OP_TRYRDLOCK || op == OP_TRYWRLOCK || op == OP_ATOMIC_CAS || op == OP_SIGNAL ||
	       op == OP_BROADCAST || op == OP_RWUNLOCK || op == OP_ARRIVE || op == OP_ONCE ||
	       op == OP_FUTEX_WAIT || op == OP_FUTEX_WOKEN || op == OP_FUTEX_WAKE ||
	       op == OP_FUTEX_WAKE_BITSET || op == OP_FUTEX_REQUEUE;
}

/* No operation has a choice of value: test_ways.c, test_choices.c. Objects that are made and
 * destroyed: test_dpor_misuse.c; what threads send each other: test_dpor_interrupts.c. */
static bool is_tested(enum op op)
{
	return !op_is_init(op) && !op_is_destroy(op) && (op_is_visible(op) || op == OP_YIELD) &&
	       op != OP_CHOOSE && !(op >= OP_CANCEL && op <= OP_LEAVE);
}

/* They need several threads that wait at one word: test_dpor.c has more of them. */
static bool is_rare(enum op op)
{
	return op == OP_FUTEX_WOKEN || op == OP_FUTEX_WAKE_BITSET;
}

static void check_quarter(int quarter)
{
	static struct totals totals;

	check_programs(quarter * PROGRAMS, PROGRAMS, &totals);
	for (int op = OP_NONE; op < OP_COUNT; op++) {
		if (!is_tested((enum op)op))
			continue;
		cr_expect(totals.outcomes[op][true] > (is_rare((enum op)op) ? 4 : 20), "%s",
			  op_word((enum op)op));
		cr_expect((totals.outcomes[op][false] > 4) == can_fail((enum op)op), "%s fails",
			  op_word((enum op)op));
	}
}

Test(dpor_random, first_quarter)
{
	check_quarter(0);
}

Test(dpor_random, second_quarter)
{
	check_quarter(1);
}

Test(dpor_random, third_quarter)
{
	check_quarter(2);
}

Test(dpor_random, fourth_quarter)
{
	check_quarter(3);
}

/* ---- what is compared with */

/* To try only once what is the same so far loses nothing. */
Test(dpor_random, interleavings_one_by_one_are_the_same)
{
	static struct all all, plain;
	int compared = 0;

	for (uint64_t i = 0; compared < 300; i++) {
		struct rng rng = rng_stream(SEED, i);
		struct program program = program_of_any(&rng);

		interleave(&program, class_of, false, &all);
		if (all.too_many || all.prefixes.count > 150)
			continue;
		interleave(&program, class_of, true, &plain);
		cr_assert(all.classes.count == plain.classes.count);
		cr_assert(all.finals.count == plain.finals.count && all.stuck == plain.stuck);
		compared++;
	}
}

/* All that this asks for is a lock in each of two threads. */
static bool has_two_locks(const struct program *program, bool exact)
{
	int with = 0;

	(void)exact;
	for (int t = 0; t < program->threads; t++)
		for (int i = 0; i < program->length[t]; i++)
			if (program->steps[t][i].op == OP_LOCK) {
				with++;
				break;
			}
	return with >= 2;
}

Test(dpor_random, a_wrong_program_is_made_small)
{
	int shrunk = 0;

	for (uint64_t i = 0; i < 1000; i++) {
		struct rng rng = rng_stream(SEED, i);
		struct program program = program_of_any(&rng);

		if (!has_two_locks(&program, true))
			continue;
		program_shrink(&program, has_two_locks, true);
		cr_assert(program.threads == 2 && steps_of(&program) == 2);
		for (int t = 0; t < 2; t++)
			cr_assert(program.steps[t][0].op == OP_LOCK &&
				  program.steps[t][0].object == 0);
		shrunk++;
	}
	cr_assert(shrunk > 50);
}
