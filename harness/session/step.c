/*
 * step.c - one scheduling step: announce, choose, apply.
 *
 * A step is taken *before* its operation. A thread announces what it is about to do, the policy
 * picks among the enabled announcements, and only then does the picked operation change the model.
 * So what a policy sees is exactly the set of operations that could go next, which is what an
 * exhaustive search has to enumerate.
 *
 * Invariant: when the policy is asked, every live thread but those that join has announced.
 *
 * There is no scheduler thread: whoever gives up the carrier decides who gets it. Enabledness is
 * kept up to date by step_changed() rather than computed in each step, so that a step costs the
 * same with two threads and with a thousand.
 */
#include "session/step.h"

#include "base/check.h"
#include "machine/fiber.h"
#include "model/footprint.h"
#include "session/access.h"
#include "session/files.h"
#include "session/heap_check.h"
#include "session/interrupt.h"
#include "session/loop.h"
#include "session/outside.h"
#include "session/pace.h"
#include "session/record.h"
#include "session/signals.h"
#include "session/spin.h"
#include "session/reduction.h"
#include "session/timeouts.h"
#include "session/verdict.h"

/* Operations after which a search gives an execution up: some seconds of nothing but them. */
#define SEARCH_STEPS_MAX 20000000u

/* While nobody else is enabled. Each new one tells the command that the program is alive. */
#define QUANTUM_ALONE 4096u

static uint32_t interest_slot(const void *object)
{
	return (uint32_t)(((uint64_t)object * 0x9e3779b97f4a7c15u) >> 56);
}

static bool is_enabled(const struct thread *thread)
{
	if (interrupt_is_due(thread))
		return interrupt_may_go(thread);
	if (thread->guard_count && spin_is_held(thread))
		return op_is_on_channel(thread->op) && thread->timed_out;
	if (thread->deadline_ns != DEADLINE_NONE && thread->op == OP_YIELD)
		return thread->timed_out || thread->deadline_ns <= execution.now_ns;
	return footprint_may_go(thread);
}

static void refresh(struct thread *thread)
{
	if (is_enabled(thread)) {
		bitset_add(&enabled, thread->number);
		if (!execution.quantum_is_firm)
			execution.quantum = 0;
	} else {
		bitset_remove(&enabled, thread->number);
	}
}

static void refresh_all(const void *object)
{
	for (uint32_t i = 0; i < execution.threads; i++) {
		struct thread *thread = &threads[i];

		if (thread->phase == PHASE_PENDING &&
		    (thread->object == object || thread->mutex == object))
			refresh(thread);
	}
}

/* What step_changed() has put off. */
static void changes_settle(void)
{
	const void *object = execution.changed;

	execution.changed = 0;
	if (object)
		refresh_all(object);
}

void step_changed(const void *object)
{
	if (__builtin_expect(!execution.interest[interest_slot(object)], 1))
		return;
	/* A thread that takes a lock again and again, for which others wait. */
	if (execution.changed == object)
		return;
	changes_settle();
	if (execution.quantum_is_firm)
		execution.changed = object;
	else
		refresh_all(object);
}

/* Up to 255 threads, and then it stays: a scan too many, never one too few. */
static void interest_add(const void *object, int delta)
{
	uint8_t *slot = &execution.interest[interest_slot(object)];

	if (object && *slot != UINT8_MAX)
		*slot = (uint8_t)(*slot + delta);
}

static void announce(struct thread *self, enum op op, void *object, uint32_t size, const void *pc)
{
	self->op = op;
	self->object = object;
	self->size = size;
	self->pc = pc;
	self->phase = PHASE_PENDING;
	/* That of an earlier wait is over. */
	if (self->deadline_ns == DEADLINE_NONE)
		self->timed_out = false;
	self->interrupts = self->open | self->at_point | self->awaited;
	/* What those who pass a barrier have in common is no part of the reduction's states. */
	if (session.reducing && op == OP_PASS)
		self->interrupts = 0;
	interest_add(object, 1);
	interest_add(self->mutex, 1);
	execution.guarded += self->guard_count > 0;
	pace_announced(self);
	if (is_enabled(self))
		bitset_add(&enabled, self->number);
}

static void withdraw(struct thread *self)
{
	interest_add(self->object, -1);
	interest_add(self->mutex, -1);
	execution.guarded -= self->guard_count > 0;
	bitset_remove(&enabled, self->number);
	self->phase = PHASE_RUNNING;
}

void step_move(struct thread *thread, void *object, void *mutex)
{
	interest_add(thread->object, -1);
	interest_add(thread->mutex, -1);
	interest_add(object, 1);
	interest_add(mutex, 1);
	thread->object = object;
	thread->mutex = mutex;
	refresh(thread);
}

void step_timed_out(struct thread *thread)
{
	thread->timed_out = true;
	refresh(thread);
}

