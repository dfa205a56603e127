#include "model/footprint.h"

#include "model/barrier.h"
#include "model/cond.h"
#include "model/mutex.h"
#include "model/rwlock.h"
#include "model/thread.h"
#include "model/word.h"

#define GRANULE_BYTES 8u

void footprint_clear(struct footprint *foot)
{
	foot->count = 0;
}

static void everywhere(struct footprint *foot, enum foot_mode mode)
{
	foot->count = 1;
	foot->feet[0] = (struct foot){
		.granule = FOOT_EVERYTHING, .bytes = UINT8_MAX, .mode = (uint8_t)mode};
}

static void add(struct footprint *foot, uint64_t granule, uint32_t bytes, enum foot_mode mode)
{
	if (foot->count == FOOTPRINT_MAX) {
		everywhere(foot, FOOT_READ);
		return;
	}
	foot->feet[foot->count++] =
		(struct foot){.granule = granule, .bytes = (uint8_t)bytes, .mode = (uint8_t)mode};
}

void footprint_add_object(struct footprint *foot, const void *object, enum foot_mode mode)
{
	uint64_t address = (uint64_t)object;

	add(foot, address / GRANULE_BYTES, 1u << (address % GRANULE_BYTES), mode);
}

void footprint_add_memory(struct footprint *foot, const void *at, uint32_t bytes,
			  enum foot_mode mode)
{
	uint64_t address = (uint64_t)at, end = address + bytes;

	while (address < end) {
		uint64_t granule = address / GRANULE_BYTES, next = (granule + 1) * GRANULE_BYTES;
		uint32_t first = (uint32_t)(address % GRANULE_BYTES);
		uint32_t last =
			next > end ? (uint32_t)(end - granule * GRANULE_BYTES) : GRANULE_BYTES;

		if (foot->count && foot->feet[0].granule == FOOT_EVERYTHING)
			return;
		add(foot, granule, ((1u << last) - 1) & ~((1u << first) - 1), mode);
		address = next;
	}
}

static bool has(const struct footprint *foot, const struct foot *other)
{
	for (uint32_t i = 0; i < foot->count; i++)
		if (foot->feet[i].granule == other->granule &&
		    !(other->bytes & ~foot->feet[i].bytes) &&
		    (foot->feet[i].mode == other->mode || foot->feet[i].mode == FOOT_WRITE))
			return true;
	return false;
}

void footprint_add(struct footprint *foot, const struct footprint *other)
{
	for (uint32_t i = 0; i < other->count; i++) {
		const struct foot *fresh = &other->feet[i];

		if (foot->count && foot->feet[0].granule == FOOT_EVERYTHING)
			return;
		if (!has(foot, fresh))
			add(foot, fresh->granule, fresh->bytes, (enum foot_mode)fresh->mode);
	}
}

bool foot_is_dependent(const struct foot *a, const struct foot *b)
{
	if (a->granule == FOOT_EVERYTHING || b->granule == FOOT_EVERYTHING)
		return true;
	if (a->granule != b->granule || !(a->bytes & b->bytes))
		return false;
	return a->mode != b->mode || a->mode == FOOT_WRITE;
}

bool footprint_is_end(const struct footprint *foot)
{
	return foot->count && foot->feet[0].granule == FOOT_EVERYTHING &&
	       foot->feet[0].mode == FOOT_WRITE;
}

bool footprint_is_dependent(const struct footprint *a, const struct footprint *b)
{
	if (footprint_is_end(a) || footprint_is_end(b))
		return true;
	for (uint32_t i = 0; i < a->count; i++)
		for (uint32_t j = 0; j < b->count; j++)
			if (foot_is_dependent(&a->feet[i], &b->feet[j]))
				return true;
	return false;
}

/* Where an operation's footprint lies. */
enum where {
	NOWHERE,
	OBJECT,	    /* at the object's address */
	MEMORY,	    /* the bytes accessed */
	WITH_MUTEX, /* the mutex, written, and the object */
	THE_MUTEX,  /* the mutex only: a wake is ordered after its signal by the token */
	EVERYWHERE,
};

