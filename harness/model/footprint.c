#include "model/footprint.h"

#include "model/barrier.h"
#include "model/channel.h"
#include "model/cond.h"
#include "model/futex.h"
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
	CHANNEL,    /* the word that stands for a thing of the kernel's */
	WITH_MUTEX, /* the mutex, written, and the object */
	THE_MUTEX,  /* the mutex only: a wake is ordered after its signal by the token */
	WORD,	    /* of a futex: its bytes, read, and the queue */
	QUEUE,	    /* of a futex: who waits */
	WAY_OUT,    /* of a futex, or two: who of those that wait is woken */
	ALL_QUEUE,  /* both of these */
	QUEUES,	    /* the bytes, read; both of these of one futex, and the queue of another */
	WAKE_OP,    /* the bytes, written, and the queues of two futexes */
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
	return mutex_is_free(thread->mutex) && (thread->timed_out || thread->released ||
						cond_may_wake(thread->object, thread->wait_number));
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
	return thread->released || barrier_may_pass(thread->object, thread->wait_number);
}

static bool initialiser_may_go(const struct thread *thread)
{
	return once_may_go(thread->object);
}

static bool spin_may_go(const struct thread *thread)
{
	return spin_is_free(thread->object);
}

static bool woken_may_go(const struct thread *thread)
{
	return thread->timed_out || futex_may_wake(thread->waiter);
}

static bool leave_may_go(const struct thread *thread)
{
	return mutex_is_free(thread->mutex);
}

static bool end_may_go(const struct thread *thread)
{
	return thread->joining->phase == PHASE_ENDED || thread->timed_out;
}

