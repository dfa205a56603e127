/* cancel.c - cancellation, and the ways to join that do not wait for ever. */
#include "intercept/find.h"
#include "intercept/interpose.h"
#include "session/clock.h"
#include "session/interrupt.h"
#include "session/thread.h"

#include <pthread.h>

/* For a program that is not controlled. */

INTERPOSE int pthread_cancel(pthread_t thread)
{
	struct thread *self = thread_controlled();

	if (!self)
		return REAL(int, "pthread_cancel", (pthread_t))(thread);
	return interrupt_cancel(self, thread, RETURN_PC);
}

INTERPOSE int pthread_setcancelstate(int state, int *old)
{
	struct thread *self = thread_controlled();

	if (!self)
		return REAL(int, "pthread_setcancelstate", (int, int *))(state, old);
	return interrupt_set_state(self, state, old, RETURN_PC);
}

INTERPOSE int pthread_setcanceltype(int type, int *old)
{
	struct thread *self = thread_controlled();

	if (!self)
		return REAL(int, "pthread_setcanceltype", (int, int *))(type, old);
	return interrupt_set_type(self, type, old, RETURN_PC);
}

INTERPOSE void pthread_testcancel(void)
{
	struct thread *self = thread_controlled();

	if (!self) {
		REAL(void, "pthread_testcancel", (void))();
		return;
	}
	interrupt_point_begin(self, INTERRUPT_GOES_ON);
	interrupt_test(self, INTERRUPT_TEST, RETURN_PC);
	interrupt_point_end(self);
}

INTERPOSE int pthread_tryjoin_np(pthread_t thread, void **result)
{
	struct thread *self = thread_controlled();

	if (!self)
		return REAL(int, "pthread_tryjoin_np", (pthread_t, void **))(thread, result);
	return thread_try_join(self, thread, result, RETURN_PC);
}

INTERPOSE int pthread_timedjoin_np(pthread_t thread, void **result, const struct timespec *until)
{
	struct thread *self = thread_controlled();

	if (!self)
		return REAL(int, "pthread_timedjoin_np",
			    (pthread_t, void **, const struct timespec *))(thread, result, until);
	return thread_join(self, thread, result, clock_deadline(CLOCK_REALTIME, until), RETURN_PC);
}

INTERPOSE int pthread_clockjoin_np(pthread_t thread, void **result, clockid_t clock,
				   const struct timespec *until)
{
	struct thread *self = thread_controlled();

	if (!self)
		return REAL(int, "pthread_clockjoin_np",
			    (pthread_t, void **, clockid_t, const struct timespec *))(
			thread, result, clock, until);
	return thread_join(self, thread, result, clock_deadline(clock, until), RETURN_PC);
}
