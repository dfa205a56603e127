/* parts_ways.c - parts of random programs in which waits may end by a signal, by their deadline, or
 * by nothing. */
#include "unit/parts.h"
#include "unit/searches.h"

/* Lock, wait, unlock. Who is not woken locks the mutex itself. */
static void wait_add(struct program *program, int thread, int cond, bool is_timed, bool is_spurious)
{
	add_op(program, thread, OP_LOCK, 0);
	add(program, thread,
	    (struct step){.op = OP_WAIT,
			  .object = cond,
			  .skip = 1,
			  .is_timed = is_timed,
			  .may_be_spurious = is_spurious});
	add(program, thread, (struct step){.op = OP_WAKE, .object = cond, .skip = -1});
	add_op(program, thread, OP_LOCK, 0);
}

void part_way(struct rng *rng, struct program *program, int thread)
{
	bool locked = any(rng), all = !rng_below(rng, 3);
	int cond = 1 + !rng_below(rng, 4);

	if (any(rng)) {
		wait_add(program, thread, cond, any(rng), any(rng));
		if (any(rng))
			part_access(rng, program, thread);
		add_op(program, thread, OP_UNLOCK, 0);
		return;
	}
	if (locked)
		add_op(program, thread, OP_LOCK, 0);
	if (any(rng))
		part_access(rng, program, thread);
	add_op(program, thread, all ? OP_BROADCAST : OP_SIGNAL, cond);
	if (locked)
		add_op(program, thread, OP_UNLOCK, 0);
}

void part_way_and_other(struct rng *rng, struct program *program, int thread)
{
	static part_fn *const others[] = {part_access, part_try,    part_semaphore_try,
					  part_rwlock, part_branch, part_exchange};

	if (rng_below(rng, 3))
		part_way(rng, program, thread);
	else
		others[rng_below(rng, 6)](rng, program, thread);
}
