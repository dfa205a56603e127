/*
 * spin.c - finds out that a thread waits in a loop, by letting it go round.
 *
 * When a thread comes to an operation, at the same place in the code and on the same object, that
 * it has been at before, and has changed nothing since, it may be about to start the same turn
 * again. Then some turns are tried: the thread goes on with nobody else in between and nothing
 * announced, and finds in memory what it has found before, whatever is there now. If it comes back
 * with its stack and registers just as they were a turn earlier, it would do so for ever: it waits,
 * and has guards. If not, or if it does anything but read, stack and registers are put back, and
 * the operation is announced as any other.
 *
 * So whether a thread waits depends on nothing but what itself has read, and is the same in all
 * executions of a class. Only turns of instrumented code are tried. What a library that is called
 * in one changes in memory is not seen and not put back: a loop that counts its turns there is
 * taken for one that waits.
 *
 * Why not compare with the turn that was announced: at first dead registers and unused parts of the
 * stack differ. Why not look at the code: this works for any loop in any language, with calls in
 * it.
 */
#include "session/spin.h"

#include "base/check.h"
#include "machine/fiber.h"
#include "machine/memory.h"
#include "machine/probe.h"
#include "model/mutex.h"
#include "model/rwlock.h"
#include "model/word.h"
#include "session/access.h"

/* Operations of a turn that are remembered; a longer one is not taken for waiting. */
#define LOG_MAX 32u
/* Stack that is looked at and put back; a thread that uses more is not taken for waiting. */
#define STACK_MAX (256ul << 10)
/* Turns until stack and registers have to be the same: a few for what is left over from before. */
#define TURNS_MAX 8u

/* A loop that seems to be private is looked at after so many rounds, and again after twice as many;
 * after so many at most one read of it is announced. A round has at most so many other reads. */
#define ROUNDS_FIRST	 4096u
#define ROUNDS_OF_A_LOOP 1000000u
#define READS_OF_A_ROUND 1000u

struct entry {
	struct guard did;
	const void *pc;
	uint32_t times; /* that it has been there, this time included */
};

/* What a thread has done since it last changed anything. */
struct spin {
	struct entry log[LOG_MAX];
	uint32_t count;
	struct guard guards[GUARDS_MAX];
};

enum attempt_phase {
	ATTEMPT_FIRST, /* where to go back to is to be remembered */
	ATTEMPT_TURN,
	ATTEMPT_BACK,  /* it does not wait */
	ATTEMPT_FOUND, /* it does */
};

/* Turns that are being tried: one thread at a time, for nobody else runs meanwhile. */
static struct {
	struct thread *thread; /* null: none are */
	enum attempt_phase phase;
	struct entry head;
	struct guard guards[GUARDS_MAX];
	uint64_t present[GUARDS_MAX]; /* what is in memory by rights */
	uint32_t count, turns;
	/* The locks and unlocks of a turn need not be looked for, but have to pair. Where the
	 * guards are to be collected, nobody waits with a lock. */
	int depth;
	bool collects; /* the guards are not known yet: what is read becomes one */
	void *back_to, *last;
	size_t back_bytes, last_bytes;
} attempt;

static char *back_image, *last_image;

void spin_init(void)
{
	back_image = memory_reserve(STACK_MAX);
	last_image = memory_reserve(STACK_MAX);
}

void spin_begin(void)
{
	attempt.thread = 0;
}

bool spin_is_trying(void)
{
	return attempt.thread;
}

/* ---- guards */

static bool try_would_succeed(const struct guard *guard)
{
	switch (guard->op) {
	case OP_TRYLOCK:
		return mutex_is_free(guard->object);
	case OP_SPIN_TRYLOCK:
		return spin_is_free(guard->object);
	case OP_SEM_TRYWAIT:
		return sem_may_wait(guard->object);
	case OP_TRYRDLOCK:
		return rwlock_may_read(guard->object);
	case OP_TRYWRLOCK:
		return rwlock_may_write(guard->object);
	default: /* the others are no try-operations */
		return false;
	}
}

static uint64_t value_at(const struct guard *guard)
{
	unsigned long value = 0;

	probe_read(guard->object, guard->bytes, &value);
	return value;
}

