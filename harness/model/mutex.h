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
	int32_t kind;	 /* the low two bits are an enum mutex_kind; the rest are MUTEX_ROBUST... */
	int16_t ceiling; /* of a PTHREAD_PRIO_PROTECT one */
	int16_t health;	 /* of a robust one: enum mutex_health */
	/* Where it was locked under control, null where that is not known; where it was destroyed.
	 */
	const void *place;
	struct mutex *next; /* of the robust ones that its owner holds */
};

/* `kind` of one that has been destroyed, as the C library has it. */
#define MUTEX_DESTROYED (-1)

/* Bits of `kind`: the C library's numbers. */
#define MUTEX_ROBUST  16
#define MUTEX_INHERIT 32
#define MUTEX_PROTECT 64
#define MUTEX_SHARED  128

enum mutex_health {
	MUTEX_SOUND,
	MUTEX_OWNER_DIED,      /* free; who locks it next is told */
	MUTEX_INCONSISTENT,    /* held by one who was told */
	MUTEX_NOT_RECOVERABLE, /* free for ever: nobody gets it */
};

static inline bool mutex_is_robust(const struct mutex *mutex)
{
	return mutex->kind & MUTEX_ROBUST;
}

static inline bool mutex_is_destroyed(const struct mutex *mutex)
{
	return mutex->kind == MUTEX_DESTROYED;
}

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

/* What a lock comes to that finds it free: 0; EOWNERDEAD, and the mutex too; ENOTRECOVERABLE, and
 * not. */
int mutex_take(struct mutex *mutex, uint32_t thread);

/* The owner has ended with it. */
void mutex_owner_died(struct mutex *mutex);

/* pthread_mutex_consistent: 0, or EINVAL where there is nothing to be made consistent. */
int mutex_consistent(struct mutex *mutex, uint32_t thread);

/* Requires: free. */
void mutex_acquire(struct mutex *mutex, uint32_t thread);

/* pthread_mutex_trylock: 0, EBUSY, EAGAIN, or as mutex_take(). */
int mutex_try(struct mutex *mutex, uint32_t thread);

/* True where to unlock it is an error that the thread is told, when it is not its own. */
static inline bool mutex_checks_owner(const struct mutex *mutex)
{
	enum mutex_kind kind = mutex_kind(mutex);

	return kind == MUTEX_RECURSIVE || kind == MUTEX_ERRORCHECK || mutex_is_robust(mutex);
}

/* pthread_mutex_unlock: 0, or EPERM where a mutex that checks its owner is not the thread's own.
 * Another is unlocked whoever holds it, as the C library does. */
int mutex_release(struct mutex *mutex, uint32_t thread);

/* For a condition wait: gives the mutex up whole and returns its depth, to be handed to
 * mutex_retake(). */
uint32_t mutex_release_all(struct mutex *mutex);
void mutex_retake(struct mutex *mutex, uint32_t thread, uint32_t depth);

#endif
