/*
 * guards.c - what C++ compilers call around the initialiser of a static object in a function.
 *
 * The real ones would wait in the kernel for a thread that cannot run, and order threads without a
 * word to anybody. The compiler's code reads the first byte of the guard before it calls: not 0
 * where the object is there (Itanium C++ ABI, 3.3.2). The rest is ours.
 */
#include "intercept/interpose.h"
#include "machine/real.h"
#include "session/access.h"
#include "session/sync.h"

INTERPOSE int __cxa_guard_acquire(struct static_guard *guard);
int __cxa_guard_acquire(struct static_guard *guard)
{
	struct thread *self = thread_controlled();

	if (self)
		return sync_guard_acquire(self, guard, RETURN_PC);
	while (!__atomic_load_n(&guard->is_made, __ATOMIC_ACQUIRE)) {
		int32_t none = 0;

		if (__atomic_compare_exchange_n(&guard->control, &none, 1, 0, __ATOMIC_ACQUIRE,
						__ATOMIC_RELAXED))
			return 1;
		real.sched_yield();
	}
	return 0;
}

static void end(struct static_guard *guard, uint8_t is_made, const void *pc)
{
	struct thread *self = thread_controlled();

	access_atomic(OP_ATOMIC_STORE, &guard->is_made, 1, __ATOMIC_RELEASE, pc);
	__atomic_store_n(&guard->is_made, is_made, __ATOMIC_RELEASE);
	if (self)
		sync_guard_end(self, guard, pc);
	else
		__atomic_store_n(&guard->control, 0, __ATOMIC_RELEASE);
}

INTERPOSE void __cxa_guard_release(struct static_guard *guard);
void __cxa_guard_release(struct static_guard *guard)
{
	end(guard, 1, RETURN_PC);
}

INTERPOSE void __cxa_guard_abort(struct static_guard *guard);
void __cxa_guard_abort(struct static_guard *guard)
{
	end(guard, 0, RETURN_PC);
}
