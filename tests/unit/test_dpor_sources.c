/*
 * test_dpor_sources.c - the search where there is little room for plans: it misses no class, but
 * executions are given up that turn out to repeat others. None is executed twice.
 */
#include "unit/parts.h"
#include "unit/searches.h"

#include <criterion/criterion.h>

#define SEED	 3
#define PROGRAMS 2500 /* of each test */

static void check_programs(enum sources sources, uint32_t workers)
{
	long asleep = 0;

	search_init();
	search_workers(workers);
	search_sources(sources);
	for (int i = 0; i < PROGRAMS; i++) {
		struct rng rng = rng_stream(SEED, (uint64_t)i);
		struct program program = program_of_any(&rng);

		asleep += check_cut(&program, true).asleep;
	}
	/* Else there was room after all. */
	cr_assert(asleep > 0, "%ld", asleep);
}

Test(dpor_sources, nothing_else)
{
	check_programs(SOURCES_ONLY, 1);
}

Test(dpor_sources, now_and_then)
{
	check_programs(SOURCES_MIXED, 1);
}

Test(dpor_sources, two_workers)
{
	check_programs(SOURCES_ONLY, 2);
}

Test(dpor_sources, now_and_then_by_three_workers)
{
	check_programs(SOURCES_MIXED, 3);
}

/* A reader's unlock that the exit cut off is planned as what it is: as a writer's it would wake
 * those asleep too soon. */
Test(dpor_sources, unlock_of_a_reader_after_the_end, .init = search_init)
{
	struct program program = {
		.threads = 3,
		.length = {3, 4, 4},
		.steps = {{{.op = OP_TRYWRLOCK, .skip = 1},
			   {.op = OP_RWUNLOCK},
			   {.op = OP_EXIT, .end = STEP_ENDS}},
			  {{.op = OP_TRYRDLOCK, .skip = 1},
			   {.op = OP_RWUNLOCK},
			   {.op = OP_TRYRDLOCK, .object = 1},
			   {.op = OP_RWUNLOCK, .object = 1}},
			  {{.op = OP_TRYRDLOCK, .skip = 1},
			   {.op = OP_RWUNLOCK},
			   {.op = OP_RDLOCK},
			   {.op = OP_RWUNLOCK}}},
	};

	search_workers(3);
	search_sources(SOURCES_MIXED);
	cr_expect(check(&program, true).difference == SAME);
}
