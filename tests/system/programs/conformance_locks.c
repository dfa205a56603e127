/* The rows of mutexes and read-write locks: conformance.c. */
#include "conformance.h"

/* ---- mutexes */

pthread_mutex_t mutex;
static pthread_mutexattr_t mutexattr;

pthread_mutex_t *made(int type, int robust, int protocol)
{
	pthread_mutexattr_init(&mutexattr);
	pthread_mutexattr_settype(&mutexattr, type);
	pthread_mutexattr_setrobust(&mutexattr, robust);
	pthread_mutexattr_setprotocol(&mutexattr, protocol);
	memset(&mutex, 0, sizeof(mutex));
	pthread_mutex_init(&mutex, &mutexattr);
	return &mutex;
}

pthread_mutex_t *of_type(int type)
{
	return made(type, PTHREAD_MUTEX_STALLED, PTHREAD_PRIO_NONE);
}

pthread_mutex_t *held(int type)
{
	pthread_mutex_lock(of_type(type));
	return &mutex;
}

static void *lock(void *argument)
{
	return (void *)(long)pthread_mutex_lock(argument);
}

void *trylock(void *argument)
{
	return (void *)(long)pthread_mutex_trylock(argument);
}

static void *unlock(void *argument)
{
	return (void *)(long)pthread_mutex_unlock(argument);
}

static void *timedlock(void *argument)
{
	struct timespec until = past();

	return (void *)(long)pthread_mutex_timedlock(argument, &until);
}

static void *timedlock_wrong(void *argument)
{
	struct timespec until = wrong_time();

	return (void *)(long)pthread_mutex_timedlock(argument, &until);
}

static void *clocklock(void *argument)
{
	struct timespec until = {.tv_sec = 0};

	return (void *)(long)pthread_mutex_clocklock(argument, CLOCK_MONOTONIC, &until);
}

/* Its owner has ended with it. */
static pthread_mutex_t *orphan(int protocol)
{
	elsewhere(lock, made(PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_ROBUST, protocol));
	return &mutex;
}

static pthread_mutex_t *lost(void)
{
	pthread_mutex_lock(orphan(PTHREAD_PRIO_NONE));
	pthread_mutex_unlock(&mutex);
	return &mutex;
}

ROW(mutex_lock_normal, 0, { return pthread_mutex_lock(of_type(PTHREAD_MUTEX_NORMAL)); });
ROW(mutex_lock_default, 0, { return pthread_mutex_lock(of_type(PTHREAD_MUTEX_DEFAULT)); });
ROW(mutex_lock_checking, 0, { return pthread_mutex_lock(of_type(PTHREAD_MUTEX_ERRORCHECK)); });
ROW(mutex_lock_checking_again, EDEADLK,
    { return pthread_mutex_lock(held(PTHREAD_MUTEX_ERRORCHECK)); });
ROW(mutex_lock_recursive_again, 0, { return pthread_mutex_lock(held(PTHREAD_MUTEX_RECURSIVE)); });
ROW(mutex_lock_inherit, 0, {
	return pthread_mutex_lock(
		made(PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_STALLED, PTHREAD_PRIO_INHERIT));
});
ROW(mutex_lock_shared, 0, {
	of_type(PTHREAD_MUTEX_NORMAL);
	pthread_mutexattr_setpshared(&mutexattr, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&mutex, &mutexattr);
	pthread_mutex_lock(&mutex);
	return pthread_mutex_unlock(&mutex);
});
ROW(mutex_trylock, 0, { return pthread_mutex_trylock(of_type(PTHREAD_MUTEX_NORMAL)); });
ROW(mutex_trylock_held, EBUSY, { return elsewhere(trylock, held(PTHREAD_MUTEX_NORMAL)); });
ROW(mutex_trylock_own, EBUSY, { return pthread_mutex_trylock(held(PTHREAD_MUTEX_NORMAL)); });
ROW(mutex_trylock_checking, EBUSY,
    { return pthread_mutex_trylock(held(PTHREAD_MUTEX_ERRORCHECK)); });
ROW(mutex_trylock_recursive, 0, { return pthread_mutex_trylock(held(PTHREAD_MUTEX_RECURSIVE)); });
ROW(mutex_trylock_recursive_held, EBUSY,
    { return elsewhere(trylock, held(PTHREAD_MUTEX_RECURSIVE)); });
