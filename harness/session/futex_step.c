/*
 * futex_step.c - a step, then the model (model/futex.h).
 *
 * To wait is two operations, as on a condition variable: one compares the word and enters the
 * queue, and that is one event, for nothing may come between; the other comes when the thread has
 * been woken. To wait where the word has another value is the first of them only.
 *
 * What orders what, for races: nothing by itself. A wait may end for no reason at all, so a program
 * that is right looks at the word again, with an atomic operation that orders what it has to; and
 * where it does not, an edge from the wake would hide that only in executions in which it really
 * had to wait. But what FUTEX_WAKE_OP does to its word is an atomic operation like any other.
 */
#include "session/futex_step.h"

#include "detect/race.h"
#include "model/futex.h"
#include "session/note.h"
#include "session/races.h"
#include "session/record.h"
#include "session/reduction.h"
#include "session/spin.h"
#include "session/step.h"

#include <errno.h>
#include <linux/futex.h>

static struct futexes *futexes(void)
{
	if (!execution.futexes)
		execution.futexes = room_take(sizeof(*execution.futexes));
	return execution.futexes;
}

static struct futex_waiter *waiter_of(struct thread *self)
{
	if (!self->waiter)
		self->waiter = room_take(sizeof(*self->waiter));
	self->waiter->name = reduction_thread(self);
	return self->waiter;
}

/* A point. Who waits at a word shows in no access to it, so that each is visible while there are
 * others; a word that is looked at or written to counts as accessed. */
static void point(struct thread *self, enum op op, uint32_t *word, uint32_t bytes, const void *pc)
{
	spin_break(self);
	if (session.learned && bytes)
		sharing_access(&session.sharing, self, (uint64_t)word, bytes,
			       op == OP_FUTEX_WAKE_OP);
	if (execution.threads > 1 || !session.learned)
		step_point(self, op, word, bytes, pc, true);
	else
		record_unannounced(self, op, word, bytes, pc);
}

static long result(long value)
{
	record_value((uint64_t)value);
	return value;
}

/* Its wait may have been moved to another word meanwhile. */
static long woken(struct thread *self, uint32_t *word, uint64_t deadline_ns, const void *pc)
{
	struct futex_waiter *waiter = self->waiter;
	bool in_time;

	self->deadline_ns = deadline_ns;
	self->timed_out = false;
	step_point(self, OP_FUTEX_WOKEN, word, 0, pc, false);
	self->deadline_ns = DEADLINE_NONE;
	self->mutex = 0;
	in_time = futex_leave(futexes(), waiter);
	if (!waiter->contested)
		reduction_failed(self->object);
	step_changed(self->object);
	return result(in_time ? 0 : -ETIMEDOUT);
}

long futex_step_wait(struct thread *self, uint32_t *word, uint32_t value, uint32_t bitset,
		     uint64_t deadline_ns, const void *pc)
{
	bool is_equal;

	self->expected = value;
	self->wait_number = bitset;
	point(self, OP_FUTEX_WAIT, word, FUTEX_BYTES, pc);
	is_equal = *word == value;
	reduction_exchange(word, value, is_equal);
	if (!is_equal)
		return result(-EAGAIN);
	/* Not one of the ways of session/timeouts.h. */
	if (session.learned && deadline_ns != DEADLINE_NONE)
		note_uncontrolled("a futex's timeout other than when nothing else can run", pc);
	futex_enqueue(futexes(), waiter_of(self), word, bitset);
	return woken(self, word, deadline_ns, pc);
}

long futex_step_wake(struct thread *self, uint32_t *word, uint32_t count, const void *pc)
{
	self->wait_number = count;
	point(self, OP_FUTEX_WAKE, word, 0, pc);
	count = futex_wake(futexes(), word, count);
	if (!count)
		reduction_failed(word);
	step_changed(word);
	return result(count);
}

/* Whom a wake by a bitset or a requeue takes is the lowest thread, where it could be another. */
static long taken(const struct futex_taken *how, const char *what, const void *pc)
{
	if (how->chosen && session.learned)
		note_uncontrolled(what, pc);
	return result(how->count);
}

long futex_step_wake_bitset(struct thread *self, uint32_t *word, uint32_t count, uint32_t bitset,
			    const void *pc)
{
	struct futex_taken how;

	self->wait_number = count;
	self->expected = bitset;
	point(self, OP_FUTEX_WAKE_BITSET, word, 0, pc);
	how = futex_take(futexes(), word, bitset, count, 0, 0);
	reduction_exchange(word, bitset, how.any);
	step_changed(word);
	return taken(&how, "which waiter a futex wake by a bitset takes", pc);
}