/* But for being interrupted. */
static bool sigwait_may_go(const struct thread *thread)
{
	return thread->timed_out;
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
	/* Who uses what is freed fails. No event but where nothing orders the two. */
	[OP_FREE] = {MEMORY, FOOT_WRITE, FOOT_WRITE, 0},

	/* Who takes a lock keeps others from it, and who gives it back lets them in. To fail is to
	 * have seen that somebody has it. */
	[OP_LOCK] = {OBJECT, FOOT_WRITE, FOOT_WRITE, lock_may_go},
	[OP_TRYLOCK] = {OBJECT, FOOT_WRITE, FOOT_READ, 0},
	[OP_UNLOCK] = {OBJECT, FOOT_WRITE, FOOT_WRITE, 0},
	[OP_SPIN_LOCK] = {OBJECT, FOOT_WRITE, FOOT_WRITE, spin_may_go},
	[OP_SPIN_TRYLOCK] = {OBJECT, FOOT_WRITE, FOOT_READ, 0},
	[OP_SPIN_UNLOCK] = {OBJECT, FOOT_WRITE, FOOT_WRITE, 0},

	/* Who waits is a set, so waits commute with each other; with a signal they do not: it is
	 * for those that wait by then. One that "fails" is going to end without a signal, by its
	 * deadline or by nothing: no signal is for it, and it does no more than to unlock. Where
	 * threads come to it with different mutexes (FOOTPRINT_CONTENDED) it is a write: whoever
	 * finds another one waiting there misuses it. */
	[OP_WAIT] = {WITH_MUTEX, FOOT_ENQUEUE, FOOT_NONE, 0},
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

	/* Waits commute as those on a condition variable do. One that "fails" has found another
	 * value, and only read it. */
	[OP_FUTEX_WAIT] = {WORD, FOOT_ENQUEUE, FOOT_NONE, 0},
	/* Comes after its wake in every execution. It "fails" where everybody was woken, and so
	 * nobody can take its token away; else it is the first of several to come. */
	[OP_FUTEX_WOKEN] = {WAY_OUT, FOOT_WRITE, FOOT_NONE, woken_may_go},
	/* "Fails" where nobody waits. How many wait without a token is the same before somebody has
	 * taken his and after. */
	[OP_FUTEX_WAKE] = {QUEUE, FOOT_WRITE, FOOT_READ, 0},
	/* Whom it takes away depends on who is left. */
	[OP_FUTEX_WAKE_BITSET] = {ALL_QUEUE, FOOT_WRITE, FOOT_READ, 0},
	[OP_FUTEX_REQUEUE] = {QUEUES, FOOT_WRITE, FOOT_NONE, 0},
	/* Stores, whoever waits. */
	[OP_FUTEX_WAKE_OP] = {WAKE_OP, FOOT_WRITE, FOOT_WRITE, 0},
	/* Before the one and after the other, any other operation is a misuse, and changes nothing:
	 * of those each commutes with the others as ever. */
	[OP_MUTEX_INIT] = {OBJECT, FOOT_WRITE, FOOT_WRITE, 0},
	[OP_COND_INIT] = {OBJECT, FOOT_WRITE, FOOT_WRITE, 0},
	[OP_RWLOCK_INIT] = {OBJECT, FOOT_WRITE, FOOT_WRITE, 0},
	[OP_BARRIER_INIT] = {OBJECT, FOOT_WRITE, FOOT_WRITE, 0},
	[OP_SEM_INIT] = {OBJECT, FOOT_WRITE, FOOT_WRITE, 0},
	[OP_SPIN_INIT] = {OBJECT, FOOT_WRITE, FOOT_WRITE, 0},
	[OP_MUTEX_DESTROY] = {OBJECT, FOOT_WRITE, FOOT_WRITE, 0},
	[OP_COND_DESTROY] = {OBJECT, FOOT_WRITE, FOOT_WRITE, 0},
	[OP_RWLOCK_DESTROY] = {OBJECT, FOOT_WRITE, FOOT_WRITE, 0},
	[OP_BARRIER_DESTROY] = {OBJECT, FOOT_WRITE, FOOT_WRITE, 0},
	[OP_SEM_DESTROY] = {OBJECT, FOOT_WRITE, FOOT_WRITE, 0},
	[OP_SPIN_DESTROY] = {OBJECT, FOOT_WRITE, FOOT_WRITE, 0},

	/* Who looks at it sees what was written first. */
	[OP_OUTPUT] = {OBJECT, FOOT_WRITE, FOOT_WRITE, 0},

	/* What is sent to a thread adds up to a set: model/interrupt.h. */
	[OP_CANCEL] = {OBJECT, FOOT_SHARE, FOOT_SHARE, 0},
	[OP_KILL] = {OBJECT, FOOT_SHARE, FOOT_SHARE, 0},
	/* To be interrupted is to have seen that something was sent, and all that it changes is the
	 * thread's own. Other operations see that nothing was: dpor_footprint(). */
	[OP_TESTCANCEL] = {OBJECT, FOOT_READ, FOOT_READ, 0},
	[OP_CANCEL_POINT] = {OBJECT, FOOT_READ, FOOT_READ, 0},
	[OP_SIGNAL_POINT] = {OBJECT, FOOT_READ, FOOT_READ, 0},
	[OP_INTERRUPT] = {OBJECT, FOOT_READ, FOOT_READ, 0},
	[OP_SIGWAIT] = {OBJECT, FOOT_READ, FOOT_READ, sigwait_may_go},
	/* To have waited for a thread is to be after all of its operations in every execution. */
	[OP_AWAIT_END] = {NOWHERE, FOOT_NONE, FOOT_NONE, end_may_go},
	/* Who leaves a wait passes on the token that it may have, so that who waits matters. */
	[OP_LEAVE] = {WITH_MUTEX, FOOT_WRITE, FOOT_WRITE, leave_may_go},
	/* Who takes leaves less for others, who gives makes the kernel wake somebody, and in which
	 * order two give is what a reader sees. Whether it does anything depends on what others
	 * have done, and that is not asked again where these come in another order: so also where
	 * it fails. Whether it has to wait its guards tell. */
	[OP_RECEIVE] = {CHANNEL, FOOT_WRITE, FOOT_WRITE, 0},
	[OP_SEND] = {CHANNEL, FOOT_WRITE, FOOT_WRITE, 0},
	[OP_CLOSE] = {CHANNEL, FOOT_WRITE, FOOT_WRITE, 0},
	[OP_FILE_LOCK] = {CHANNEL, FOOT_WRITE, FOOT_WRITE, 0},
	[OP_WAIT_CHILD] = {CHANNEL, FOOT_WRITE, FOOT_WRITE, 0},
	/* Only looks; where it looks at more than one, the others are its guards'. */
	[OP_POLL] = {CHANNEL, FOOT_READ, FOOT_READ, 0},
	/* What the code that follows does is not known: so it counts what any other thread has done
	 * before. No end: to read everything. */
	[OP_POINT] = {EVERYWHERE, FOOT_READ, FOOT_READ, 0},

	/* Whatever number the program takes is its thread's own: no other has such an object. But
	 * the ways that it can go depend on each other (policy/dpor_choice.h), so it is a write. */
	[OP_CHOOSE] = {OBJECT, FOOT_WRITE, FOOT_WRITE, 0},

	/* What others would still have done does not happen. */
	[OP_EXIT] = {EVERYWHERE, FOOT_WRITE, FOOT_WRITE, 0},
	[OP_ABORT] = {EVERYWHERE, FOOT_WRITE, FOOT_WRITE, 0},
};

