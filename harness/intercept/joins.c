/*
 * joins.c - joins that do not wait, or not for ever.
 *
 * A thread's end is no event, so in an exhaustive search there is no order between it and a look at
 * whether it has come. There these wait as long as it takes, and the report says so; where it never
 * comes, the execution is one of those that are left out.
 */
#include "intercept/interpose.h"
#include "machine/real.h"
#include "session/clock.h"
#include "session/note.h"
#include "session/step.h"
#include "session/thread.h"

#include <dlfcn.h>
#include <errno.h>

#define REAL(result, name, parameters) ((result(*) parameters)dlsym(RTLD_NEXT, name))

static int searched_join(struct thread *self, pthread_t joined, void **result, const char *what,
			 const void *pc)
{
	int error;

	note_uncontrolled(what, pc);
	self->ends_elsewhere = true;
	error = thread_join(self, joined, result, pc);
	self->ends_elsewhere = false;
	return error;
}

/* The one that is joined ends in that time, or it does not. */
static int timed_join(struct thread *self, pthread_t joined, void **result, uint64_t deadline_ns,
		      const void *pc)
{
	struct thread *thread = thread_of(joined);

	if (session.learned)
		return searched_join(self, joined, result,
				     "a join with a deadline, in dpor and dfs", pc);
	if (thread && thread->phase != PHASE_ENDED)
		step_sleep(self, deadline_ns, pc);
	if (thread && thread->phase != PHASE_ENDED)
		return ETIMEDOUT;
	return thread_join(self, joined, result, pc);
}

INTERPOSE int pthread_tryjoin_np(pthread_t joined, void **result)
{
	struct thread *self = thread_controlled(), *thread = thread_of(joined);

	if (self && session.learned)
		return searched_join(self, joined, result, "pthread_tryjoin_np, in dpor and dfs",
				     RETURN_PC);
	if (self && thread && thread->phase != PHASE_ENDED) {
		step_yield(self, RETURN_PC);
		return EBUSY;
	}
	return pthread_join(joined, result);
}

INTERPOSE int pthread_timedjoin_np(pthread_t joined, void **result, const struct timespec *until)
{
	struct thread *self = thread_controlled();

	if (!self)
		return REAL(int, "pthread_timedjoin_np",
			    (pthread_t, void **, const struct timespec *))(joined, result, until);
	return timed_join(self, joined, result, clock_deadline(CLOCK_REALTIME, until), RETURN_PC);
}

INTERPOSE int pthread_clockjoin_np(pthread_t joined, void **result, clockid_t clock,
				   const struct timespec *until)
{
	struct thread *self = thread_controlled();

	if (!self)
		return REAL(int, "pthread_clockjoin_np",
			    (pthread_t, void **, clockid_t, const struct timespec *))(
			joined, result, clock, until);
	return timed_join(self, joined, result, clock_deadline(clock, until), RETURN_PC);
}
