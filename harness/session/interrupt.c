/*
 * interrupt.c - sending, and being interrupted.
 *
 * A cancelled thread ends as by pthread_exit(PTHREAD_CANCELED), which is what the C library does,
 * too; its own cancellation is never asked for, since the kernel thread that it would send a signal
 * to is parked for good.
 *
 * A handler runs in the thread that was sent the signal, on its stack, when its operation would
 * have been carried out. What the thread had announced is put aside meanwhile. A handler may leave
 * by siglongjmp(): then that is forgotten.
 */
#include "session/interrupt.h"

#include "machine/memory.h"
#include "machine/real.h"
#include "model/mutex.h"
#include "session/note.h"
#include "session/races.h"
#include "session/record.h"
#include "session/reduction.h"
#include "session/signals.h"
#include "session/spin.h"
#include "session/step.h"
#include "session/thread.h"
#include "session/verdict.h"
#include "session/work.h"

#include <errno.h>

/* Marks of a thread's word: what it is sent. */
enum { MARK_CANCEL = 1, MARK_SIGNALS = 2 };
/* So many sleeps of a thread may be no events, in an exhaustive search. */
#define SLEEPS_SILENT 64u

static uint64_t *words, *words_saved;

void interrupt_init(void)
{
	words = memory_reserve(THREADS_MAX * sizeof(*words));
	words_saved = memory_reserve_for_parent(THREADS_MAX * sizeof(*words));
}

void interrupt_begin(struct thread *thread, const struct thread *parent)
{
	thread->sent = &words[reduction_thread(thread)];
	*thread->sent = 0;
	thread->blocked = parent ? parent->blocked : 0;
	thread->open = ~thread->blocked & ~INTERRUPT_CANCEL;
}

void interrupt_save(void)
{
	for (uint32_t i = 0; i < execution.threads; i++)
		words_saved[i] = *threads[i].sent;
}

void interrupt_restore(void)
{
	for (uint32_t i = 0; i < execution.threads; i++)
		*threads[i].sent = words_saved[i];
}

/* ---- what the search learns */

static uint64_t granule_of(const struct thread *thread)
{
	return (uint64_t)thread->sent / SHARING_GRANULE_BYTES;
}

static bool has_mark(const struct thread *thread, uint32_t mark)
{
	return sharing_is_marked(&session.sharing, granule_of(thread), mark);
}

void interrupt_learned(void)
{
	for (uint32_t i = 0; i < session.shared->visible_count; i++) {
		uint64_t granule = session.shared->visible[i].granule;

		session.interrupts |=
			granule >= (uint64_t)words / SHARING_GRANULE_BYTES &&
			granule < (uint64_t)(words + THREADS_MAX) / SHARING_GRANULE_BYTES;
	}
}

static void learn(const struct thread *target, uint32_t mark)
{
	if (!session.learned || has_mark(target, mark))
		return;
	sharing_mark(&session.sharing, granule_of(target), mark);
	work_found_visible(granule_of(target), mark);
	session.interrupts = true;
}

static uint64_t events(const struct thread *thread, uint64_t interrupts)
{
	uint64_t sent = 0;

	if (has_mark(thread, MARK_CANCEL))
		sent |= INTERRUPT_CANCEL;
	if (has_mark(thread, MARK_SIGNALS))
		sent |= ~INTERRUPT_CANCEL;
	return interrupts & sent;
}

bool interrupt_is_marked(const struct thread *thread)
{
	return session.learned && events(thread, thread->open | thread->at_point | thread->awaited);
}

uint64_t interrupt_events(const struct thread *thread)
{
	return session.interrupts ? events(thread, thread->interrupts) : 0;
}

/* ---- being interrupted */

bool interrupt_may_go(const struct thread *thread)
{
	uint64_t first = interrupt_first(*thread->sent & thread->interrupts);

	return first != INTERRUPT_CANCEL || thread->op != OP_WAKE || mutex_is_free(thread->mutex);
}

void interrupt_end(struct thread *self)
{
	self->is_ending = true;
	self->cancel_disabled = true;
	self->cancel_async = false;
	self->open &= ~INTERRUPT_CANCEL;
	self->at_point = 0;
}

