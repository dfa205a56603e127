/*
 * pace.c - see pace.h.
 *
 * The clock moves in each event, so what is asked there has to be one comparison: with the first
 * deadline of all, or an earlier time where the thread that had it has gone on meanwhile. Only when
 * that has come is everybody looked at. As each event is compared, it depends on no run of events
 * that the policy has granted at once when somebody times out, and a replay, which asks before each
 * event, comes to the same.
 */
#include "session/pace.h"

#include "base/rng.h"
#include "session/step.h"
#include "session/timeouts.h"
#include "session/timers.h"

#include <errno.h>

/* A stream of its own, apart from those of the schedules. */
#define PACE_STREAM 0x7061636500ul

/* An operation takes from 3/4 to 5/4 of a microsecond. */
#define OPERATION_NS_MIN 750u
#define OPERATION_SPREAD 500u
#define ACCESSES_LOG	 6u

/* After so many yields with nobody timing out meanwhile one takes twice as long, and after so many
 * more again twice as long: an hour has passed after a million. */
#define YIELDS_LOG   16u
#define DOUBLING_MAX 20u

void pace_begin(bool passes)
{
	struct rng rng = rng_stream(session.shared->config.seed ^ PACE_STREAM, 0);

	execution.look_ns = DEADLINE_NONE;
	if (!passes)
		return;
	session.operation_ns = OPERATION_NS_MIN + rng_below(&rng, OPERATION_SPREAD);
	session.access_ns = session.operation_ns >> ACCESSES_LOG;
}

void pace_yielded(void)
{
	uint32_t doublings = execution.yields >> YIELDS_LOG;

	if (doublings > DOUBLING_MAX)
		doublings = DOUBLING_MAX;
	else
		execution.yields++;
	execution.now_ns += ((uint64_t)session.operation_ns << doublings) - session.operation_ns;
}

void pace_announced(const struct thread *thread)
{
	if (thread->deadline_ns == DEADLINE_NONE || !session.operation_ns)
		return;
	execution.yields = 0;
	if (thread->deadline_ns < execution.look_ns)
		execution.look_ns = thread->deadline_ns;
}

static bool waits_for_time(const struct thread *thread)
{
	return thread->phase == PHASE_PENDING && thread->deadline_ns != DEADLINE_NONE &&
	       !thread->timed_out;
}

static void timeouts_pass(void)
{
	uint64_t next_ns = DEADLINE_NONE;

	for (uint32_t i = 0; i < execution.threads; i++) {
		struct thread *thread = &threads[i];

		if (!waits_for_time(thread))
			continue;
		if (thread->deadline_ns <= execution.now_ns)
			step_timed_out(thread);
		else if (thread->deadline_ns < next_ns)
			next_ns = thread->deadline_ns;
	}
	execution.yields = 0;
	execution.look_ns = next_ns;
}

void pace_look(void)
{
	uint64_t timer_ns;

	if (!session.operation_ns)
		return;
	if (pace_is_due())
		timeouts_pass();
	/* What is read from a timer is read without a deadline. */
	timer_ns = timers_next();
	if (timer_ns < execution.look_ns)
		execution.look_ns = timer_ns;
}

void pace_sleep(uint64_t until_ns)
{
	if (execution.now_ns >= until_ns)
		return;
	execution.slept_ns += until_ns - execution.now_ns;
	execution.now_ns = until_ns;
}

bool pace_jump(void)
{
	uint64_t timer_ns = timers_next();
	struct thread *first = 0;

	for (uint32_t i = 0; i < execution.threads; i++)
		if (waits_for_time(&threads[i]) &&
		    (!first || threads[i].deadline_ns < first->deadline_ns))
			first = &threads[i];
	if (timeout_has_parked())
		return false;
	if (timer_ns != DEADLINE_NONE && (!first || timer_ns <= first->deadline_ns)) {
		pace_sleep(timer_ns);
		timers_fire();
		return true;
	}
	if (!first || first->ends_elsewhere)
		return false;
	pace_sleep(first->deadline_ns);
	step_timed_out(first);
	return true;
}

/* A wait that was signalled is told from one that timed out by its value. */
void pace_replay(struct thread *thread)
{
	const struct replay_step *step = &session.replay.steps[session.replay.at];

	if (!waits_for_time(thread) || step_is_enabled(thread) ||
	    (step->op == OP_WAKE && step->chosen != ETIMEDOUT))
		return;
	pace_sleep(thread->deadline_ns);
	step_timed_out(thread);
}
