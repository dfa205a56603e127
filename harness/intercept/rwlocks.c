/* rwlocks.c - pthread_rwlock_*. */
#include "intercept/interpose.h"
#include "machine/real.h"
#include "session/clock.h"
#include "session/lifetimes.h"
#include "session/sync.h"

#include <errno.h>

INTERPOSE int pthread_rwlock_rdlock(pthread_rwlock_t *lock)
{
	struct thread *self = thread_controlled();

	if (!self)
		return real.pthread_rwlock_rdlock(lock);
	return sync_rdlock(self, lock, DEADLINE_NONE, RETURN_PC);
}

INTERPOSE int pthread_rwlock_wrlock(pthread_rwlock_t *lock)
{
	struct thread *self = thread_controlled();

	if (!self)
		return real.pthread_rwlock_wrlock(lock);
	return sync_wrlock(self, lock, DEADLINE_NONE, RETURN_PC);
}

INTERPOSE int pthread_rwlock_tryrdlock(pthread_rwlock_t *lock)
{
	struct thread *self = thread_controlled();

	if (!self)
		return real.pthread_rwlock_tryrdlock(lock);
	return sync_tryrdlock(self, lock, RETURN_PC);
}

INTERPOSE int pthread_rwlock_trywrlock(pthread_rwlock_t *lock)
{
	struct thread *self = thread_controlled();

	if (!self)
		return real.pthread_rwlock_trywrlock(lock);
	return sync_trywrlock(self, lock, RETURN_PC);
}

INTERPOSE int pthread_rwlock_timedrdlock(pthread_rwlock_t *restrict lock,
					 const struct timespec *restrict until)
{
	struct thread *self = thread_controlled();

	if (!self)
		return real.pthread_rwlock_timedrdlock(lock, until);
	return sync_rdlock(self, lock, clock_deadline(CLOCK_REALTIME, until), RETURN_PC);
}

INTERPOSE int pthread_rwlock_timedwrlock(pthread_rwlock_t *restrict lock,
					 const struct timespec *restrict until)
{
	struct thread *self = thread_controlled();

	if (!self)
		return real.pthread_rwlock_timedwrlock(lock, until);
	return sync_wrlock(self, lock, clock_deadline(CLOCK_REALTIME, until), RETURN_PC);
}

INTERPOSE int pthread_rwlock_clockrdlock(pthread_rwlock_t *restrict lock, clockid_t clock,
					 const struct timespec *restrict until)
{
	struct thread *self = thread_controlled();

	if (!self)
		return real.pthread_rwlock_clockrdlock(lock, clock, until);
	if (!clock_can_wait(clock))
		return EINVAL;
	return sync_rdlock(self, lock, clock_deadline(clock, until), RETURN_PC);
}

INTERPOSE int pthread_rwlock_clockwrlock(pthread_rwlock_t *restrict lock, clockid_t clock,
					 const struct timespec *restrict until)
{
	struct thread *self = thread_controlled();

	if (!self)
		return real.pthread_rwlock_clockwrlock(lock, clock, until);
	if (!clock_can_wait(clock))
		return EINVAL;
	return sync_wrlock(self, lock, clock_deadline(clock, until), RETURN_PC);
}

INTERPOSE int pthread_rwlock_unlock(pthread_rwlock_t *lock)
{
	struct thread *self = thread_controlled();

	if (!self)
		return real.pthread_rwlock_unlock(lock);
	return sync_rwunlock(self, lock, RETURN_PC);
}

INTERPOSE int pthread_rwlock_init(pthread_rwlock_t *restrict lock,
				  const pthread_rwlockattr_t *restrict attr)
{
	struct thread *self = thread_controlled();

	if (!self)
		return real.pthread_rwlock_init(lock, attr);
	return lifetime_rwlock_init(self, lock, attr, RETURN_PC);
}

INTERPOSE int pthread_rwlock_destroy(pthread_rwlock_t *lock)
{
	struct thread *self = thread_controlled();

	if (!self)
		return real.pthread_rwlock_destroy(lock);
	return lifetime_rwlock_destroy(self, lock, RETURN_PC);
}
