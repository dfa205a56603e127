#include "model/rwlock.h"

#include <errno.h>
#include <limits.h>

int rwlock_misuse(const struct rwlock *lock, uint32_t thread)
{
	if (lock->mark == RWLOCK_DESTROYED)
		return 0;
	return lock->writer == (int32_t)thread + 1 ? EDEADLK : 0;
}

int rwlock_read(struct rwlock *lock)
{
	if (lock->readers == UINT_MAX)
		return EAGAIN;
	lock->readers++;
	lock->known++;
	return 0;
}

void rwlock_write(struct rwlock *lock, uint32_t thread)
{
	lock->writer = (int32_t)thread + 1;
}

int rwlock_release(struct rwlock *lock, uint32_t thread)
{
	if (lock->writer == (int32_t)thread + 1) {
		lock->writer = 0;
		return 0;
	}
	if (!lock->readers)
		return EPERM;
	lock->readers--;
	lock->known -= lock->known > 0;
	return 0;
}
