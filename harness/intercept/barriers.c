/* barriers.c - barriers, spin locks and once controls. Their initialisers are the C library's. */
#include "intercept/interpose.h"
#include "machine/real.h"
#include "session/sync.h"

#include <threads.h>

INTERPOSE int pthread_barrier_wait(pthread_barrier_t *barrier)
{
	struct thread *self = thread_controlled();

	if (!self)
		return real.pthread_barrier_wait(barrier);
	return sync_barrier_wait(self, barrier, RETURN_PC);
}

/* The C library's would wait for threads that it thinks are inside. */
INTERPOSE int pthread_barrier_destroy(pthread_barrier_t *barrier)
{
	return thread_controlled() ? 0 : real.pthread_barrier_destroy(barrier);
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
