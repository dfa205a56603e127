/* conds.c - pthread_cond_*. Modelled whole: the C library's own wait takes the mutex by an internal
 * call. */
#include "intercept/interpose.h"
#include "machine/real.h"
#include "session/clock.h"
#include "session/lifetimes.h"
#include "session/objects.h"

#include <errno.h>

INTERPOSE int pthread_cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex)
{
	struct thread *self = thread_controlled();

	if (!self)
		return real.pthread_cond_wait(cond, mutex);
	return object_cond_wait(self, cond, mutex, DEADLINE_NONE, RETURN_PC);
}

INTERPOSE int pthread_cond_timedwait(pthread_cond_t *cond, pthread_mutex_t *mutex,
				     const struct timespec *until)
{
	struct thread *self = thread_controlled();

	if (!self)
		return real.pthread_cond_timedwait(cond, mutex, until);
	return object_cond_wait(self, cond, mutex, clock_deadline(object_cond_clock(cond), until),
				RETURN_PC);
}

INTERPOSE int pthread_cond_clockwait(pthread_cond_t *cond, pthread_mutex_t *mutex, clockid_t clock,
				     const struct timespec *until)
{
	struct thread *self = thread_controlled();

	if (!self)
		return real.pthread_cond_clockwait(cond, mutex, clock, until);
	if (!clock_can_wait(clock))
		return EINVAL;
	return object_cond_wait(self, cond, mutex, clock_deadline(clock, until), RETURN_PC);
}

INTERPOSE int pthread_cond_signal(pthread_cond_t *cond)
{
	struct thread *self = thread_controlled();

	if (!self)
		return real.pthread_cond_signal(cond);
	return object_cond_signal(self, cond, RETURN_PC);
}

INTERPOSE int pthread_cond_broadcast(pthread_cond_t *cond)
{
	struct thread *self = thread_controlled();

	if (!self)
		return real.pthread_cond_broadcast(cond);
	return object_cond_broadcast(self, cond, RETURN_PC);
}

INTERPOSE int pthread_cond_init(pthread_cond_t *cond, const pthread_condattr_t *attr)
{
	struct thread *self = thread_controlled();

	if (!self)
		return real.pthread_cond_init(cond, attr);
	return lifetime_cond_init(self, cond, attr, RETURN_PC);
}

INTERPOSE int pthread_cond_destroy(pthread_cond_t *cond)
{
	struct thread *self = thread_controlled();

	if (!self)
		return real.pthread_cond_destroy(cond);
	return lifetime_cond_destroy(self, cond, RETURN_PC);
}