static bool is_open(const struct guard *guard)
{
	return guard_is_try(guard->op) ? try_would_succeed(guard) : value_at(guard) != guard->value;
}

bool spin_is_held(const struct thread *thread)
{
	for (uint32_t i = 0; i < thread->guard_count; i++)
		if (is_open(&thread->guards[i]))
			return false;
	return thread->guard_count;
}

static bool is_guard(enum op op)
{
	return guard_is_memory(op) || guard_is_try(op);
}

/* Adds a guard to those of the attempt. False where that cannot be: too many, too large, or the
 * place was read with two values. */
static bool guard_add(const struct guard *guard)
{
	const char *at = guard->object;

	if (guard_is_memory(guard->op) && guard->bytes > sizeof(guard->value))
		return false;
	for (uint32_t i = 0; i < attempt.count; i++) {
		const struct guard *other = &attempt.guards[i];
		const char *there = other->object;

		if (at + guard->bytes <= there || there + other->bytes <= at)
			continue;
		return at == there && guard->bytes == other->bytes && guard->value == other->value;
	}
	if (attempt.count == GUARDS_MAX)
		return false;
	attempt.guards[attempt.count++] = *guard;
	return true;
}

/* ---- what a thread has done */

static struct entry *entry_find(struct spin *spin, enum op op, const void *object, const void *pc)
{
	for (uint32_t i = spin->count; i-- > 0;) {
		struct entry *entry = &spin->log[i];

		if (entry->did.op == op && entry->did.object == object && entry->pc == pc)
			return entry;
	}
	return 0;
}

bool spin_may_consist_of(enum op op)
{
	return op == OP_LOCK || op == OP_UNLOCK || guard_is_try(op);
}

/* A new last entry, to be filled in there: a copy would wait for the stores that made it. */
static struct entry *log_append(struct spin *spin)
{
	if (spin->count == LOG_MAX) {
		for (uint32_t i = 1; i < LOG_MAX; i++)
			spin->log[i - 1] = spin->log[i];
		spin->count--;
	}
	return &spin->log[spin->count++];
}

static struct spin *spin_of(struct thread *self)
{
	if (!self->spin) {
		self->spin = room_take_as_is(sizeof(*self->spin));
		self->spin->count = 0;
	}
	return self->spin;
}

void spin_add(struct thread *self, enum op op, const void *object, size_t bytes, const void *pc)
{
	const struct entry *before = entry_find(spin_of(self), op, object, pc);
	uint32_t times = before ? before->times + 1 : 1;
	struct entry *entry = log_append(self->spin);

	entry->did.object = object;
	entry->did.op = op;
	entry->did.bytes = (uint32_t)bytes;
	entry->did.value = 0;
	entry->pc = pc;
	entry->times = times;
	if (guard_is_try(op) && is_open(&entry->did))
		self->spin->count = 0;
	else if (guard_is_memory(op) && bytes <= sizeof(entry->did.value))
		entry->did.value = value_at(&entry->did);
}

/* ---- trying */

static bool is_on_own_stack(const struct thread *self, const void *at)
{
	return (const char *)at >= self->fiber->stack_low &&
	       (const char *)at < self->fiber->stack_start;
}

/* The turn that starts with `head` as the attempt's guards; none, where the turn locks and unlocks
 * only: then it may wait for what nobody else has been seen to reach so far. False where it can be
 * no waiting one. */
static bool turn_take(struct spin *spin, const struct entry *head)
{
	int depth = 0;

	attempt.count = 0;
	for (const struct entry *entry = head; entry < spin->log + spin->count; entry++) {
		if (entry->did.op == OP_LOCK)
			depth++;
		else if (entry->did.op == OP_UNLOCK && depth-- == 0)
			return false;
		if (is_guard(entry->did.op) && !guard_add(&entry->did))
			return false;
	}
	return !depth;
}

static void memory_write(const struct guard *guard, uint64_t value)
{
	if (op_is_access(guard->op) && value_at(guard) != value)
		memory_copy((void *)(uintptr_t)guard->object, &value, guard->bytes);
}

