/* parts_futex.c - what threads do with futexes, on the memory that other parts access, too. */
#include "model/futex.h"
#include "unit/parts.h"
#include "unit/searches.h"

/* Mostly the same, so that there are several who wait. */
static int word_of(struct rng *rng)
{
	return !rng_below(rng, 4);
}

static void wait(struct rng *rng, struct program *program, int thread)
{
	int word = word_of(rng);

	add(program, thread,
	    (struct step){.op = OP_FUTEX_WAIT,
			  .object = word,
			  .expected = !rng_below(rng, 4),
			  .value = 1 + rng_below(rng, 3), /* the bitset */
			  .skip = 1});
	add_op(program, thread, OP_FUTEX_WOKEN, word);
}

static uint32_t some(struct rng *rng)
{
	static const uint32_t counts[] = {1, 1, 1, 2, FUTEX_COUNT_MAX};

	return counts[rng_below(rng, 5)];
}

static void wake(struct rng *rng, struct program *program, int thread)
{
	int word = word_of(rng);

	if (!rng_below(rng, 3))
		add(program, thread,
		    (struct step){.op = any(rng) ? OP_ATOMIC_STORE : OP_ATOMIC_RMW,
				  .object = word,
				  .value = 1,
				  .exchange = true});
	add(program, thread,
	    (struct step){.op = OP_FUTEX_WAKE, .object = word, .value = some(rng)});
}

static void wake_bitset(struct rng *rng, struct program *program, int thread)
{
	add(program, thread,
	    (struct step){.op = OP_FUTEX_WAKE_BITSET,
			  .object = word_of(rng),
			  .value = some(rng),
			  .expected = 1 + rng_below(rng, 2)});
}

static void requeue(struct rng *rng, struct program *program, int thread)
{
	uint32_t wakes = any(rng) ? some(rng) : 0;

	add(program, thread,
	    (struct step){.op = OP_FUTEX_REQUEUE,
			  .mutex = 1, /* nobody is moved twice */
			  .value = futex_counts(wakes, some(rng)),
			  .exchange = any(rng),
			  .expected = !rng_below(rng, 4)});
}

static void wake_op(struct rng *rng, struct program *program, int thread)
{
	uint32_t wakes = some(rng);

	add(program, thread,
	    (struct step){.op = OP_FUTEX_WAKE_OP,
			  .object = any(rng),
			  .mutex = any(rng),
			  .value = futex_counts(wakes, some(rng)),
			  .expected = rng_below(rng, 2)});
}

void part_futex(struct rng *rng, struct program *program, int thread)
{
	static part_fn *const ways[] = {wait, wait, wake, wake, wake};

	ways[rng_below(rng, 5)](rng, program, thread);
}

void part_futex_taken(struct rng *rng, struct program *program, int thread)
{
	static part_fn *const ways[] = {wait,	     wait,	  wait,	   wake,
					wake_bitset, wake_bitset, requeue, wake_op};

	ways[rng_below(rng, 8)](rng, program, thread);
}