/* What it had announced is no more. */
static void forget(struct thread *self)
{
	self->deadline_ns = DEADLINE_NONE;
	self->timed_out = self->yielding = false;
	self->mutex = 0;
	self->joining = 0;
	self->at_point = self->awaited = self->sends = 0;
	self->way = INTERRUPT_GOES_ON;
}

void interrupt_act(struct thread *self)
{
	spin_break(self);
	/* Others may join it now. */
	if (self->joining)
		self->joining->joiner = 0;
	forget(self);
	interrupt_end(self);
	races_take(self, self->sent);
	self->result = PTHREAD_CANCELED;
	real.pthread_exit(PTHREAD_CANCELED);
}

/* Runs the handler of a signal. True where the operation is to be announced again. */
static bool handler_run(struct thread *self, int number)
{
	struct thread aside = *self;
	bool restarts;

	forget(self);
	races_take(self, self->sent);
	restarts = signals_deliver(self, number);
	self->op = aside.op;
	self->object = aside.object;
	self->mutex = aside.mutex;
	self->size = aside.size;
	self->pc = aside.pc;
	self->expected = aside.expected;
	self->wait_number = aside.wait_number;
	self->deadline_ns = aside.deadline_ns;
	self->timed_out = aside.timed_out;
	self->yielding = aside.yielding;
	self->joining = aside.joining;
	self->at_point = aside.at_point;
	self->awaited = aside.awaited;
	self->sends = aside.sends;
	self->way = aside.way;
	self->restarts = restarts;
	self->interrupted =
		self->way == INTERRUPT_FAILS || (self->way == INTERRUPT_RESTARTS && !restarts);
	return !self->interrupted;
}

void interrupt_record(const struct thread *self)
{
	uint64_t first = interrupt_first(*self->sent & self->interrupts);

	record_value(first == INTERRUPT_CANCEL ? ECANCELED : first & self->awaited ? 0 : EINTR);
}

bool interrupt_take(struct thread *self)
{
	uint64_t first = interrupt_first(*self->sent & self->interrupts);
	int number = __builtin_ctzl(first) + 1;

	if (first == INTERRUPT_CANCEL) {
		if (self->op != OP_WAKE)
			interrupt_act(self);
		return false;
	}
	*self->sent &= ~first;
	if (first & self->awaited) {
		races_take(self, self->sent);
		self->signal = number;
		return false;
	}
	return handler_run(self, number);
}

/* Its plan was made by an exhaustive search, which knew what would be sent to whom. */
static bool replays_learned(void)
{
	return session.replaying && !session.yields_are_choices;
}

bool interrupt_is_planned(const struct thread *self, enum op op)
{
	const struct replay_step *step = session.replay.steps + session.replay.at;

	if (!replays_learned())
		return false;
	for (uint64_t i = session.replay.at; i < session.replay.count; i++, step++)
		if (step->thread == self->number)
			return step->op == op;
	return false;
}

static bool is_event(const struct thread *self, enum op op)
{
	if (replays_learned())
		return interrupt_is_planned(self, op);
	return interrupt_is_seen(self) || !interrupt_point_is_quiet(self);
}

void interrupt_before(struct thread *self, const void *pc)
{
	if (is_event(self, OP_SIGNAL_POINT))
		step_point(self, OP_SIGNAL_POINT, self->sent, 0, pc,
			   interrupt_point_is_quiet(self));
}

void interrupt_last(struct thread *self)
{
	self->open &= ~INTERRUPT_CANCEL;
	interrupt_before(self, 0);
}

void interrupt_point_begin(struct thread *self, enum interrupt_way way)
{
	self->way = way;
	self->interrupted = false;
	if (self->cancel_disabled)
		return;
	if (self->raised & INTERRUPT_CANCEL)
		interrupt_act(self);
	self->at_point = INTERRUPT_CANCEL;
}

void interrupt_point_end(struct thread *self)
{
	self->way = INTERRUPT_GOES_ON;
	self->at_point = 0;
}

bool interrupt_point_is_quiet(const struct thread *self)
{
	return !(*self->sent & (self->open | self->at_point | self->awaited));
}

/* A thread that only sleeps comes to no event before it is known to be cancelled; now and then it
 * has to. OP_NONE: this is none. */
static enum op test_op(struct thread *self, enum interrupt_reason reason)
{
	bool counts = reason == INTERRUPT_SLEEP && (session.learned || replays_learned());

