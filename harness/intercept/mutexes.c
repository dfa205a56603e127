/* mutexes.c - pthread_mutex_*. Under control the real object is never operated: session/objects.c.
 */
#include "intercept/interpose.h"
#include "machine/real.h"
#include "session/clock.h"
#include "session/lifetimes.h"
#include "session/objects.h"

#include <errno.h>

INTERPOSE int pthread_mutex_lock(pthread_mutex_t *mutex)
{
	struct thread *self = thread_controlled();

	if (!self)
		return real.pthread_mutex_lock(mutex);
	return object_mutex_lock(self, mutex, RETURN_PC);
}

INTERPOSE int pthread_mutex_trylock(pthread_mutex_t *mutex)
{
	struct thread *self = thread_controlled();

	if (!self)
		return real.pthread_mutex_trylock(mutex);
	return object_mutex_trylock(self, mutex, RETURN_PC);
}

INTERPOSE int pthread_mutex_timedlock(pthread_mutex_t *mutex, const struct timespec *until)
{
	struct thread *self = thread_controlled();

	if (!self)
		return real.pthread_mutex_timedlock(mutex, until);
	return object_mutex_timedlock(self, mutex, clock_deadline(CLOCK_REALTIME, until),
				      RETURN_PC);
}

INTERPOSE int pthread_mutex_clocklock(pthread_mutex_t *mutex, clockid_t clock,
				      const struct timespec *until)
{
	struct thread *self = thread_controlled();

	if (!self)
		return real.pthread_mutex_clocklock(mutex, clock, until);
	if (!clock_can_wait(clock))
		return EINVAL;
	return object_mutex_timedlock(self, mutex, clock_deadline(clock, until), RETURN_PC);
}

INTERPOSE int pthread_mutex_unlock(pthread_mutex_t *mutex)
{
	struct thread *self = thread_controlled();

	if (!self)
		return real.pthread_mutex_unlock(mutex);
	return object_mutex_unlock(self, mutex, RETURN_PC);
}

INTERPOSE int pthread_mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attr)
{
	struct thread *self = thread_controlled();

	if (!self)
		return real.pthread_mutex_init(mutex, attr);
	return lifetime_mutex_init(self, mutex, attr, RETURN_PC);
}

INTERPOSE int pthread_mutex_destroy(pthread_mutex_t *mutex)
{
	struct thread *self = thread_controlled();

	if (!self)
		return real.pthread_mutex_destroy(mutex);
	return lifetime_mutex_destroy(self, mutex, RETURN_PC);
}

INTERPOSE int pthread_mutex_consistent(pthread_mutex_t *mutex)
{
	struct thread *self = thread_controlled();

	if (!self)
		return real.pthread_mutex_consistent(mutex);
	return object_mutex_consistent(self, mutex);
}

INTERPOSE int pthread_mutex_getprioceiling(const pthread_mutex_t *restrict mutex,
					   int *restrict ceiling)
{
	if (!thread_controlled())
		return real.pthread_mutex_getprioceiling(mutex, ceiling);
	return object_mutex_ceiling(mutex, ceiling);
}

INTERPOSE int pthread_mutex_setprioceiling(pthread_mutex_t *restrict mutex, int ceiling,
					   int *restrict before)
{
	struct thread *self = thread_controlled();

	if (!self)
		return real.pthread_mutex_setprioceiling(mutex, ceiling, before);
	return object_mutex_set_ceiling(self, mutex, ceiling, before, RETURN_PC);
}
