/* semaphores.c - sem_*. sem_getvalue is the C library's: the value is where it keeps it. */
#include "intercept/interpose.h"
#include "machine/real.h"
#include "session/clock.h"
#include "session/lifetimes.h"
#include "session/sync.h"

#include <errno.h>

INTERPOSE int sem_wait(sem_t *sem)
{
	struct thread *self = thread_controlled();

	if (!self)
		return real.sem_wait(sem);
	return as_errno(sync_sem_wait(self, sem, DEADLINE_NONE, RETURN_PC));
}

INTERPOSE int sem_trywait(sem_t *sem)
{
	struct thread *self = thread_controlled();

	if (!self)
		return real.sem_trywait(sem);
	return as_errno(sync_sem_trywait(self, sem, RETURN_PC));
}

INTERPOSE int sem_timedwait(sem_t *restrict sem, const struct timespec *restrict until)
{
	struct thread *self = thread_controlled();

	if (!self)
		return real.sem_timedwait(sem, until);
	return as_errno(sync_sem_wait(self, sem, clock_deadline(CLOCK_REALTIME, until), RETURN_PC));
}

INTERPOSE int sem_clockwait(sem_t *restrict sem, clockid_t clock,
			    const struct timespec *restrict until)
{
	struct thread *self = thread_controlled();

	if (!self)
		return real.sem_clockwait(sem, clock, until);
	if (!clock_can_wait(clock))
		return as_errno(EINVAL);
	return as_errno(sync_sem_wait(self, sem, clock_deadline(clock, until), RETURN_PC));
}

INTERPOSE int sem_post(sem_t *sem)
{
	struct thread *self = thread_controlled();

	if (!self)
		return real.sem_post(sem);
	return as_errno(sync_sem_post(self, sem, RETURN_PC));
}

INTERPOSE int sem_init(sem_t *sem, int shared, unsigned value)
{
	struct thread *self = thread_controlled();

	if (!self)
		return real.sem_init(sem, shared, value);
	return as_errno(lifetime_sem_init(self, sem, shared, value, RETURN_PC));
}

INTERPOSE int sem_destroy(sem_t *sem)
{
	struct thread *self = thread_controlled();

	if (!self)
		return real.sem_destroy(sem);
	return as_errno(lifetime_sem_destroy(self, sem, RETURN_PC));
}
