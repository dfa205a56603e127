/* parts_interrupts.c - programs whose threads cancel and signal each other while they wait for
 * anything. */
#include "unit/parts.h"
#include "unit/searches.h"

static int other(struct rng *rng, const struct program *program, int thread)
{
	return (thread + 1 + (int)rng_below(rng, (uint32_t)program->threads - 1)) %
	       program->threads;
}

static void part_send(struct rng *rng, struct program *program, int thread)
{
	add_op(program, thread, any(rng) ? OP_CANCEL : OP_KILL, other(rng, program, thread));
}

static struct step interruptible(struct rng *rng, enum op op, int object)
{
	return (struct step){.op = op,
			     .object = object,
			     .interrupts = 1 + (int)rng_below(rng, 3),
			     .fails = any(rng)};
}

/* Any operation may be interrupted: all of a thread's are, where its cancellation is asynchronous.
 */
static void part_interruptible(struct rng *rng, struct program *program, int thread)
{
	static const enum op ops[] = {OP_TESTCANCEL, OP_TESTCANCEL, OP_SIGWAIT, OP_SEM_WAIT,
				      OP_SEM_WAIT,   OP_SEM_POST,   OP_WRITE,	OP_READ};
	enum op op = ops[rng_below(rng, 8)];
	struct step step = interruptible(rng, op, any(rng));

	if (op == OP_SIGWAIT)
		step.fails = true;
	if (op == OP_WRITE)
		step.value = 1;
	add(program, thread, step);
}

static void part_wait(struct rng *rng, struct program *program, int thread)
{
	struct step wake = interruptible(rng, OP_WAKE, 1);

	wake.fails = false;
	wake.cleanup = 1;
	add_op(program, thread, OP_LOCK, 0);
	add(program, thread, (struct step){.op = OP_WAIT, .object = 1});
	add(program, thread, wake);
	add_op(program, thread, OP_UNLOCK, 0);
}

static void part_signal(struct rng *rng, struct program *program, int thread)
{
	add_op(program, thread, rng_below(rng, 3) ? OP_SIGNAL : OP_BROADCAST, 1);
}

static void part_lock(struct rng *rng, struct program *program, int thread)
{
	struct step lock = interruptible(rng, OP_LOCK, 0);

	lock.interrupts = any(rng) ? SENT_SIGNAL : 0;
	lock.fails = false;
	add(program, thread, lock);
	if (any(rng))
		part_access(rng, program, thread);
	add_op(program, thread, OP_UNLOCK, 0);
}

static void part_rwlock_interruptible(struct rng *rng, struct program *program, int thread)
{
	struct step lock = interruptible(rng, any(rng) ? OP_RDLOCK : OP_WRLOCK, 0);

	lock.fails = false;
	add(program, thread, lock);
	add_op(program, thread, OP_RWUNLOCK, 0);
}

static void part_await(struct rng *rng, struct program *program, int thread)
{
	add(program, thread, interruptible(rng, OP_AWAIT_END, other(rng, program, thread)));
	program->steps[thread][program->length[thread] - 1].fails = false;
}

static part_fn *const parts[] = {
	part_send,	    part_send, part_send,   part_interruptible, part_interruptible,
	part_interruptible, part_wait, part_signal, part_lock,		part_rwlock_interruptible,
	part_await,	    part_once, part_loop,   part_semaphore_try,
};

/* Some end the process. */
struct program program_of_interrupts(struct rng *rng)
{
	struct program program = {.threads = 2 + (int)rng_below(rng, 3),
				  .posts = rng_below(rng, 2)};
	uint32_t kinds = 2 + rng_below(rng, 3);
	part_fn *chosen[4] = {part_send};

	program.arrivals = (uint32_t)program.threads;
	for (uint32_t i = 1; i < kinds; i++)
		chosen[i] = parts[rng_below(rng, sizeof(parts) / sizeof(*parts))];
	for (int t = 0; t < program.threads; t++) {
		for (uint32_t i = 1 + rng_below(rng, 3); i-- > 0;)
			chosen[rng_below(rng, kinds)](rng, &program, t);
		if (!rng_below(rng, 16))
			add_op(&program, t, any(rng) ? OP_EXIT : OP_ABORT, 0);
	}
	return program;
}
