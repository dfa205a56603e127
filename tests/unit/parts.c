/*
 * parts.c - mutexes, objects of other kinds and memory are told apart by kind, so all parts use the
 * first few numbers of each.
 */
#include "unit/parts.h"

#include "unit/searches.h"

void part_access(struct rng *rng, struct program *program, int thread)
{
	add_op(program, thread, any(rng) ? OP_READ : OP_WRITE, any(rng));
}

void part_mutex(struct rng *rng, struct program *program, int thread)
{
	int mutex = any(rng);

	if (!any(rng)) {
		part_access(rng, program, thread);
		return;
	}
	add_op(program, thread, OP_LOCK, mutex);
	if (any(rng))
		part_access(rng, program, thread);
	add_op(program, thread, OP_UNLOCK, mutex);
}

void part_try(struct rng *rng, struct program *program, int thread)
{
	int mutex = any(rng);

	if (any(rng)) {
		part_mutex(rng, program, thread);
		return;
	}
	add(program, thread, (struct step){.op = OP_TRYLOCK, .object = mutex, .skip = 2});
	part_access(rng, program, thread);
	add_op(program, thread, OP_UNLOCK, mutex);
}

void part_semaphore(struct rng *rng, struct program *program, int thread)
{
	static const enum op ops[] = {OP_SEM_WAIT, OP_SEM_POST, OP_SEM_POST};

	if (rng_below(rng, 4))
		add_op(program, thread, ops[rng_below(rng, 3)], any(rng));
	else
		part_access(rng, program, thread);
}

void part_semaphore_try(struct rng *rng, struct program *program, int thread)
{
	if (any(rng))
		part_semaphore(rng, program, thread);
	else
		add_op(program, thread, OP_SEM_TRYWAIT, any(rng));
}

void part_rwlock(struct rng *rng, struct program *program, int thread)
{
	int lock = any(rng);

	add_op(program, thread, any(rng) ? OP_RDLOCK : OP_WRLOCK, lock);
	if (any(rng))
		add_op(program, thread, any(rng) ? OP_READ : OP_WRITE, 2);
	add_op(program, thread, OP_RWUNLOCK, lock);
}

void part_rwlock_kept(struct rng *rng, struct program *program, int thread)
{
	int lock = !rng_below(rng, 5);

	add_op(program, thread, rng_below(rng, 3) ? OP_RDLOCK : OP_WRLOCK, lock);
	if (rng_below(rng, 4))
		add_op(program, thread, OP_RWUNLOCK, lock);
}

void part_rwlock_try(struct rng *rng, struct program *program, int thread)
{
	enum op op = any(rng) ? OP_TRYRDLOCK : OP_TRYWRLOCK;
	int lock = any(rng);

	if (any(rng)) {
		part_rwlock(rng, program, thread);
		return;
	}
	add(program, thread, (struct step){.op = op, .object = lock, .skip = 1});
	add_op(program, thread, OP_RWUNLOCK, lock);
}

void part_exchange(struct rng *rng, struct program *program, int thread)
{
	struct step step = {.op = any(rng) ? OP_ATOMIC_CAS : OP_ATOMIC_STORE,
			    .object = any(rng),
			    .expected = rng_below(rng, 3),
			    .value = rng_below(rng, 3)};

	if (!rng_below(rng, 4))
		step.op = OP_ATOMIC_LOAD;
	add(program, thread, step);
}

/* Signals with the mutex held and without. */
void part_condition(struct rng *rng, struct program *program, int thread)
{
	int cond = 1 + any(rng);
	bool locked = any(rng), all = !rng_below(rng, 3);

	if (any(rng)) {
		add_op(program, thread, OP_LOCK, 0);
		add(program, thread, (struct step){.op = OP_WAIT, .object = cond, .mutex = 0});
		add(program, thread, (struct step){.op = OP_WAKE, .object = cond, .mutex = 0});
		add_op(program, thread, OP_UNLOCK, 0);
		return;
	}
	if (locked)
		add_op(program, thread, OP_LOCK, 0);
	add_op(program, thread, all ? OP_BROADCAST : OP_SIGNAL, cond);
	if (locked)
		add_op(program, thread, OP_UNLOCK, 0);
}

