/* mutex.h - what a mutex is while a program is controlled.
 *
 * The model lives in the program's own pthread_mutex_t, in the C library's places: so a static
 * initialiser, a memset to zero, a copy and a mutex that was locked before the program came under
 * control all mean what they should, and putting back the program's memory puts back its mutexes.
 * The real functions never operate on it while the program is controlled.
 *
 * States: free (lock 0, owner 0, count 0); held (lock 1, owner = thread number + 1, count >= 1).
 * Knows nothing of who waits: a thread waits by having announced a lock.
 */
#ifndef HEDDLE_MODEL_MUTEX_H
#define HEDDLE_MODEL_MUTEX_H

#include <stdbool.h>
#include <stdint.h>

/* The kinds in the C library's numbers (PTHREAD_MUTEX_TIMED_NP and so on). */
enum mutex_kind {
	MUTEX_NORMAL = 0,
	MUTEX_RECURSIVE = 1,
	MUTEX_ERRORCHECK = 2,
	MUTEX_ADAPTIVE = 3,
};

/* Laid over pthread_mutex_t; the first five fields are the C library's (nptl/bits/struct_mutex.h,
 * x86-64). */
struct mutex {
	int32_t lock;
	uint32_t count;
	int32_t owner; /* thread number + 1, or 0 */
	uint32_t users;
	int32_t kind; /* the low two bits are an enum mutex_kind; the rest (robust, priority,
			 shared) is kept */
	int16_t spins, elision;
	void *list[2];
};

static inline enum mutex_kind mutex_kind(const struct mutex *mutex)
{
	return (enum mutex_kind)(mutex->kind & 3);
}

static inline bool mutex_is_free(const struct mutex *mutex)
{
	return !mutex->lock;
}

/* The thread that holds it, or -1. */
int64_t mutex_owner(const struct mutex *mutex);

/* What POSIX has `thread` get from a lock without waiting: 0 and one level deeper for a recursive
 * mutex that it holds, EDEADLK for an error-checking one, EAGAIN at the greatest depth; -1 where
 * the lock has to be announced. */
int mutex_relock(struct mutex *mutex, uint32_t thread);

/* Requires: free. */
void mutex_acquire(struct mutex *mutex, uint32_t thread);

/* pthread_mutex_trylock: 0, EBUSY, or EAGAIN. */
int mutex_try(struct mutex *mutex, uint32_t thread);

/* pthread_mutex_unlock: 0, or EPERM where an error-checking or recursive mutex is not the thread's
 * own. A normal mutex is unlocked whoever holds it, as the C library does. */
int mutex_release(struct mutex *mutex, uint32_t thread);

/* For a condition wait: gives the mutex up whole and returns its depth, to be handed to
 * mutex_retake(). */
uint32_t mutex_release_all(struct mutex *mutex);
void mutex_retake(struct mutex *mutex, uint32_t thread, uint32_t depth);

#endif
