/*
 * test_dpor_workers.c - several workers on one wakeup tree: whatever the order in which they take
 * their turns, begin executions and finish them, each class is executed once and none in vain.
 */
#include "unit/parts.h"
#include "unit/searches.h"

#include <criterion/criterion.h>

#define SEED	 2
#define PROGRAMS 1500

static void check_programs(uint32_t workers)
{
	long executions = 0;

	search_init();
	search_workers(workers);
	for (int i = 0; i < PROGRAMS; i++) {
		struct rng rng = rng_stream(SEED, (uint64_t)i);
		struct program program = program_of_any(&rng);
		struct comparison result = check_cut(&program, true);

		executions += result.executions;
	}
	/* Not all are so small that there is nothing to share. */
	cr_assert(executions > 10 * PROGRAMS, "%ld", executions);
}

Test(dpor_workers, two)
{
	check_programs(2);
}

Test(dpor_workers, three)
{
	check_programs(3);
}

Test(dpor_workers, four)
{
	check_programs(4);
}
