/*
 * timeouts.c - how the moment at which a wait ends by itself is chosen.
 *
 * A lock or semaphore that is waited for up to a deadline is a try-operation in an exhaustive
 * search: an event that is possible at any time. That it may also wait is nothing else than that
 * its turn comes later.
 *
 * A timed wait on a condition variable has two ends, and which it is decides the search when the
 * wait begins (policy/dpor_choice.h): one that times out does not have to be there for a signal,
 * since a signal that it took would have woken it. So it leaves at once and only has the mutex to
 * lock again: before or after anybody else does, also after a signal that came too late for it. One
 * that waits for its signal and gets none, so that all others stop, would time out then. That
 * execution is the same as one in which it was to time out from the start: it is given up, and not
 * counted.
 *
 * A program that goes on waiting after each timeout can do so for ever. So no thread times out more
 * often than config.timeouts_max in one execution. Each thread counts for itself: were it one
 * number for all, which of two timeouts comes first would make a difference where there is none.
 *
 * Spurious wakeups are few in number and can come to anybody, so there is one number for all.
 */
#include "session/timeouts.h"

#include "session/note.h"
#include "session/pace.h"
#include "session/record.h"
#include "session/reduction.h"
#include "session/step.h"

#include <errno.h>

/* A thread that has timed out so often with nobody else in sight lets others go on. */
#define ALONE 1000u

/* In a random search a wait ends by itself once in so many times. */
#define RARE 8u

/* Exhaustive, or the repetition of such a search's execution. */
static bool may_always_time_out(void)
{
	return session.learned || session.replaying;
}

static bool is_random_search(void)
{
	return session.explore && !session.learned;
}

static bool rarely(void)
{
	return !session.policy.choose(session.policy.state, RARE);
}

void timeout_begin(struct thread *self, uint64_t deadline_ns, bool now)
{
	self->deadline_ns = deadline_ns;
	self->timed_out = false;
	if (deadline_ns != DEADLINE_NONE)
		self->timed_out = may_always_time_out() || (!now && is_random_search() && rarely());
}

void timeout_passed(uint64_t deadline_ns)
{
	if (deadline_ns != DEADLINE_NONE)
		pace_sleep(deadline_ns);
}

/* False where the thread may not time out once more. */
static bool count(struct thread *self)
{
	if (!session.learned || self == execution.exiting_thread)
		return true;
	if (self->timeouts >= session.shared->config.timeouts_max) {
		session.shared->timeouts_cut = 1;
		return false;
	}
	self->timeouts++;
	return true;
}

static void park(struct thread *self) __attribute__((noreturn));
static void park(struct thread *self)
{
	execution.parked++;
	step_park(self);
}

int timeout_fail(struct thread *self, const void *object, uint64_t deadline_ns)
{
	reduction_failed(object);
	if (!count(self)) {
		/* As it has not been carried out: a replay does not come to it. */
		record_take_back();
		park(self);
	}
	record_value(ETIMEDOUT);
	timeout_passed(deadline_ns);
	return ETIMEDOUT;
}

/* ---- condition variables */

static bool has_spurious(void)
{
	return execution.spurious < session.shared->config.spurious_max;
}

/* The way that the trace says, where the last step was one of it. */
static enum wait_way replayed(void)
{
	const struct replay_state *replay = &session.replay;
	const struct replay_step *step;

	if (replay->diverged || !replay->at || replay->at > replay->count)
		return WAY_SIGNAL;
	step = &replay->steps[replay->at - 1];
	if (step->op != OP_WAIT || step->thread != execution.current->number ||
	    step->chosen > WAY_SPURIOUS)
		return WAY_SIGNAL;
	return (enum wait_way)step->chosen;
}

static enum wait_way random_way(bool is_timed)
{
	if (is_timed && is_random_search() && rarely())
		return WAY_TIMEOUT;
	return has_spurious() && rarely() ? WAY_SPURIOUS : WAY_SIGNAL;
}

