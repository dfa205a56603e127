/*
 * test_choices.c - numbers that a thread takes, against all interleavings in which each thread
 * takes each number.
 */
#include "unit/parts.h"
#include "unit/searches.h"

#include <criterion/criterion.h>

#define SEED	 11
#define PROGRAMS 400

/* What follows depends on the number: whether it is there, or which object it is on. */
static void part_choice(struct rng *rng, struct program *program, int thread)
{
	uint32_t ways = 2 + rng_below(rng, 2);

	add(program, thread,
	    (struct step){.op = OP_CHOOSE,
			  .value = ways,
			  .expected = rng_below(rng, ways),
			  .skip = (int)rng_below(rng, 3) - 1});
	add(program, thread,
	    (struct step){.op = any(rng) ? OP_WRITE : OP_READ,
			  .object = any(rng),
			  .value = 1 + rng_below(rng, 3),
			  .pointer = any(rng)});
}

static void part_choice_and_other(struct rng *rng, struct program *program, int thread)
{
	static part_fn *const others[] = {part_access, part_mutex,  part_try,  part_semaphore,
					  part_branch, part_rwlock, part_spin, part_exchange};

	if (any(rng))
		part_choice(rng, program, thread);
	else
		others[rng_below(rng, 8)](rng, program, thread);
}

static void check_random(part_fn *part, uint32_t parts, uint32_t workers, int from)
{
	long executions = 0;

	search_init();
	search_workers(workers);
	for (int i = from; i < from + PROGRAMS; i++) {
		struct rng rng = rng_stream(SEED, (uint64_t)i);
		struct program program = program_of(&rng, part, parts);

		executions += check_cut(&program, true).executions;
	}
	cr_expect(executions > 20 * PROGRAMS, "%ld executions", executions);
}

Test(choices, alone)
{
	check_random(part_choice, 2, 1, 0);
}

Test(choices, and_others)
{
	check_random(part_choice_and_other, 3, 1, PROGRAMS);
}

Test(choices, in_three_workers)
{
	check_random(part_choice_and_other, 3, 3, 2 * PROGRAMS);
}

/* Classes are multiplied: 2 orders of the writes, times 3, times 5; and an order more or less where
 * a number leaves a write out. */
Test(choices, multiply_classes)
{
	struct program program = {.threads = 2};

	search_init();
	add(&program, 0, (struct step){.op = OP_CHOOSE, .value = 3});
	add(&program, 0, (struct step){.op = OP_WRITE, .value = 1});
	add(&program, 1, (struct step){.op = OP_CHOOSE, .value = 5});
	add(&program, 1, (struct step){.op = OP_WRITE, .value = 2});
	check_known(&program, 2 * 3 * 5);
	/* Only number 0 of the first has a write behind it. */
	program.steps[0][0].skip = 1;
	check_known(&program, (2 + 1 + 1) * 5);
}

/* Before anybody else is there, and as many numbers as an event has ways. */
Test(choices, of_one_thread)
{
	struct program program = {.threads = 1};

	search_init();
	add(&program, 0, (struct step){.op = OP_CHOOSE, .value = 128});
	add(&program, 0, (struct step){.op = OP_CHOOSE, .value = 3});
	check_known(&program, 128 * 3);
}