_Static_assert(OP_COUNT == 77,
	       "a new operation has a row here, or touches nothing and never waits");

bool footprint_may_wait(enum op op)
{
	return rules[op].may_go;
}

/* A try-operation that waits up to a deadline. To the search it is one that never waits: it fails
 * when its time is over, and that may be at any moment. */
static bool may_go_until(const struct thread *thread)
{
	switch (thread->op) {
	case OP_TRYLOCK:
		return lock_may_go(thread);
	case OP_SEM_TRYWAIT:
		return sem_may_go(thread);
	case OP_TRYRDLOCK:
		return rdlock_may_go(thread);
	case OP_TRYWRLOCK:
		return wrlock_may_go(thread);
	default: /* all others are carried out at once */
		return true;
	}
}

bool footprint_may_go(const struct thread *thread)
{
	if (thread->deadline_ns != DEADLINE_NONE && !footprint_may_wait(thread->op))
		return may_go_until(thread);
	return !footprint_may_wait(thread->op) || rules[thread->op].may_go(thread);
}

/* The parts of a queue are two bytes beside the memory that there is, at the word's place in its
 * granule. */
#define QUEUES_ADDRESS (UINT64_C(1) << 55)
#define PART_QUEUE     1u
#define PART_WAY_OUT   2u

static void add_queue(struct footprint *foot, const void *word, uint32_t parts, enum foot_mode mode)
{
	uint64_t address = (uint64_t)word | QUEUES_ADDRESS;

	if (mode != FOOT_NONE)
		add(foot, address / GRANULE_BYTES, parts << (address & 4), mode);
}

static void add_futex(struct footprint *foot, const struct rule *rule, const void *word,
		      const void *other, uint32_t bytes, enum foot_mode mode)
{
	switch (rule->where) {
	case WORD:
		footprint_add_memory(foot, word, bytes, FOOT_READ);
		add_queue(foot, word, PART_QUEUE, mode);
		break;
	case QUEUE:
		add_queue(foot, word, PART_QUEUE, mode);
		break;
	case WAY_OUT:
		add_queue(foot, word, PART_WAY_OUT, mode);
		if (other)
			add_queue(foot, other, PART_WAY_OUT, mode);
		break;
	case ALL_QUEUE:
		add_queue(foot, word, PART_QUEUE | PART_WAY_OUT, mode);
		break;
	case QUEUES:
		footprint_add_memory(foot, word, bytes, FOOT_READ);
		add_queue(foot, word, PART_QUEUE | PART_WAY_OUT, mode);
		add_queue(foot, other, PART_QUEUE, mode);
		break;
	case WAKE_OP:
		footprint_add_memory(foot, word, bytes, mode);
		add_queue(foot, word, PART_QUEUE, mode);
		add_queue(foot, other, PART_QUEUE, mode);
		break;
	default: /* others are on no futex */
		break;
	}
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
	case CHANNEL:
		footprint_add_memory(foot, object, CHANNEL_BYTES, mode);
		break;
	case WITH_MUTEX:
		footprint_add_object(foot, mutex, FOOT_WRITE);
		if (bytes == FOOTPRINT_CONTENDED)
			mode = FOOT_WRITE;
		if (mode != FOOT_NONE)
			footprint_add_object(foot, object, mode);
		break;
	case THE_MUTEX:
		footprint_add_object(foot, mutex, mode);
		break;
	case WORD:
	case QUEUE:
	case WAY_OUT:
	case ALL_QUEUE:
	case QUEUES:
	case WAKE_OP:
		add_futex(foot, rule, object, mutex, bytes, mode);
		break;
	case EVERYWHERE:
		everywhere(foot, mode);
		break;
	}
}
