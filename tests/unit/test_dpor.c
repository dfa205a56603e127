/*
 * test_dpor.c - the partial-order reduction against all interleavings.
 *
 * The search has to run one execution of each class of interleavings, none twice and none in vain:
 * for little programs of every kind of operation. (test_classes.c computes the number of classes
 * where there is a formula.)
 */
#include "unit/parts.h"
#include "unit/searches.h"

#include <criterion/criterion.h>

/* ---- random programs of one kind of operation, against all interleavings */

static void check_all(part_fn *part, uint32_t parts, int count)
{
	struct rng rng = rng_stream(1, 1);

	search_init();
	while (count-- > 0) {
		struct program program = program_of(&rng, part, parts);

		check_cut(&program, true);
	}
}

Test(dpor, random_onces)
{
	check_all(part_once, 3, 300);
}

Test(dpor, random_futexes)
{
	check_all(part_futex, 3, 500);
}

Test(dpor, random_futexes_taken)
{
	check_all(part_futex_taken, 3, 500);
}

Test(dpor, random_accesses)
{
	check_all(part_access, 4, 200);
}

Test(dpor, random_mutexes)
{
	check_all(part_mutex, 3, 200);
}

Test(dpor, random_trylocks)
{
	check_all(part_try, 2, 200);
}

Test(dpor, random_semaphores)
{
	check_all(part_semaphore, 4, 200);
}

Test(dpor, random_trywaits)
{
	check_all(part_semaphore_try, 4, 200);
}

Test(dpor, random_rwlocks)
{
	check_all(part_rwlock, 2, 200);
}

Test(dpor, random_rwlocks_kept)
{
	check_all(part_rwlock_kept, 3, 2000);
}

Test(dpor, random_try_rwlocks)
{
	check_all(part_rwlock_try, 2, 200);
}

Test(dpor, random_exchanges)
{
	check_all(part_exchange, 4, 200);
}

Test(dpor, random_loops)
{
	check_all(part_loop, 3, 500);
}

Test(dpor, random_conditions)
{
	check_all(part_condition, 2, 200);
}

/* Who comes first runs the initialiser; the others commute. */
Test(dpor, once, .init = search_init)
{
	for (int threads = 1; threads <= THREADS; threads++) {
		struct program program = {.threads = threads};

		for (int t = 0; t < threads; t++) {
			add(&program, t, (struct step){.op = OP_ONCE, .object = 1, .skip = 1});
			add_op(&program, t, OP_ONCE_DONE, 1);
		}
		check_known(&program, threads);
	}
}