/* Steps of all sizes, at all offsets, so that they overlap by any number of bytes. */
void part_memory(struct rng *rng, struct program *program, int thread)
{
	static const enum op ops[] = {OP_READ,	       OP_WRITE,      OP_ATOMIC_LOAD,
				      OP_ATOMIC_STORE, OP_ATOMIC_RMW, OP_ATOMIC_CAS};
	struct step step = {.op = ops[rng_below(rng, 6)],
			    .object = any(rng),
			    .bytes = 1 << rng_below(rng, 4),
			    .expected = rng_below(rng, 3),
			    .value = rng_below(rng, 3),
			    .exchange = any(rng),
			    .pointer = !rng_below(rng, 4)};

	if (any(rng))
		step.offset = (int)rng_below(rng, (uint32_t)(OBJECT_BYTES + 1 - step.bytes));
	add(program, thread, step);
}

void part_branch(struct rng *rng, struct program *program, int thread)
{
	struct step step = {.op = any(rng) ? OP_READ : OP_ATOMIC_CAS,
			    .object = any(rng),
			    .skip = 1,
			    .expected = rng_below(rng, 2),
			    .value = rng_below(rng, 2)};

	add(program, thread, step);
	add(program, thread,
	    (struct step){.op = any(rng) ? OP_WRITE : OP_READ, .object = any(rng), .value = 1});
}

void part_nested(struct rng *rng, struct program *program, int thread)
{
	int first = any(rng);

	add_op(program, thread, OP_LOCK, first);
	add_op(program, thread, OP_LOCK, !first);
	add_op(program, thread, OP_UNLOCK, any(rng) ? first : !first);
	/* Sometimes one is kept. */
	if (any(rng))
		part_access(rng, program, thread);
}

void part_flag(struct rng *rng, struct program *program, int thread)
{
	bool waits = any(rng), all = any(rng);

	add_op(program, thread, OP_LOCK, 0);
	if (waits) {
		add(program, thread, (struct step){.op = OP_READ, .object = 0, .skip = 2});
		add(program, thread, (struct step){.op = OP_WAIT, .object = 1, .mutex = 0});
		add(program, thread, (struct step){.op = OP_WAKE, .object = 1, .mutex = 0});
	} else {
		add(program, thread, (struct step){.op = OP_WRITE, .object = 0, .value = 1});
		add_op(program, thread, all ? OP_BROADCAST : OP_SIGNAL, 1);
	}
	add_op(program, thread, OP_UNLOCK, 0);
}

void part_spin(struct rng *rng, struct program *program, int thread)
{
	int lock = any(rng);
	bool tried = any(rng), inside = any(rng);

	add(program, thread,
	    (struct step){.op = tried ? OP_SPIN_TRYLOCK : OP_SPIN_LOCK,
			  .object = lock,
			  .skip = tried ? 1 + inside : 0});
	if (inside)
		part_access(rng, program, thread);
	add_op(program, thread, OP_SPIN_UNLOCK, lock);
}

void part_barrier(struct rng *rng, struct program *program, int thread)
{
	int barrier = any(rng);

	add_op(program, thread, OP_ARRIVE, barrier);
	add_op(program, thread, OP_PASS, barrier);
	if (any(rng))
		part_access(rng, program, thread);
}

static void loop_read(struct rng *rng, struct program *program, int thread)
{
	int flag = any(rng);
	uint64_t value = rng_below(rng, 2);

	add(program, thread,
	    (struct step){.op = OP_READ, .object = flag, .expected = value, .skip = 1});
	add(program, thread,
	    (struct step){.op = OP_READ,
			  .object = flag,
			  .guard = {.op = OP_READ, .object = flag, .value = value}});
}

