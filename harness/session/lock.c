#include "session/lock.h"

#include "machine/syscall.h"
#include "session/session.h"

#include <time.h>

static uint32_t own(void)
{
	return session.worker_index + 1;
}

void lock_take(void)
{
	struct timespec pause = {.tv_nsec = 50000};
	uint32_t nobody = 0;

	while (!__atomic_compare_exchange_n(&session.shared->lock, &nobody, own(), 0,
					    __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
		sys_call2(SYS_nanosleep, &pause, 0);
		nobody = 0;
	}
}

void lock_release(void)
{
	__atomic_store_n(&session.shared->lock, 0, __ATOMIC_RELEASE);
}

int lock_inherited(void)
{
	return __atomic_load_n(&session.shared->lock, __ATOMIC_ACQUIRE) == own();
}