/* The execution has more choices than there is room for: it may never end. */
static bool is_endless(void)
{
	return session.explore &&
	       (session.dfs.cut || reduction_is_full() || execution.step > SEARCH_STEPS_MAX);
}

/* A depth-first search compares it with what was there to choose from before. */
static uint16_t fingerprint(void)
{
	uint64_t sum = 0;

	if (!session.learned || session.reducing)
		return 0;
	for (uint32_t i = 0; i < enabled.count; i++) {
		const struct thread *thread = &threads[bitset_at(&enabled, i)];

		sum += ((uint64_t)thread->object + thread->number) * 0x9e3779b97f4a7c15u +
		       thread->op;
	}
	return (uint16_t)(sum >> 48 ^ sum);
}

bool step_is_enabled(const struct thread *thread)
{
	changes_settle();
	return bitset_has(&enabled, thread->number);
}

bool step_exit_goes_on(void)
{
	return execution.exiting && step_is_enabled(execution.exiting_thread);
}

static struct thread *pick_by_policy(const struct thread *self)
{
	struct choice choice;
	uint32_t number;

	if (session.snapshot_wanted)
		carrier_call(REQUEST_SNAPSHOT);
	choice = (struct choice){
		.enabled = &enabled,
		.current = self->number,
		.current_enabled = bitset_has(&enabled, self->number),
		.yielding = self->yielding,
		.step = execution.step,
		.fingerprint = fingerprint(),
	};
	execution.was_choice = enabled.count > 1 && !step_exit_goes_on();
	number = session.policy.pick(session.policy.state, &choice, &execution.quantum);
	if (reduction_is_redundant())
		verdict_redundant();
	CHECK(bitset_has(&enabled, number));
	execution.step += execution.quantum;
	execution.quantum_is_firm = execution.quantum > 0;
	if (session.replaying && session.replay.diverged)
		verdict_diverged();
	return &threads[number];
}

static void guarded_refresh(void)
{
	for (uint32_t i = 0; i < execution.threads && execution.guarded; i++)
		if (threads[i].phase == PHASE_PENDING && threads[i].guard_count)
			refresh(&threads[i]);
}

/* How many operations a thread that is alone may carry out without looking up. */
static uint64_t quantum_alone(void)
{
	return session.reducing || execution.guarded > execution.blocked ? 0 : QUANTUM_ALONE;
}

/* Who goes next in the trace may wait for somebody outside, who was quicker then, or for time. */
static void replay_wait(void)
{
	while (session.replaying && session.replay.at < session.replay.count) {
		uint32_t next = session.replay.steps[session.replay.at].thread;

		if (next >= execution.threads || bitset_has(&enabled, next) ||
		    threads[next].phase != PHASE_PENDING)
			return;
		if (!threads[next].guard_count || !outside_wait()) {
			pace_replay(&threads[next]);
			return;
		}
		guarded_refresh();
	}
}

/* All that the trace tells has been done: what is left to see is that nobody gets on. */
static void replay_look_at_end(void)
{
	if (!session.replaying || !session.shared->config.plan_livelock ||
	    session.replay.at < session.replay.count)
		return;
	session.spins = true;
	session.recording = false;
}

static void nobody_goes(void) __attribute__((noreturn));
static void nobody_goes(void)
{
	if (timeout_is_elsewhere())
		verdict_untimely();
	verdict_deadlock();
}

static struct thread *pick(struct thread *self)
{
	replay_look_at_end();
	if (is_endless())
		verdict_endless();
	execution.was_choice = execution.quantum_is_firm = false;
	changes_settle();
	outside_look();
	guarded_refresh();
	pace_look();
	replay_wait();
	while (!enabled.count)
		if (outside_wait())
			guarded_refresh();
		else if (!pace_jump() && !signals_wait_outside() && !loop_wait_outside())
			nobody_goes();
	if (step_exit_goes_on() && !(reduction_asks_at_exit() && !session.snapshot_wanted)) {
		execution.quantum = quantum_alone();
		return execution.exiting_thread;
	}
	if (enabled.count == 1 && !session.replaying &&
	    (!session.reducing || session.snapshot_wanted)) {
		execution.quantum = quantum_alone();
		execution.step += execution.quantum;
		return &threads[bitset_at(&enabled, 0)];
	}
	return pick_by_policy(self);
}

void step_reschedule(struct thread *self)
{
	struct thread *next;

	if (unannounced.count) {
		next = &threads[bitset_at(&unannounced, 0)];
		bitset_remove(&unannounced, next->number);
		execution.quantum = 0;
	} else {
		next = pick(self);
	}
	next->phase = PHASE_RUNNING;
	execution.current = next;
	if (next != self)
		fiber_switch(self->fiber, next->fiber);
}

