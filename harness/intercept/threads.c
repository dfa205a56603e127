/* threads.c - pthread_create and what belongs to it. */
#include "intercept/interpose.h"
#include "machine/fiber.h"
#include "machine/memory.h"
#include "machine/real.h"
#include "session/interrupt.h"
#include "session/record.h"
#include "session/step.h"
#include "session/thread.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

INTERPOSE int pthread_create(pthread_t *created, const pthread_attr_t *attr, void *(*start)(void *),
			     void *argument)
{
	struct thread *self = thread_controlled();

	if (!self)
		return real.pthread_create(created, attr, start, argument);
	return thread_create(self, created, attr, start, argument, RETURN_PC);
}

INTERPOSE int pthread_join(pthread_t thread, void **result)
{
	struct thread *self = thread_controlled();

	if (!self)
		return real.pthread_join(thread, result);
	return thread_join(self, thread, result, DEADLINE_NONE, RETURN_PC);
}

INTERPOSE int pthread_detach(pthread_t thread)
{
	struct thread *self = thread_controlled();

	if (!self)
		return real.pthread_detach(thread);
	return thread_detach(self, thread, RETURN_PC);
}

INTERPOSE void pthread_exit(void *result)
{
	struct thread *self = thread_controlled();

	if (self) {
		self->result = result;
		interrupt_end(self);
	}
	real.pthread_exit(result);
}

INTERPOSE int sched_yield(void)
{
	struct thread *self = thread_controlled();

	if (!self)
		return real.sched_yield();
	step_yield(self, RETURN_PC);
	return 0;
}

INTERPOSE int pthread_setname_np(pthread_t named, const char *name)
{
	struct thread *self = thread_controlled(), *thread = thread_of(named);

	if (!self)
		return real.pthread_setname_np(named, name);
	if (!thread)
		return ESRCH;
	if (strlen(name) >= THREAD_NAME_BYTES)
		return ERANGE;
	memory_copy(thread->name, name, strlen(name) + 1);
	record_note(thread, OP_NAME, thread->name, thread->number, RETURN_PC);
	return 0;
}

INTERPOSE int pthread_getname_np(pthread_t named, char *name, size_t bytes)
{
	struct thread *self = thread_controlled(), *thread = thread_of(named);

	if (!self)
		return real.pthread_getname_np(named, name, bytes);
	if (!thread)
		return ESRCH;
	if (strlen(thread->name) >= bytes)
		return ERANGE;
	memory_copy(name, thread->name, strlen(thread->name) + 1);
	return 0;
}

INTERPOSE int pthread_getattr_np(pthread_t asked, pthread_attr_t *attr)
{
	struct thread *self = thread_controlled(), *thread = thread_of(asked);
	char *low;

	if (!self || !thread)
		return real.pthread_getattr_np(asked, attr);
	pthread_attr_init(attr);
	low = thread->fiber->stack_low + FIBER_GUARD_BYTES;
	pthread_attr_setstack(attr, low, (size_t)(thread->fiber->stack_high - low));
	if (thread->detached)
		pthread_attr_setdetachstate(attr, PTHREAD_CREATE_DETACHED);
	return 0;
}

INTERPOSE int pthread_key_create(pthread_key_t *key, void (*destructor)(void *))
{
	int error = real.pthread_key_create(key, thread_controlled() ? 0 : destructor);

	if (!error)
		thread_key_destructor(*key, destructor);
	return error;
}

INTERPOSE int pthread_key_delete(pthread_key_t key)
{
	thread_key_destructor(key, 0);
	return real.pthread_key_delete(key);
}