ROW(mutex_timedlock, 0, { return elsewhere(timedlock, of_type(PTHREAD_MUTEX_NORMAL)); });
ROW(mutex_timedlock_held, ETIMEDOUT, { return elsewhere(timedlock, held(PTHREAD_MUTEX_NORMAL)); });
ROW(mutex_timedlock_wrong, EINVAL,
    { return elsewhere(timedlock_wrong, held(PTHREAD_MUTEX_NORMAL)); });
ROW(mutex_timedlock_wrong_free, 0,
    { return elsewhere(timedlock_wrong, of_type(PTHREAD_MUTEX_NORMAL)); });
ROW(mutex_timedlock_checking, EDEADLK, { return (long)timedlock(held(PTHREAD_MUTEX_ERRORCHECK)); });
ROW(mutex_clocklock_held, ETIMEDOUT, { return elsewhere(clocklock, held(PTHREAD_MUTEX_NORMAL)); });
ROW(mutex_unlock, 0, { return pthread_mutex_unlock(held(PTHREAD_MUTEX_NORMAL)); });
ROW(mutex_unlock_checking, EPERM,
    { return pthread_mutex_unlock(of_type(PTHREAD_MUTEX_ERRORCHECK)); });
ROW(mutex_unlock_checking_held, EPERM,
    { return elsewhere(unlock, held(PTHREAD_MUTEX_ERRORCHECK)); });
ROW(mutex_unlock_recursive, EPERM,
    { return pthread_mutex_unlock(of_type(PTHREAD_MUTEX_RECURSIVE)); });
ROW(mutex_unlock_recursive_held, EPERM,
    { return elsewhere(unlock, held(PTHREAD_MUTEX_RECURSIVE)); });
ROW(mutex_unlock_recursive_twice, EPERM, {
	pthread_mutex_unlock(held(PTHREAD_MUTEX_RECURSIVE));
	return pthread_mutex_unlock(&mutex);
});
ROW(mutex_unlock_robust_held, EPERM, {
	pthread_mutex_lock(made(PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_ROBUST, PTHREAD_PRIO_NONE));
	return elsewhere(unlock, &mutex);
});
ROW(mutex_destroy, 0, { return pthread_mutex_destroy(of_type(PTHREAD_MUTEX_NORMAL)); });
ROW(mutex_init_again, 0, {
	pthread_mutex_destroy(of_type(PTHREAD_MUTEX_NORMAL));
	pthread_mutex_init(&mutex, 0);
	return pthread_mutex_lock(&mutex);
});

/* ---- robust mutexes */

ROW(robust_lock, EOWNERDEAD, { return pthread_mutex_lock(orphan(PTHREAD_PRIO_NONE)); });
ROW(robust_lock_inherit, EOWNERDEAD, { return pthread_mutex_lock(orphan(PTHREAD_PRIO_INHERIT)); });
ROW(robust_trylock, EOWNERDEAD, { return pthread_mutex_trylock(orphan(PTHREAD_PRIO_NONE)); });
ROW(robust_timedlock, EOWNERDEAD, { return (long)timedlock(orphan(PTHREAD_PRIO_NONE)); });
ROW(robust_consistent, 0, {
	pthread_mutex_lock(orphan(PTHREAD_PRIO_NONE));
	return pthread_mutex_consistent(&mutex);
});
ROW(robust_after_consistent, 0, {
	pthread_mutex_lock(orphan(PTHREAD_PRIO_NONE));
	pthread_mutex_consistent(&mutex);
	pthread_mutex_unlock(&mutex);
	return pthread_mutex_lock(&mutex);
});
ROW(robust_unlock, 0, {
	pthread_mutex_lock(orphan(PTHREAD_PRIO_NONE));
	return pthread_mutex_unlock(&mutex);
});
ROW(robust_not_recoverable, ENOTRECOVERABLE, { return pthread_mutex_lock(lost()); });
ROW(robust_not_recoverable_elsewhere, ENOTRECOVERABLE, { return elsewhere(lock, lost()); });
ROW(robust_not_recoverable_try, ENOTRECOVERABLE, { return pthread_mutex_trylock(lost()); });
ROW(robust_not_recoverable_destroy, 0, { return pthread_mutex_destroy(lost()); });
ROW(robust_held_by_other, EBUSY, {
	pthread_mutex_lock(orphan(PTHREAD_PRIO_NONE));
	return elsewhere(trylock, &mutex);
});
ROW(robust_dies_again, EOWNERDEAD, {
	elsewhere(lock, orphan(PTHREAD_PRIO_NONE));
	return pthread_mutex_lock(&mutex);
});
ROW(robust_unlocked_in_time, 0, {
	pthread_mutex_lock(made(PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_ROBUST, PTHREAD_PRIO_NONE));
	pthread_mutex_unlock(&mutex);
	elsewhere(trylock, &mutex);
	elsewhere(unlock, &mutex);
	return pthread_mutex_lock(&mutex) == EOWNERDEAD ? 0 : -1;
});
ROW(consistent_of_sound, EINVAL, {
	pthread_mutex_lock(made(PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_ROBUST, PTHREAD_PRIO_NONE));
	return pthread_mutex_consistent(&mutex);
});
ROW(consistent_of_plain, EINVAL, { return pthread_mutex_consistent(held(PTHREAD_MUTEX_NORMAL)); });