/* Something was due: true where the operation is to be announced again. */
static bool again(struct thread *self)
{
	if (!interrupt_is_due(self))
		return false;
	interrupt_record(self);
	return interrupt_take(self);
}

static __attribute__((noinline)) void step_slow(struct thread *self, enum op op, void *object,
						uint32_t size, const void *pc)
{
	do {
		record_settle();
		if (execution.stream_written)
			files_settle();
		announce(self, op, object, size, pc);
		step_reschedule(self);
		withdraw(self);
		session.worker->steps = ++execution.step;
		reduction_event(self);
		self->guard_count = 0;
		pace_event(op);
		if (session.recording)
			record_visible(self, execution.was_choice);
	} while (again(self));
}

void step_point(struct thread *self, enum op op, void *object, uint32_t size, const void *pc,
		bool now)
{
	if (__builtin_expect(execution.quantum && now && !pace_is_due() && !session.recording &&
				     !session.replaying,
			     1)) {
		execution.quantum--;
		pace_event(op);
		return;
	}
	if (execution.quantum && now && !pace_is_due() && !session.replaying) {
		execution.quantum--;
		pace_event(op);
		record_settle();
		record_operation(self, op, object, size, pc);
		return;
	}
	step_slow(self, op, object, size, pc);
}

void step_object(struct thread *self, enum op op, void *object, const void *pc, bool now)
{
	bool may_spin = session.spins && spin_may_consist_of(op) && access_is_instrumented(pc);

	now &= !self->guard_count && interrupt_point_is_quiet(self);
	if (session.spins && !may_spin)
		spin_break(self);
	if (step_is_visible(self, object) || !now || interrupt_is_seen(self))
		step_point(self, op, object, 0, pc, now);
	else
		record_unannounced(self, op, object, 0, pc);
	heap_object(self, op, object, pc);
	if (may_spin)
		spin_add(self, op, object, 0, pc);
}

void step_interrupted(struct thread *thread)
{
	if (thread->phase == PHASE_PENDING)
		refresh(thread);
	else if (thread->phase == PHASE_JOINING && interrupt_is_due(thread))
		step_ready(thread);
}

void step_object_until(struct thread *self, enum op op, void *object, uint64_t deadline_ns,
		       const void *pc, bool now)
{
	timeout_begin(self, deadline_ns, now);
	step_object(self, op, object, pc, now || self->timed_out);
	self->deadline_ns = DEADLINE_NONE;
}

void step_yield(struct thread *self, const void *pc)
{
	if (!session.yields_are_choices || loop_is_silent()) {
		loop_has_yielded();
		return;
	}
	self->yielding = true;
	step_slow(self, OP_YIELD, 0, 0, pc);
	self->yielding = false;
	pace_yielded();
	loop_yield_ends();
}

void step_sleep(struct thread *self, uint64_t deadline_ns, const void *pc)
{
	if (spin_is_trying())
		return;
	if (session.explore || !session.yields_are_choices) {
		step_yield(self, pc);
		timeout_passed(deadline_ns);
		return;
	}
	self->deadline_ns = deadline_ns;
	/* A trace may be one of a search: there it sleeps as long as the trace says. */
	self->timed_out = session.replaying;
	step_slow(self, OP_YIELD, 0, 0, pc);
	self->deadline_ns = DEADLINE_NONE;
	timeout_passed(deadline_ns);
}

void step_ready(struct thread *thread)
{
	thread->phase = PHASE_UNANNOUNCED;
	bitset_add(&unannounced, thread->number);
	execution.quantum = 0;
}

void step_start(struct thread *thread)
{
	execution.quantum = 0;
	if (session.starts_are_choices)
		announce(thread, OP_START, 0, 0, thread->pc);
	else
		step_ready(thread);
}

void step_started(struct thread *self)
{
	if (self->phase == PHASE_RUNNING && self->op == OP_START)
		bitset_remove(&enabled, self->number);
	if (!session.recording)
		return;
	record_settle();
	record_operation(self, OP_START, (void *)(unsigned long)self->start, 0, 0);
}

void step_park(struct thread *self)
{
	record_settle();
	self->phase = PHASE_JOINING;
	step_reschedule(self);
	__builtin_unreachable();
}

void step_join(struct thread *self, const void *pc)
{
	record_settle();
	self->op = OP_JOIN;
	self->pc = pc;
	self->object = self->mutex = 0;
	self->phase = PHASE_JOINING;
	self->interrupts = self->open | self->at_point;
	step_reschedule(self);
}

bool step_is_visible(struct thread *self, const void *object)
{
	if (!session.learned)
		return true;
	if (execution.threads == 1)
		return false;
	/* A point of another thread may come between any two calls. */
	if (session.shared->config.point_count)
		return true;
	return sharing_access(&session.sharing, self, (uint64_t)object, 1, true);
}