/* ---- when operations that wait can go on */

static bool lock_may_go(const struct thread *thread)
{
	return mutex_is_free(thread->object) || thread->timed_out;
}

/* To be woken is also to get the mutex back, after a timeout too. */
static bool wake_may_go(const struct thread *thread)
{
	return mutex_is_free(thread->mutex) &&
	       (thread->timed_out || cond_may_wake(thread->object, thread->wait_number));
}

static bool sem_may_go(const struct thread *thread)
{
	return sem_may_wait(thread->object) || thread->timed_out;
}

static bool rdlock_may_go(const struct thread *thread)
{
	return rwlock_may_read(thread->object) || thread->timed_out;
}

static bool wrlock_may_go(const struct thread *thread)
{
	return rwlock_may_write(thread->object) || thread->timed_out;
}

static bool pass_may_go(const struct thread *thread)
{
	return barrier_may_pass(thread->object, thread->wait_number);
}

static bool initialiser_may_go(const struct thread *thread)
{
	return once_may_go(thread->object);
}

static bool spin_may_go(const struct thread *thread)
{
	return spin_is_free(thread->object);
}

/* ---- the table */

/* An operation's row: the mode when it does what it is to do, and when it fails; and for one that
 * may have to wait, whether it can go on. */
struct rule {
	enum where where;
	enum foot_mode done, failed;
	bool (*may_go)(const struct thread *thread);
};

/* Operations that are not here touch nothing that another thread's could depend on, and never wait.
 */
