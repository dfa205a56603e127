#include "model/mutex.h"

#include <errno.h>
#include <limits.h>

int64_t mutex_owner(const struct mutex *mutex)
{
	return mutex->lock ? (int64_t)mutex->owner - 1 : -1;
}

static bool is_owner(const struct mutex *mutex, uint32_t thread)
{
	return mutex->lock && mutex->owner == (int32_t)thread + 1;
}

static int deeper(struct mutex *mutex)
{
	if (mutex->count == UINT_MAX)
		return EAGAIN;
	mutex->count++;
	return 0;
}

int mutex_relock(struct mutex *mutex, uint32_t thread)
{
	if (!is_owner(mutex, thread))
		return -1;
	switch (mutex_kind(mutex)) {
	case MUTEX_RECURSIVE:
		return deeper(mutex);
	case MUTEX_ERRORCHECK:
		return EDEADLK;
	case MUTEX_NORMAL:
	case MUTEX_ADAPTIVE:
		break;
	}
	/* A normal mutex deadlocks with itself: POSIX says so, and the report will too. */
	return -1;
}

int mutex_take(struct mutex *mutex, uint32_t thread)
{
	if (mutex_is_robust(mutex) && mutex->health == MUTEX_NOT_RECOVERABLE)
		return ENOTRECOVERABLE;
	mutex_acquire(mutex, thread);
	if (!mutex_is_robust(mutex) || mutex->health == MUTEX_SOUND)
		return 0;
	mutex->health = MUTEX_INCONSISTENT;
	return EOWNERDEAD;
}

void mutex_owner_died(struct mutex *mutex)
{
	mutex_release_all(mutex);
	mutex->health = MUTEX_OWNER_DIED;
}

int mutex_consistent(struct mutex *mutex, uint32_t thread)
{
	if (!mutex_is_robust(mutex) || mutex->health != MUTEX_INCONSISTENT ||
	    !is_owner(mutex, thread))
		return EINVAL;
	mutex->health = MUTEX_SOUND;
	return 0;
}

void mutex_acquire(struct mutex *mutex, uint32_t thread)
{
	mutex->lock = 1;
	mutex->owner = (int32_t)thread + 1;
	mutex->count = 1;
}

int mutex_try(struct mutex *mutex, uint32_t thread)
{
	if (mutex_is_free(mutex))
		return mutex_take(mutex, thread);
	if (mutex_kind(mutex) == MUTEX_RECURSIVE && is_owner(mutex, thread))
		return deeper(mutex);
	return EBUSY;
}

int mutex_release(struct mutex *mutex, uint32_t thread)
{
	enum mutex_kind kind = mutex_kind(mutex);

	if (mutex_checks_owner(mutex) && !is_owner(mutex, thread))
		return EPERM;
	if (kind == MUTEX_RECURSIVE && --mutex->count)
		return 0;
	mutex_release_all(mutex);
	return 0;
}

uint32_t mutex_release_all(struct mutex *mutex)
{
	uint32_t depth = mutex->count;

	mutex->lock = mutex->owner = 0;
	mutex->count = 0;
	if (mutex_is_robust(mutex) && mutex->health == MUTEX_INCONSISTENT)
		mutex->health = MUTEX_NOT_RECOVERABLE;
	return depth;
}

void mutex_retake(struct mutex *mutex, uint32_t thread, uint32_t depth)
{
	mutex_acquire(mutex, thread);
	mutex->count = depth ? depth : 1;
}
