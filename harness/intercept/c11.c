/* c11.c - <threads.h>. The C library's own call its pthread functions by internal calls, so each
 * has its own place here. The types are the pthread ones under other names. */
#include "intercept/find.h"
#include "intercept/interpose.h"
#include "machine/real.h"
#include "session/clock.h"
#include "session/lifetimes.h"
#include "session/objects.h"
#include "session/step.h"
#include "session/thread.h"

#include <errno.h>
#include <threads.h>

_Static_assert(sizeof(mtx_t) == sizeof(pthread_mutex_t) && sizeof(cnd_t) == sizeof(pthread_cond_t),
	       "the models fit in the C11 objects");

/* For a program that is not controlled. */

static int as_thrd(int error)
{
	switch (error) {
	case 0:
		return thrd_success;
	case EBUSY:
		return thrd_busy;
	case ETIMEDOUT:
		return thrd_timedout;
	case ENOMEM:
	case EAGAIN:
		return thrd_nomem;
	default:
		return thrd_error;
	}
}

INTERPOSE int thrd_create(thrd_t *created, thrd_start_t start, void *argument)
{
	struct thread *self = thread_controlled();

	if (!self)
		return REAL(int, "thrd_create", (thrd_t *, thrd_start_t, void *))(created, start,
										  argument);
	/* An int result comes back in the same register as a pointer; thrd_join() takes its lower
	 * half. */
	return as_thrd(thread_create(self, created, 0, (void *(*)(void *))(void (*)(void))start,
				     argument, RETURN_PC));
}

INTERPOSE int thrd_join(thrd_t thread, int *result)
{
	struct thread *self = thread_controlled();
	void *value = 0;
	int error;

	if (!self)
		return REAL(int, "thrd_join", (thrd_t, int *))(thread, result);
	error = thread_join(self, thread, &value, DEADLINE_NONE, RETURN_PC);
	if (!error && result)
		*result = (int)(long)value;
	return as_thrd(error);
}

INTERPOSE int thrd_detach(thrd_t thread)
{
	struct thread *self = thread_controlled();

	if (!self)
		return REAL(int, "thrd_detach", (thrd_t))(thread);
	return as_thrd(thread_detach(self, thread, RETURN_PC));
}

INTERPOSE void thrd_exit(int result)
{
	pthread_exit((void *)(long)result);
}

INTERPOSE void thrd_yield(void)
{
	sched_yield();
}

INTERPOSE int thrd_sleep(const struct timespec *duration, struct timespec *left)
{
	struct thread *self = thread_controlled();

	if (!self)
		return REAL(int, "thrd_sleep",
			    (const struct timespec *, struct timespec *))(duration, left);
	return nanosleep(duration, left);
}

INTERPOSE int mtx_init(mtx_t *mutex, int type)
{
	struct thread *self = thread_controlled();
	pthread_mutexattr_t attr;

	if (!self)
		return REAL(int, "mtx_init", (mtx_t *, int))(mutex, type);
	pthread_mutexattr_init(&attr);
	if (type & mtx_recursive)
		pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_RECURSIVE);
	return as_thrd(lifetime_mutex_init(self, (pthread_mutex_t *)mutex, &attr, RETURN_PC));
}

INTERPOSE void mtx_destroy(mtx_t *mutex)
{
	struct thread *self = thread_controlled();

	if (self)
		lifetime_mutex_destroy(self, (pthread_mutex_t *)mutex, RETURN_PC);
	else
		REAL(void, "mtx_destroy", (mtx_t *))(mutex);
}

INTERPOSE int mtx_lock(mtx_t *mutex)
{
	struct thread *self = thread_controlled();

	if (!self)
		return REAL(int, "mtx_lock", (mtx_t *))(mutex);
	return as_thrd(object_mutex_lock(self, (pthread_mutex_t *)mutex, RETURN_PC));
}

INTERPOSE int mtx_trylock(mtx_t *mutex)
{
	struct thread *self = thread_controlled();

	if (!self)
		return REAL(int, "mtx_trylock", (mtx_t *))(mutex);
	return as_thrd(object_mutex_trylock(self, (pthread_mutex_t *)mutex, RETURN_PC));
}

INTERPOSE int mtx_timedlock(mtx_t *restrict mutex, const struct timespec *restrict until)
{
	struct thread *self = thread_controlled();

	if (!self)
		return REAL(int, "mtx_timedlock", (mtx_t *, const struct timespec *))(mutex, until);
	return as_thrd(object_mutex_timedlock(self, (pthread_mutex_t *)mutex,
					      clock_deadline(CLOCK_REALTIME, until), RETURN_PC));
}

INTERPOSE int mtx_unlock(mtx_t *mutex)
{
	struct thread *self = thread_controlled();

	if (!self)
		return REAL(int, "mtx_unlock", (mtx_t *))(mutex);
	return as_thrd(object_mutex_unlock(self, (pthread_mutex_t *)mutex, RETURN_PC));
}

INTERPOSE int cnd_init(cnd_t *cond)
{
	struct thread *self = thread_controlled();

	if (!self)
		return REAL(int, "cnd_init", (cnd_t *))(cond);
	return as_thrd(lifetime_cond_init(self, (pthread_cond_t *)cond, 0, RETURN_PC));
}

INTERPOSE void cnd_destroy(cnd_t *cond)
{
	struct thread *self = thread_controlled();

	if (self)
		lifetime_cond_destroy(self, (pthread_cond_t *)cond, RETURN_PC);
	else
		REAL(void, "cnd_destroy", (cnd_t *))(cond);
}

INTERPOSE int cnd_wait(cnd_t *cond, mtx_t *mutex)
{
	struct thread *self = thread_controlled();

	if (!self)
		return REAL(int, "cnd_wait", (cnd_t *, mtx_t *))(cond, mutex);
	return as_thrd(object_cond_wait(self, (pthread_cond_t *)cond, (pthread_mutex_t *)mutex,
					DEADLINE_NONE, RETURN_PC));
}

INTERPOSE int cnd_timedwait(cnd_t *restrict cond, mtx_t *restrict mutex,
			    const struct timespec *restrict until)
{
	struct thread *self = thread_controlled();

	if (!self)
		return REAL(int, "cnd_timedwait",
			    (cnd_t *, mtx_t *, const struct timespec *))(cond, mutex, until);
	return as_thrd(object_cond_wait(self, (pthread_cond_t *)cond, (pthread_mutex_t *)mutex,
					clock_deadline(CLOCK_REALTIME, until), RETURN_PC));
}

INTERPOSE int cnd_signal(cnd_t *cond)
{
	struct thread *self = thread_controlled();

	if (!self)
		return REAL(int, "cnd_signal", (cnd_t *))(cond);
	return as_thrd(object_cond_signal(self, (pthread_cond_t *)cond, RETURN_PC));
}

INTERPOSE int cnd_broadcast(cnd_t *cond)
{
	struct thread *self = thread_controlled();

	if (!self)
		return REAL(int, "cnd_broadcast", (cnd_t *))(cond);
	return as_thrd(object_cond_broadcast(self, (pthread_cond_t *)cond, RETURN_PC));
}