static void loop_try(struct rng *rng, struct program *program, int thread)
{
	static const enum op ops[] = {OP_TRYLOCK, OP_SPIN_TRYLOCK, OP_SEM_TRYWAIT, OP_TRYRDLOCK,
				      OP_TRYWRLOCK};
	static const enum op back[] = {OP_UNLOCK, OP_SPIN_UNLOCK, OP_SEM_POST, OP_RWUNLOCK,
				       OP_RWUNLOCK};
	uint32_t which = rng_below(rng, 5);
	int object = any(rng);

	add(program, thread, (struct step){.op = ops[which], .object = object, .skip = -1});
	add(program, thread,
	    (struct step){.op = ops[which],
			  .object = object,
			  .guard = {.op = ops[which], .object = object}});
	if (any(rng))
		part_access(rng, program, thread);
	if (rng_below(rng, 4))
		add_op(program, thread, back[which], object);
}

static void loop_locked(struct rng *rng, struct program *program, int thread)
{
	int flag = any(rng);
	uint64_t value = rng_below(rng, 2);

	add_op(program, thread, OP_LOCK, 0);
	add(program, thread,
	    (struct step){.op = OP_READ, .object = flag, .expected = value, .skip = 3});
	add_op(program, thread, OP_UNLOCK, 0);
	add(program, thread,
	    (struct step){.op = OP_LOCK, .guard = {.op = OP_READ, .object = flag, .value = value}});
	add_op(program, thread, OP_READ, flag);
	add_op(program, thread, OP_UNLOCK, 0);
}

static void loop_end(struct rng *rng, struct program *program, int thread)
{
	add(program, thread,
	    (struct step){.op = any(rng) ? OP_WRITE : OP_ATOMIC_RMW,
			  .object = any(rng),
			  .value = 1 + rng_below(rng, 2)});
}

void part_loop(struct rng *rng, struct program *program, int thread)
{
	static part_fn *const ways[] = {loop_read, loop_try, loop_locked, loop_end, loop_end};

	ways[rng_below(rng, 5)](rng, program, thread);
}

void part_yield(struct rng *rng, struct program *program, int thread)
{
	static const enum op ops[] = {OP_YIELD, OP_YIELD, OP_OUTPUT, OP_POINT};
	enum op op = ops[rng_below(rng, 4)];

	add_op(program, thread, op, op == OP_YIELD ? 0 : any(rng));
}

/* ---- whole programs */

/* What an initialiser does: nothing, or an event that may have to wait, or another once. */
static int initialiser(struct rng *rng, struct program *program, int thread, int once)
{
	static const enum op ops[] = {OP_READ, OP_WRITE, OP_SEM_WAIT, OP_SEM_POST};
	int other = 5 - once;

	if (!rng_below(rng, 3))
		return 0;
	if (rng_below(rng, 4)) {
		add_op(program, thread, ops[rng_below(rng, 4)], any(rng));
		return 1;
	}
	add(program, thread, (struct step){.op = OP_ONCE, .object = other, .skip = 1});
	add_op(program, thread, OP_ONCE_DONE, other);
	return 2;
}

void part_once(struct rng *rng, struct program *program, int thread)
{
	int once = 2 + any(rng), at = program->length[thread];

	if (!rng_below(rng, 3)) {
		part_mutex(rng, program, thread);
		return;
	}
	add_op(program, thread, OP_ONCE, once);
	program->steps[thread][at].skip = 1 + initialiser(rng, program, thread, once);
	add_op(program, thread, OP_ONCE_DONE, once);
	if (any(rng))
		add_op(program, thread, any(rng) ? OP_READ : OP_SEM_POST, 0);
}