static uint32_t choose(uint32_t ways, bool last_is_scarce)
{
	if (session.reducing)
		return reduction_choose(ways, last_is_scarce);
	return session.policy.choose(session.policy.state, ways);
}

static enum wait_way searched_way(struct thread *self, bool is_timed)
{
	const struct shared_config *config = &session.shared->config;
	/* A search by preemptions asks itself whether there is any left: policy/bounded.h. */
	bool may_time_out = is_timed && self->timeouts < config->timeouts_max,
	     is_spurious = config->by_preemptions ? config->spurious_max : has_spurious();
	uint32_t ways = 1u + may_time_out + is_spurious, way;

	if (is_timed && !may_time_out)
		session.shared->timeouts_cut = 1;
	self->ends_elsewhere = is_timed;
	way = ways > 1 ? choose(ways, is_spurious) : 0;
	if (!way)
		return WAY_SIGNAL;
	self->ends_elsewhere = false;
	return may_time_out && way == 1 ? WAY_TIMEOUT : WAY_SPURIOUS;
}

/* Before it begins: then it is to time out, whoever would signal. In an exhaustive search the clock
 * depends on what others do that is no event, so there it is only what has passed before all. */
static bool has_passed(uint64_t deadline_ns)
{
	return session.learned ? !deadline_ns : deadline_ns <= execution.now_ns;
}

/* As in `run`: where the process is ending, and where the search knows no ways. */
static bool is_without_ways(void)
{
	if (!session.learned)
		return execution.exiting ||
		       !(session.explore || session.shared->config.spurious_max);
	return execution.exiting;
}

static enum wait_way way_of(struct thread *self, uint64_t deadline_ns, bool is_visible)
{
	bool is_timed = deadline_ns != DEADLINE_NONE;

	if (session.replaying)
		return replayed();
	if (is_timed && has_passed(deadline_ns))
		return WAY_TIMEOUT;
	if (is_without_ways())
		return WAY_SIGNAL;
	if (!session.learned)
		return random_way(is_timed);
	/* Nobody can signal. */
	if (!is_visible)
		return is_timed ? WAY_TIMEOUT : WAY_SIGNAL;
	return searched_way(self, is_timed);
}

void timeout_prepare(bool is_visible)
{
	if (session.snapshot_wanted && session.learned && is_visible)
		carrier_call(REQUEST_SNAPSHOT);
}

bool timeout_lets_others(struct thread *self, uint64_t deadline_ns)
{
	return deadline_ns != DEADLINE_NONE && ++self->timeouts_alone % ALONE == 0;
}

enum wait_way timeout_way(struct thread *self, uint64_t deadline_ns, bool is_visible)
{
	enum wait_way way;

	self->ends_elsewhere = false;
	way = way_of(self, deadline_ns, is_visible);
	if (way == WAY_SPURIOUS)
		execution.spurious++;
	if (way != WAY_SIGNAL)
		record_value(way);
	self->timeout_counts = is_visible;
	return way;
}

void timeout_leave(struct thread *self, enum wait_way way, void *mutex, const void *pc)
{
	if (way != WAY_TIMEOUT || !self->timeout_counts || count(self))
		return;
	self->op = OP_LOCK;
	self->object = mutex;
	self->pc = pc;
	park(self);
}

void timeout_note(uint64_t deadline_ns, const void *pc)
{
	if (session.learned && deadline_ns != DEADLINE_NONE)
		note_uncontrolled("a timeout other than when nothing else can run", pc);
}

bool timeout_has_parked(void)
{
	return session.learned && execution.parked;
}

bool timeout_is_elsewhere(void)
{
	if (!session.learned)
		return false;
	for (uint32_t i = 0; i < execution.threads; i++)
		if ((threads[i].phase == PHASE_PENDING || threads[i].phase == PHASE_JOINING) &&
		    threads[i].ends_elsewhere)
			return true;
	return execution.parked;
}