static const struct rule rules[OP_COUNT] = {
	/* Memory: nothing in its way, and each of its bytes by itself. A load leaves them as they
	 * are, a compare-exchange that fails too; whatever stores decides what a load finds. */
	[OP_READ] = {MEMORY, FOOT_READ, FOOT_READ, 0},
	[OP_WRITE] = {MEMORY, FOOT_WRITE, FOOT_WRITE, 0},
	[OP_ATOMIC_LOAD] = {MEMORY, FOOT_READ, FOOT_READ, 0},
	[OP_ATOMIC_STORE] = {MEMORY, FOOT_WRITE, FOOT_WRITE, 0},
	/* Two additions lead to the same sum, but each finds another value. */
	[OP_ATOMIC_RMW] = {MEMORY, FOOT_WRITE, FOOT_WRITE, 0},
	[OP_ATOMIC_CAS] = {MEMORY, FOOT_WRITE, FOOT_READ, 0},

	/* Who takes a lock keeps others from it, and who gives it back lets them in. To fail is to
	 * have seen that somebody has it. */
	[OP_LOCK] = {OBJECT, FOOT_WRITE, FOOT_WRITE, lock_may_go},
	[OP_TRYLOCK] = {OBJECT, FOOT_WRITE, FOOT_READ, 0},
	[OP_UNLOCK] = {OBJECT, FOOT_WRITE, FOOT_WRITE, 0},
	[OP_SPIN_LOCK] = {OBJECT, FOOT_WRITE, FOOT_WRITE, spin_may_go},
	[OP_SPIN_TRYLOCK] = {OBJECT, FOOT_WRITE, FOOT_READ, 0},
	[OP_SPIN_UNLOCK] = {OBJECT, FOOT_WRITE, FOOT_WRITE, 0},

	/* Who waits is a set, so waits commute with each other; with a signal they do not: it is
	 * for those that wait by then. */
	[OP_WAIT] = {WITH_MUTEX, FOOT_ENQUEUE, FOOT_ENQUEUE, 0},
	/* Which token it takes depends on the signals, but it comes after that one in every
	 * execution; and others that wake want the same mutex. */
	[OP_WAKE] = {THE_MUTEX, FOOT_WRITE, FOOT_WRITE, wake_may_go},
	/* "Fails" where nobody waits, and then changes nothing. Else tokens are told apart by their
	 * signal, and are taken in that order. */
	[OP_SIGNAL] = {OBJECT, FOOT_WRITE, FOOT_READ, 0},
	[OP_BROADCAST] = {OBJECT, FOOT_WRITE, FOOT_READ, 0},

	/* Posts add up. The last of them that is needed lets somebody go on. */
	[OP_SEM_POST] = {OBJECT, FOOT_SHARE, FOOT_SHARE, 0},
	[OP_SEM_WAIT] = {OBJECT, FOOT_WRITE, FOOT_WRITE, sem_may_go},
	[OP_SEM_TRYWAIT] = {OBJECT, FOOT_WRITE, FOOT_READ, 0},

	/* Readers add up, and so do their unlocks, the last of which lets a writer in. */
	[OP_RDLOCK] = {OBJECT, FOOT_SHARE, FOOT_SHARE, rdlock_may_go},
	[OP_TRYRDLOCK] = {OBJECT, FOOT_SHARE, FOOT_READ, 0},
	[OP_WRLOCK] = {OBJECT, FOOT_WRITE, FOOT_WRITE, wrlock_may_go},
	[OP_TRYWRLOCK] = {OBJECT, FOOT_WRITE, FOOT_READ, 0},
	/* "Done" is a writer's unlock, "failed" a reader's. */
	[OP_RWUNLOCK] = {OBJECT, FOOT_WRITE, FOOT_SHARE, 0},

	/* "Fails" where more threads come than the barrier is for: which of them a generation
	 * consists of is then a matter of their order. */
	[OP_ARRIVE] = {OBJECT, FOOT_ARRIVE, FOOT_WRITE, 0},
	/* To pass is after all arrivals in every execution: nothing to reorder. */
	[OP_PASS] = {NOWHERE, FOOT_NONE, FOOT_NONE, pass_may_go},

	/* "Fails" where the initialiser has been run: then it only looks. */
	[OP_ONCE] = {OBJECT, FOOT_WRITE, FOOT_READ, initialiser_may_go},
	/* Lets all go on that came meanwhile. */
	[OP_ONCE_DONE] = {OBJECT, FOOT_WRITE, FOOT_WRITE, 0},

	/* Who looks at it sees what was written first. */
	[OP_OUTPUT] = {OBJECT, FOOT_WRITE, FOOT_WRITE, 0},

	/* What the code that follows does is not known: so it counts what any other thread has done
	 * before. No end: to read everything. */
	[OP_POINT] = {EVERYWHERE, FOOT_READ, FOOT_READ, 0},

	/* What others would still have done does not happen. */
	[OP_EXIT] = {EVERYWHERE, FOOT_WRITE, FOOT_WRITE, 0},
	[OP_ABORT] = {EVERYWHERE, FOOT_WRITE, FOOT_WRITE, 0},
};

_Static_assert(OP_COUNT == 42,
	       "a new operation has a row here, or touches nothing and never waits");

bool footprint_may_wait(enum op op)
{
	return rules[op].may_go;
}

bool footprint_may_go(const struct thread *thread)
{
	return !rules[thread->op].may_go || rules[thread->op].may_go(thread);
}

void footprint_of(struct footprint *foot, enum op op, const void *object, const void *mutex,
		  uint32_t bytes, bool succeeded)
{
	const struct rule *rule = &rules[op];
	enum foot_mode mode = succeeded ? rule->done : rule->failed;

	footprint_clear(foot);
	switch (rule->where) {
	case NOWHERE:
		break;
	case OBJECT:
		footprint_add_object(foot, object, mode);
		break;
	case MEMORY:
		footprint_add_memory(foot, object, bytes, mode);
		break;
	case WITH_MUTEX:
		footprint_add_object(foot, mutex, FOOT_WRITE);
		footprint_add_object(foot, object, mode);
		break;
	case THE_MUTEX:
		footprint_add_object(foot, mutex, mode);
		break;
	case EVERYWHERE:
		everywhere(foot, mode);
		break;
	}
}