/* A pipe with room for two bytes. */
void part_channel(struct rng *rng, struct program *program, int thread)
{
	static const enum op ops[] = {OP_SEND, OP_SEND,	 OP_RECEIVE,   OP_RECEIVE,
				      OP_POLL, OP_CLOSE, OP_FILE_LOCK, OP_WAIT_CHILD};

	add(program, thread,
	    (struct step){
		    .op = ops[rng_below(rng, 8)], .object = any(rng), .waits = rng_below(rng, 2)});
	if (!rng_below(rng, 4))
		part_access(rng, program, thread);
}

struct program program_of(struct rng *rng, part_fn *part, uint32_t parts)
{
	struct program program = {.threads = 2 + (int)rng_below(rng, 3),
				  .posts = rng_below(rng, 2)};

	program.arrivals = (uint32_t)program.threads;
	for (int t = 0; t < program.threads; t++)
		for (uint32_t i = 1 + rng_below(rng, parts); i-- > 0;)
			part(rng, &program, t);
	return program;
}

#define KINDS_MAX      3
#define PART_STEPS_MAX 6

struct plan {
	part_fn *kinds[KINDS_MAX];
	uint32_t kind_count, parts;
	int parent[THREADS]; /* or -1 */
};

static struct plan plan_of(struct rng *rng, int threads)
{
	static part_fn *const all[] = {
		part_memory,	  part_memory,	part_branch,	    part_mutex,
		part_try,	  part_nested,	part_flag,	    part_semaphore,
		part_condition,	  part_rwlock,	part_semaphore_try, part_spin,
		part_rwlock_try,  part_barrier, part_yield,	    part_loop,
		part_once,	  part_futex,	part_futex_taken,   part_futex,
		part_flag,	  part_channel, part_channel,	    part_futex,
		part_futex_taken,
	};
	struct plan plan = {.kind_count = 1 + rng_below(rng, KINDS_MAX),
			    .parts = threads == 2 ? 4 : 3};
	bool family = !rng_below(rng, 4);

	for (uint32_t i = 0; i < plan.kind_count; i++)
		plan.kinds[i] = all[rng_below(rng, sizeof(all) / sizeof(*all))];
	for (int t = 0; t < threads; t++)
		plan.parent[t] = family && t ? (int)rng_below(rng, (uint32_t)t) : -1;
	return plan;
}

/* Where there is room for the longest one, and for what else a thread does. */
static void part_make(struct rng *rng, const struct plan *plan, struct program *program, int thread)
{
	if (program->length[thread] + PART_STEPS_MAX + THREADS <= LENGTH)
		plan->kinds[rng_below(rng, plan->kind_count)](rng, program, thread);
}

static void thread_make(struct rng *rng, const struct plan *plan, struct program *program,
			int thread)
{
	for (int child = 1; child < program->threads; child++)
		if (plan->parent[child] == thread) {
			if (any(rng))
				part_make(rng, plan, program, thread);
			add_op(program, thread, OP_CREATE, child);
		}
	for (uint32_t i = 1 + rng_below(rng, plan->parts); i-- > 0;)
		part_make(rng, plan, program, thread);
	for (int child = 1; child < program->threads; child++)
		if (plan->parent[child] == thread && any(rng))
			add_op(program, thread, OP_JOIN, child);
	if (plan->parent[0] != plan->parent[program->threads - 1] && any(rng))
		part_make(rng, plan, program, thread);
}

struct program program_of_any(struct rng *rng)
{
	struct program program = {.threads = 2 + (int)rng_below(rng, 3),
				  .posts = rng_below(rng, 2)};
	struct plan plan = plan_of(rng, program.threads);

	program.contended = !rng_below(rng, 3);
	program.arrivals = (uint32_t)(program.threads - program.contended);
	for (int t = 0; t < program.threads; t++) {
		thread_make(rng, &plan, &program, t);
		if (!rng_below(rng, 12))
			add_op(&program, t, any(rng) ? OP_EXIT : OP_ABORT, 0);
	}
	return program;
}
