/* word.h - synchronisation objects that are one word: semaphores, spin locks, once controls. In the
 * C library's own values, so that its initialisers and questions (sem_init, sem_getvalue) work on
 * them as they are. */
#ifndef HEDDLE_MODEL_WORD_H
#define HEDDLE_MODEL_WORD_H

#include <stdbool.h>
#include <stdint.h>

#define SEM_WORD_MAX 0x7fffffffu

/* The value of a semaphore that has been destroyed: nobody waits for what will not come. */
#define SEM_DESTROYED 1

/* Held by the thread of a number where it is less than zero: -1 for 0, -2 for 1. */
enum spin_word {
	SPIN_UNKNOWN = 0, /* as the C library has a held one, and memory that nobody has touched */
	SPIN_FREE = 1,
	SPIN_DESTROYED = 2,
};

enum once_word {
	ONCE_NEW = 0,
	ONCE_RUNNING = 1,
	ONCE_DONE = 2,
};

static inline bool sem_may_wait(const uint32_t *value)
{
	return *value > 0;
}

static inline bool spin_is_free(const int32_t *lock)
{
	return *lock == SPIN_FREE || *lock == SPIN_DESTROYED;
}

static inline void spin_acquire(int32_t *lock, uint32_t thread)
{
	*lock = -1 - (int32_t)thread;
}

/* The thread that holds it, or -1. */
static inline int64_t spin_owner(const int32_t *lock)
{
	return *lock < 0 ? -1 - (int64_t)*lock : -1;
}

/* False while another thread runs the initialiser. */
static inline bool once_may_go(const int32_t *control)
{
	return *control != ONCE_RUNNING;
}

#endif