/* What it has announced is at another word now, and depends on those who might have been woken in
 * its stead here. */
static void waiter_move(struct thread *thread, uint32_t *word, const void *pc)
{
	void *origin = thread->waiter->contested ? thread->object : thread->mutex;

	if (session.reducing && thread->mutex && thread->mutex != origin)
		note_uncontrolled("a futex waiter that is moved twice, in dpor", pc);
	step_move(thread, word, origin);
}

static void waiters_move(const struct futex_requeue *how, const void *pc)
{
	for (uint32_t i = 0; i < execution.threads; i++) {
		struct thread *thread = &threads[i];

		if (thread->phase == PHASE_PENDING && thread->op == OP_FUTEX_WOKEN &&
		    thread->object == how->word && thread->waiter->waits &&
		    thread->waiter->word == how->other)
			waiter_move(thread, how->other, pc);
	}
}

long futex_step_requeue(struct thread *self, const struct futex_requeue *how, const void *pc)
{
	uint32_t value = how->value ? *how->value : 0;
	bool is_equal;
	struct futex_taken done;

	self->expected = value;
	self->wait_number = futex_counts(how->wake, how->move);
	self->mutex = how->other;
	point(self, OP_FUTEX_REQUEUE, how->word, how->value ? FUTEX_BYTES : 0, pc);
	self->mutex = 0;
	is_equal = !how->value || *how->word == value;
	reduction_exchange(how->word, value, is_equal);
	if (!is_equal)
		return result(-EAGAIN);
	done = futex_take(futexes(), how->word, FUTEX_ANY, how->wake, how->other, how->move);
	if (done.moved && how->other != how->word)
		waiters_move(how, pc);
	step_changed(how->word);
	return taken(&done, "which waiter a futex requeue takes", pc);
}

/* ---- FUTEX_WAKE_OP */

static int32_t coded_field(uint32_t coded, unsigned shift)
{
	return (int32_t)(coded << (20 - shift)) >> 20;
}

static uint32_t changed(uint32_t coded, uint32_t old)
{
	uint32_t operand = (uint32_t)coded_field(coded, 12);

	if (coded >> 28 & FUTEX_OP_OPARG_SHIFT)
		operand = 1u << (operand & 31);
	switch (coded >> 28 & 7) {
	case FUTEX_OP_SET:
		return operand;
	case FUTEX_OP_ADD:
		return old + operand;
	case FUTEX_OP_OR:
		return old | operand;
	case FUTEX_OP_ANDN:
		return old & ~operand;
	default: /* FUTEX_OP_XOR, for others have been refused */
		return old ^ operand;
	}
}

static bool compares(uint32_t coded, uint32_t old)
{
	int32_t found = (int32_t)old, with = coded_field(coded, 0);

	switch (coded >> 24 & 15) {
	case FUTEX_OP_CMP_EQ:
		return found == with;
	case FUTEX_OP_CMP_NE:
		return found != with;
	case FUTEX_OP_CMP_LT:
		return found < with;
	case FUTEX_OP_CMP_LE:
		return found <= with;
	case FUTEX_OP_CMP_GT:
		return found > with;
	default: /* FUTEX_OP_CMP_GE, the same */
		return found >= with;
	}
}

static void races_tell(struct thread *self, const uint32_t *word, const void *pc)
{
	races_access(self, word, FUTEX_BYTES, RACE_ATOMIC | RACE_WRITE, pc);
	races_atomic(self, OP_ATOMIC_RMW, word, __ATOMIC_SEQ_CST);
}

long futex_step_wake_op(struct thread *self, const struct futex_wake_op *how, const void *pc)
{
	uint32_t old, second, count;

	self->wait_number = futex_counts(how->wake, 0);
	self->mutex = how->word;
	point(self, OP_FUTEX_WAKE_OP, how->other, FUTEX_BYTES, pc);
	self->mutex = 0;
	races_tell(self, how->other, pc);
	old = *how->other;
	*how->other = changed(how->coded, old);
	record_before(old);
	record_value(*how->other);
	second = compares(how->coded, old) ? how->wake_other : 0;
	reduction_number(how->other, futex_counts(how->wake, second));
	count = futex_wake(futexes(), how->word, how->wake);
	count += futex_wake(futexes(), how->other, second);
	step_changed(how->word);
	step_changed(how->other);
	return count;
}
