/* barriers.c - barriers, spin locks and once controls. */
#include "intercept/interpose.h"
#include "machine/real.h"
#include "session/lifetimes.h"
#include "session/sync.h"

#include <threads.h>

INTERPOSE int pthread_barrier_wait(pthread_barrier_t *barrier)
{
	struct thread *self = thread_controlled();

	if (!self)
		return real.pthread_barrier_wait(barrier);
	return sync_barrier_wait(self, barrier, RETURN_PC);
}

INTERPOSE int pthread_barrier_init(pthread_barrier_t *restrict barrier,
				   const pthread_barrierattr_t *restrict attr, unsigned count)
{
	struct thread *self = thread_controlled();

	if (!self)
		return real.pthread_barrier_init(barrier, attr, count);
	return lifetime_barrier_init(self, barrier, attr, count, RETURN_PC);
}

/* The C library's would wait for threads that it thinks are inside. */
INTERPOSE int pthread_barrier_destroy(pthread_barrier_t *barrier)
{
	struct thread *self = thread_controlled();

	if (!self)
		return real.pthread_barrier_destroy(barrier);
	return lifetime_barrier_destroy(self, barrier, RETURN_PC);
}

INTERPOSE int pthread_spin_init(pthread_spinlock_t *lock, int shared)
{
	struct thread *self = thread_controlled();

	if (!self)
		return real.pthread_spin_init(lock, shared);
	return lifetime_spin_init(self, lock, shared, RETURN_PC);
}

INTERPOSE int pthread_spin_destroy(pthread_spinlock_t *lock)
{
	struct thread *self = thread_controlled();

	if (!self)
		return real.pthread_spin_destroy(lock);
	return lifetime_spin_destroy(self, lock, RETURN_PC);
}

INTERPOSE int pthread_spin_lock(pthread_spinlock_t *lock)
{
	struct thread *self = thread_controlled();

	if (!self)
		return real.pthread_spin_lock(lock);
	return sync_spin_lock(self, lock, RETURN_PC);
}

INTERPOSE int pthread_spin_trylock(pthread_spinlock_t *lock)
{
	struct thread *self = thread_controlled();

	if (!self)
		return real.pthread_spin_trylock(lock);
	return sync_spin_trylock(self, lock, RETURN_PC);
}

INTERPOSE int pthread_spin_unlock(pthread_spinlock_t *lock)
{
	struct thread *self = thread_controlled();

	if (!self)
		return real.pthread_spin_unlock(lock);
	return sync_spin_unlock(self, lock, RETURN_PC);
}

INTERPOSE int pthread_once(pthread_once_t *control, void (*initialise)(void))
{
	struct thread *self = thread_controlled();

	if (!self)
		return real.pthread_once(control, initialise);
	return sync_once(self, control, initialise, RETURN_PC);
}

INTERPOSE void call_once(once_flag *flag, void (*initialise)(void))
{
	pthread_once((pthread_once_t *)flag, initialise);
}