static void attempt_begin(struct thread *self, const struct entry *head, bool collects)
{
	attempt.thread = self;
	attempt.phase = ATTEMPT_FIRST;
	attempt.head = *head;
	attempt.depth = 0;
	attempt.collects = collects;
}

/* Starts an attempt, unless the thread cannot be waiting. Not at every turn: a loop that counts
 * would be tried again each time. */
static bool attempt_start(struct thread *self, enum op op, const void *object, const void *pc)
{
	const struct entry *head = self->spin ? entry_find(self->spin, op, object, pc) : 0;

	if (!head || head->times & (head->times - 1) || !is_on_own_stack(self, &head) ||
	    !turn_take(self->spin, head))
		return false;
	for (uint32_t i = 0; i < attempt.count; i++) {
		attempt.present[i] = value_at(&attempt.guards[i]);
		memory_write(&attempt.guards[i], attempt.guards[i].value);
	}
	attempt_begin(self, head, !attempt.count);
	return true;
}

static void attempt_end(struct thread *self)
{
	for (uint32_t i = 0; i < attempt.count; i++) {
		if (!attempt.collects)
			memory_write(&attempt.guards[i], attempt.present[i]);
		if (attempt.phase == ATTEMPT_FOUND)
			self->spin->guards[i] = attempt.guards[i];
	}
	if (attempt.phase == ATTEMPT_FOUND && attempt.count) {
		self->guards = self->spin->guards;
		self->guard_count = attempt.count;
		self->spin->count = 0;
	}
	attempt.thread = 0;
}

static void go_back(void) __attribute__((noreturn));
static void go_back(void)
{
	attempt.phase = ATTEMPT_BACK;
	carrier_call(REQUEST_SPIN);
	__builtin_unreachable();
}

void spin_break(struct thread *self)
{
	if (attempt.thread)
		go_back();
	if (self->spin)
		self->spin->count = 0;
}

/* An operation within a turn that is tried, on what others can reach. Goes back where the turn
 * before had no such one. */
static void within(const struct guard *guard)
{
	if (guard->op == OP_LOCK || guard->op == OP_UNLOCK) {
		attempt.depth += guard->op == OP_LOCK ? 1 : -1;
		if (attempt.depth < 0)
			go_back();
		return;
	}
	for (uint32_t i = 0; i < attempt.count; i++)
		if (attempt.guards[i].object == guard->object &&
		    attempt.guards[i].bytes == guard->bytes)
			return;
	if (!attempt.collects)
		go_back();
}

/* The same for what only the thread seems to reach. If another one does, the search starts anew. */
static void within_private(struct guard *guard)
{
	if (!op_is_load(guard->op))
		go_back();
	if (!attempt.collects || guard->bytes > sizeof(guard->value))
		return;
	guard->value = value_at(guard);
	guard_add(guard);
}

static bool is_head(enum op op, const void *object, const void *pc)
{
	return op == attempt.head.did.op && object == attempt.head.did.object &&
	       pc == attempt.head.pc && attempt.depth == 0;
}

/* The thread is where its turns begin. True: it goes round another one. The only place from which
 * an attempt goes to the carrier in a turn that is carried through, so that stacks can be compared.
 */
static __attribute__((noinline)) bool turn_begins(struct thread *self)
{
	carrier_call(REQUEST_SPIN);
	if (attempt.phase == ATTEMPT_TURN) {
		attempt.depth += attempt.head.did.op == OP_LOCK;
		return true;
	}
	attempt_end(self);
	return false;
}

bool spin_is_silent(struct thread *self, enum op op, const void *object, size_t bytes,
		    const void *pc)
{
	struct guard guard = {.object = object, .op = op, .bytes = (uint32_t)bytes};

	if (!session.spins)
		return false;
	if (!op_is_access(op) && !access_is_instrumented(pc)) {
		spin_break(self);
		return false;
	}
	if (attempt.thread && !is_head(op, object, pc)) {
		within(&guard);
		return true;
	}
	if (!attempt.thread && !attempt_start(self, op, object, pc))
		return false;
	return turn_begins(self);
}

/* ---- memory that seems to be private */

