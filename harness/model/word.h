/* word.h - synchronisation objects that are one word: semaphores, spin locks, once controls. In the
 * C library's own values, so that its initialisers and questions (sem_init, sem_getvalue) work on
 * them as they are. */
#ifndef HEDDLE_MODEL_WORD_H
#define HEDDLE_MODEL_WORD_H

#include <stdbool.h>
#include <stdint.h>

#define SEM_WORD_MAX 0x7fffffffu

enum spin_word {
	SPIN_HELD = 0,
	SPIN_FREE = 1,
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
	return *lock == SPIN_FREE;
}

/* False while another thread runs the initialiser. */
static inline bool once_may_go(const int32_t *control)
{
	return *control != ONCE_RUNNING;
}

#endif