	if (execution.threads > 1 &&
	    (reason == INTERRUPT_TEST || (counts && ++self->sleeps % SLEEPS_SILENT == 0)))
		return OP_TESTCANCEL;
	return is_event(self, OP_CANCEL_POINT) ? OP_CANCEL_POINT : OP_NONE;
}

void interrupt_test(struct thread *self, enum interrupt_reason reason, const void *pc)
{
	enum op op;

	if (!self->at_point)
		return;
	op = test_op(self, reason);
	if (op == OP_NONE) {
		if (*self->sent & self->at_point)
			interrupt_act(self);
		return;
	}
	if (spin_is_silent(self, op, self->sent, sizeof(*self->sent), pc))
		return;
	self->yielding = session.learned;
	step_point(self, op, self->sent, 0, pc,
		   interrupt_point_is_quiet(self) && !self->guard_count);
	self->yielding = false;
	if (session.spins)
		spin_add(self, op, self->sent, sizeof(*self->sent), pc);
}

void interrupt_call(struct thread *self, const void *pc)
{
	if (!self)
		return;
	interrupt_point_begin(self, INTERRUPT_GOES_ON);
	interrupt_test(self, INTERRUPT_CALL, pc);
	interrupt_point_end(self);
}

/* ---- sending */

void interrupt_send(struct thread *self, struct thread *target, uint64_t bits, const void *pc)
{
	bool is_cancel = bits == INTERRUPT_CANCEL;

	spin_break(self);
	learn(target, is_cancel ? MARK_CANCEL : MARK_SIGNALS);
	if (session.reducing && !is_cancel && target->phase == PHASE_PENDING &&
	    target->op == OP_PASS)
		note_uncontrolled("a signal to a thread at a barrier, in dpor", pc);
	self->sends = bits;
	step_point(self, is_cancel ? OP_CANCEL : OP_KILL, target->sent, 0, pc, true);
	self->sends = 0;
	record_value(target->number);
	races_give_more(self, target->sent);
	*target->sent |= bits;
	step_interrupted(target);
}

static bool acts_at_once(const struct thread *self)
{
	return self->cancel_async && !self->cancel_disabled;
}

int interrupt_cancel(struct thread *self, pthread_t target, const void *pc)
{
	struct thread *thread = thread_of(target);

	if (!thread)
		return ESRCH;
	if (thread != self) {
		interrupt_send(self, thread, INTERRUPT_CANCEL, pc);
		return 0;
	}
	if (acts_at_once(self))
		interrupt_act(self);
	self->raised |= INTERRUPT_CANCEL;
	return 0;
}

/* What may interrupt any operation is as the state and type say; a cancellation that has been sent
 * and now may is taken here. */
static void state_changed(struct thread *self, const void *pc)
{
	self->open &= ~INTERRUPT_CANCEL;
	if (!acts_at_once(self))
		return;
	self->open |= INTERRUPT_CANCEL;
	interrupt_point_begin(self, INTERRUPT_GOES_ON);
	interrupt_test(self, INTERRUPT_CALL, pc);
	interrupt_point_end(self);
}

int interrupt_set_state(struct thread *self, int state, int *old, const void *pc)
{
	if (state != PTHREAD_CANCEL_ENABLE && state != PTHREAD_CANCEL_DISABLE)
		return EINVAL;
	if (old)
		*old = self->cancel_disabled ? PTHREAD_CANCEL_DISABLE : PTHREAD_CANCEL_ENABLE;
	if (!self->is_ending)
		self->cancel_disabled = state == PTHREAD_CANCEL_DISABLE;
	state_changed(self, pc);
	return 0;
}

int interrupt_set_type(struct thread *self, int type, int *old, const void *pc)
{
	if (type != PTHREAD_CANCEL_DEFERRED && type != PTHREAD_CANCEL_ASYNCHRONOUS)
		return EINVAL;
	if (old)
		*old = self->cancel_async ? PTHREAD_CANCEL_ASYNCHRONOUS : PTHREAD_CANCEL_DEFERRED;
	if (!self->is_ending)
		self->cancel_async = type == PTHREAD_CANCEL_ASYNCHRONOUS;
	state_changed(self, pc);
	return 0;
}