/* ---- priority ceilings */

static pthread_mutex_t *with_ceiling(void)
{
	pthread_mutexattr_init(&mutexattr);
	pthread_mutexattr_setprotocol(&mutexattr, PTHREAD_PRIO_PROTECT);
	pthread_mutexattr_setprioceiling(&mutexattr, 7);
	pthread_mutex_init(&mutex, &mutexattr);
	return &mutex;
}

static int ceiling;

ROW(getprioceiling_of_plain, EINVAL,
    { return pthread_mutex_getprioceiling(of_type(PTHREAD_MUTEX_NORMAL), &ceiling); });
ROW(setprioceiling_of_plain, EINVAL,
    { return pthread_mutex_setprioceiling(of_type(PTHREAD_MUTEX_NORMAL), 7, &ceiling); });
ROW(getprioceiling, 7, {
	pthread_mutex_getprioceiling(with_ceiling(), &ceiling);
	return ceiling;
});
ROW(setprioceiling_wrong, EINVAL,
    { return pthread_mutex_setprioceiling(with_ceiling(), 1000, &ceiling); });
ROW(setprioceiling_before, 7, {
	pthread_mutex_setprioceiling(with_ceiling(), 9, &ceiling);
	return ceiling;
});
ROW(setprioceiling_after, 9, {
	pthread_mutex_setprioceiling(with_ceiling(), 9, &ceiling);
	pthread_mutex_getprioceiling(&mutex, &ceiling);
	return ceiling;
});

/* ---- attributes of mutexes */

ROW(mutexattr_type_wrong, EINVAL, ATTR(pthread_mutexattr, pthread_mutexattr_settype, 99));
ROW(mutexattr_protocol_wrong, EINVAL, ATTR(pthread_mutexattr, pthread_mutexattr_setprotocol, 99));
ROW(mutexattr_shared_wrong, EINVAL, ATTR(pthread_mutexattr, pthread_mutexattr_setpshared, 99));
ROW(mutexattr_robust_wrong, EINVAL, ATTR(pthread_mutexattr, pthread_mutexattr_setrobust, 99));
ROW(mutexattr_ceiling_wrong, EINVAL,
    ATTR(pthread_mutexattr, pthread_mutexattr_setprioceiling, 999));
ROW(mutexattr_type, PTHREAD_MUTEX_DEFAULT, ATTR_IS(pthread_mutexattr, pthread_mutexattr_gettype));
ROW(mutexattr_protocol, PTHREAD_PRIO_NONE,
    ATTR_IS(pthread_mutexattr, pthread_mutexattr_getprotocol));
ROW(mutexattr_shared, PTHREAD_PROCESS_PRIVATE,
    ATTR_IS(pthread_mutexattr, pthread_mutexattr_getpshared));
ROW(mutexattr_robust, PTHREAD_MUTEX_STALLED,
    ATTR_IS(pthread_mutexattr, pthread_mutexattr_getrobust));

/* ---- read-write locks */

static pthread_rwlock_t rwlock;

static pthread_rwlock_t *rwlock_of(int kind)
{
	pthread_rwlockattr_t attr;

	pthread_rwlockattr_init(&attr);
	pthread_rwlockattr_setkind_np(&attr, kind);
	memset(&rwlock, 0, sizeof(rwlock));
	pthread_rwlock_init(&rwlock, &attr);
	return &rwlock;
}

