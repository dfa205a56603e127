/* interrupt.h - what other threads can do to a thread wherever it is: send it a signal, or cancel
 * it.
 *
 * What was sent to a thread and not taken yet is a set, one bit for each signal, and one for the
 * cancellation. The operation that a thread has announced may be interrupted by some of them. Then
 * it can go on whatever its object is like, and does not carry the operation out: it takes a signal
 * and runs its handler, or ends. The one exception is a wait on a condition variable that is
 * cancelled: it has to get the mutex back before that (POSIX, pthread_cond_wait).
 */
#ifndef HEDDLE_MODEL_INTERRUPT_H
#define HEDDLE_MODEL_INTERRUPT_H

#include <stdint.h>

/* The C library keeps signal 32 for itself, to cancel threads with. */
#define INTERRUPT_CANCEL (UINT64_C(1) << 31)

static inline uint64_t interrupt_signal(int number)
{
	return UINT64_C(1) << (number - 1);
}

/* What of `due` comes first: a signal before a cancellation, for its handler may still be run. */
static inline uint64_t interrupt_first(uint64_t due)
{
	uint64_t signals = due & ~INTERRUPT_CANCEL;

	return signals ? signals & -signals : due;
}

/* What a call does after a handler has been run. */
enum interrupt_way {
	INTERRUPT_GOES_ON,  /* it waits on: locks, condition variables */
	INTERRUPT_RESTARTS, /* where the handler was installed with SA_RESTART; else it fails: EINTR
			     */
	INTERRUPT_FAILS,
};

#endif
