/*
 * test_ways.c - waits that may end by a signal, by their deadline, or by nothing, against all
 * interleavings in which each goes each way.
 */
#include "unit/parts.h"
#include "unit/searches.h"

#include <criterion/criterion.h>

#define SEED	 7
#define PROGRAMS 500

/* A loop that waits for a flag: a wait ends by its deadline or by nothing, and it looks again. */
static void loop_add(struct program *program, int thread, int turns, bool is_timed,
		     bool is_spurious)
{
	add_op(program, thread, OP_LOCK, 0);
	for (int turn = 0; turn < turns; turn++) {
		add(program, thread,
		    (struct step){.op = OP_READ,
				  .object = 0,
				  .expected = 0,
				  .skip = 3 + 4 * (turns - turn - 1)});
		add(program, thread,
		    (struct step){.op = OP_WAIT,
				  .object = 1,
				  .skip = 1,
				  .is_timed = is_timed,
				  .may_be_spurious = is_spurious});
		add(program, thread, (struct step){.op = OP_WAKE, .object = 1, .skip = -1});
		add_op(program, thread, OP_LOCK, 0);
	}
	add_op(program, thread, OP_UNLOCK, 0);
}

static void signal_add(struct program *program, int thread)
{
	add_op(program, thread, OP_LOCK, 0);
	add(program, thread, (struct step){.op = OP_WRITE, .object = 0, .value = 1});
	add_op(program, thread, OP_SIGNAL, 1);
	add_op(program, thread, OP_UNLOCK, 0);
}

static void check_random(part_fn *part, uint32_t parts, uint32_t workers, int from)
{
	long executions = 0, plain = 0;

	search_init();
	search_workers(workers);
	for (int i = from; i < from + PROGRAMS; i++) {
		struct rng rng = rng_stream(SEED, (uint64_t)i);
		struct program program = program_of(&rng, part, parts);

		program.spurious = (uint8_t)rng_below(&rng, 4);
		executions += check_cut(&program, true).executions;
		program.spurious = 0;
		plain += check_cut(&program, true).executions;
	}
	/* Spurious wakeups are worth the name. */
	cr_expect(executions > plain + PROGRAMS, "%ld and %ld executions", executions, plain);
}

Test(ways, of_waits)
{
	check_random(part_way, 2, 1, 0);
}

Test(ways, of_waits_and_others)
{
	check_random(part_way_and_other, 3, 1, PROGRAMS);
}

/* With little room for plans no class is missed, and none executed twice. */
Test(ways, of_waits_with_sources)
{
	search_sources(SOURCES_MIXED);
	check_random(part_way_and_other, 3, 2, 3 * PROGRAMS);
}

Test(ways, of_waits_in_two_workers)
{
	check_random(part_way_and_other, 3, 3, 2 * PROGRAMS);
}

/* Worked out by hand: a wait for a flag that is set once, of one thread. Without other ways: the
 * flag was set before, or it waits and is woken: 2. */
Test(ways, of_a_loop)
{
	struct program program = {.threads = 2};

	search_init();
	loop_add(&program, 0, 1, false, true);
	signal_add(&program, 1);
	check_known(&program, 2);
	/* The signal comes before or after the lock that follows the wait. */
	program.spurious = 1;
	check_known(&program, 4);
	/* As before, and by the deadline the same. */
	program.steps[0][2].is_timed = true;
	check_known(&program, 6);
	cr_expect(check(&program, true).stuck == 0);
}

/* Two waits, of which one at most ends by nothing: 1, and 2 that do not. */
Test(ways, that_are_scarce)
{
	struct program program = {.threads = 2};

	search_init();
	for (int t = 0; t < 2; t++) {
		add_op(&program, t, OP_LOCK, t);
		add(&program, t,
		    (struct step){.op = OP_WAIT,
				  .object = 1 + t,
				  .mutex = t,
				  .skip = 1,
				  .may_be_spurious = true});
		add(&program, t,
		    (struct step){.op = OP_WAKE, .object = 1 + t, .mutex = t, .skip = -1});
		add_op(&program, t, OP_LOCK, t);
	}
	check_known(&program, 1);
	program.spurious = 1;
	check_known(&program, 3);
	program.spurious = 2;
	check_known(&program, 4);
}