/* A thread that reads the same place again and again and writes nothing but its stack may wait for
 * another, which cannot come before the thread reaches an event. True where that is to be tried.
 * Where another thread then writes what it reads, that is seen to be visible, and the search starts
 * anew. */
static bool may_wait(struct thread *self, const void *at)
{
	if (at == self->reread) {
		self->rereads++;
		self->other_reads = 0;
	} else if (++self->other_reads > READS_OF_A_ROUND) {
		self->reread = at;
		self->rereads = self->other_reads = 0;
	}
	return self->rereads >= ROUNDS_FIRST && !(self->rereads & (self->rereads - 1));
}

/* Tries whether it waits. True where it goes round a turn for that. */
static bool private_try(struct thread *self, const struct guard *guard, const void *pc)
{
	spin_of(self);
	attempt.count = 0;
	if (!is_on_own_stack(self, &guard) || !guard_add(guard))
		return false;
	attempt_begin(self, &(struct entry){.did = *guard, .pc = pc}, true);
	return turn_begins(self);
}

static enum spin_way private_way(struct thread *self, const struct guard *guard, const void *pc)
{
	bool has_locks = false;

	if (is_on_own_stack(self, guard->object))
		return SPIN_PRIVATE;
	if (!op_is_load(guard->op)) {
		self->rereads = 0;
		spin_break(self);
		return SPIN_PRIVATE;
	}
	if (may_wait(self, guard->object)) {
		if (private_try(self, guard, pc))
			return SPIN_SILENT;
		has_locks = attempt.depth;
	}
	/* With locks in its turns, it may hold one here: let others come to that. */
	if (!self->guard_count && !has_locks && self->rereads < ROUNDS_OF_A_LOOP)
		return SPIN_PRIVATE;
	self->rereads = 0;
	self->yielding = true;
	return SPIN_EVENT;
}

enum spin_way spin_access(struct thread *self, enum op op, const void *address, size_t bytes,
			  const void *pc)
{
	struct guard guard = {.object = address, .op = op, .bytes = (uint32_t)bytes};
	bool visible = session.learned && sharing_access(&session.sharing, self, (uint64_t)address,
							 bytes, !op_is_load(op));

	if (visible)
		self->rereads = 0;
	if (visible || (attempt.thread && is_head(op, address, pc)))
		return spin_is_silent(self, op, address, bytes, pc) ? SPIN_SILENT : SPIN_EVENT;
	if (attempt.thread) {
		/* Its stack a thread may write to: that is compared. */
		if (!is_on_own_stack(self, address))
			within_private(&guard);
		return SPIN_SILENT;
	}
	if (op_is_load(op) && bytes <= sizeof(guard.value))
		guard.value = value_at(&guard);
	return private_way(self, &guard, pc);
}

/* ---- on the carrier */

static bool memory_is_equal(const char *a, const char *b, size_t bytes)
{
	size_t i = 0;

	for (; i + 8 <= bytes; i += 8)
		if (*(const uint64_t *)(a + i) != *(const uint64_t *)(b + i))
			return false;
	return true;
}

void spin_on_carrier(void)
{
	struct fiber *fiber = attempt.thread->fiber;
	char *sp = fiber->state.sp;
	size_t bytes = (size_t)(fiber->stack_start - sp);
	bool too_large = bytes > STACK_MAX;

	if (attempt.phase == ATTEMPT_FIRST) {
		attempt.phase = too_large ? ATTEMPT_BACK : ATTEMPT_TURN;
		attempt.back_to = sp;
		attempt.back_bytes = too_large ? 0 : bytes;
		attempt.last = 0;
		attempt.turns = 0;
		memory_copy(back_image, sp, attempt.back_bytes);
		return;
	}
	if (attempt.phase == ATTEMPT_TURN) {
		if (attempt.last == sp && memory_is_equal(last_image, sp, bytes)) {
			attempt.phase = ATTEMPT_FOUND;
			return;
		}
		attempt.last = sp;
		if (!too_large && ++attempt.turns < TURNS_MAX) {
			memory_copy(last_image, sp, bytes);
			return;
		}
		attempt.phase = ATTEMPT_BACK;
	}
	memory_copy(attempt.back_to, back_image, attempt.back_bytes);
	fiber->state.sp = attempt.back_to;
}