static pthread_rwlock_t *rwlock_free(void)
{
	return rwlock_of(PTHREAD_RWLOCK_DEFAULT_NP);
}

static pthread_rwlock_t *rwlock_read(void)
{
	pthread_rwlock_rdlock(rwlock_free());
	return &rwlock;
}

static pthread_rwlock_t *rwlock_written(void)
{
	pthread_rwlock_wrlock(rwlock_free());
	return &rwlock;
}

#define RW(name)                                                                                   \
	static void *name(void *argument)                                                          \
	{                                                                                          \
		return (void *)(long)pthread_rwlock_##name(argument);                              \
	}
#define RW_UNTIL(name, call, when)                                                                 \
	static void *name(void *argument)                                                          \
	{                                                                                          \
		struct timespec until = when;                                                      \
                                                                                                   \
		return (void *)(long)call(argument, &until);                                       \
	}
RW(rdlock)
RW(tryrdlock)
RW(trywrlock)
RW_UNTIL(timedrdlock, pthread_rwlock_timedrdlock, past())
RW_UNTIL(timedwrlock, pthread_rwlock_timedwrlock, past())
RW_UNTIL(timedrdlock_wrong, pthread_rwlock_timedrdlock, wrong_time())
RW_UNTIL(timedwrlock_wrong, pthread_rwlock_timedwrlock, wrong_time())

ROW(rwlock_two_readers, 0, { return elsewhere(rdlock, rwlock_read()); });
ROW(rwlock_rdlock_twice, 0, { return pthread_rwlock_rdlock(rwlock_read()); });
ROW(rwlock_tryrdlock_read, 0, { return elsewhere(tryrdlock, rwlock_read()); });
ROW(rwlock_tryrdlock_written, EBUSY, { return elsewhere(tryrdlock, rwlock_written()); });
ROW(rwlock_trywrlock_read, EBUSY, { return elsewhere(trywrlock, rwlock_read()); });
ROW(rwlock_trywrlock_written, EBUSY, { return elsewhere(trywrlock, rwlock_written()); });
ROW(rwlock_trywrlock_own, EBUSY, { return pthread_rwlock_trywrlock(rwlock_read()); });
ROW(rwlock_trywrlock, 0, { return pthread_rwlock_trywrlock(rwlock_free()); });
ROW(rwlock_wrlock_own, EDEADLK, { return pthread_rwlock_wrlock(rwlock_written()); });
ROW(rwlock_rdlock_own, EDEADLK, { return pthread_rwlock_rdlock(rwlock_written()); });
ROW(rwlock_timedrdlock, ETIMEDOUT, { return elsewhere(timedrdlock, rwlock_written()); });
ROW(rwlock_timedrdlock_free, 0, { return elsewhere(timedrdlock, rwlock_read()); });
ROW(rwlock_timedwrlock, ETIMEDOUT, { return elsewhere(timedwrlock, rwlock_read()); });
ROW(rwlock_timedrdlock_wrong, EINVAL, { return elsewhere(timedrdlock_wrong, rwlock_written()); });
ROW(rwlock_timedwrlock_wrong, EINVAL, { return elsewhere(timedwrlock_wrong, rwlock_read()); });
ROW(rwlock_timedrdlock_own, EDEADLK, { return (long)timedrdlock(rwlock_written()); });
ROW(rwlock_unlock_read, 0, { return pthread_rwlock_unlock(rwlock_read()); });
ROW(rwlock_unlock_written, 0, { return pthread_rwlock_unlock(rwlock_written()); });
ROW(rwlock_destroy, 0, { return pthread_rwlock_destroy(rwlock_free()); });
ROW(rwlock_prefers_writers, 0, {
	pthread_rwlock_wrlock(rwlock_of(PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP));
	pthread_rwlock_unlock(&rwlock);
	return elsewhere(rdlock, &rwlock);
});
ROW(rwlockattr_shared_wrong, EINVAL, ATTR(pthread_rwlockattr, pthread_rwlockattr_setpshared, 99));
ROW(rwlockattr_shared, PTHREAD_PROCESS_PRIVATE,
    ATTR_IS(pthread_rwlockattr, pthread_rwlockattr_getpshared));
ROW(rwlockattr_kind_wrong, EINVAL, ATTR(pthread_rwlockattr, pthread_rwlockattr_setkind_np, 99));
