/* futex_step.h - the operations on futexes: a step, then the model. Results are the kernel's: a
 * count, or an error, negated. Deadlines are virtual time, or DEADLINE_NONE; counts at most
 * FUTEX_COUNT_MAX. */
#ifndef HEDDLE_SESSION_FUTEX_STEP_H
#define HEDDLE_SESSION_FUTEX_STEP_H

#include "session/session.h"

/* Waits where `*word` is `value`. */
long futex_step_wait(struct thread *self, uint32_t *word, uint32_t value, uint32_t bitset,
		     uint64_t deadline_ns, const void *pc);

/* Wakes `count`. */
long futex_step_wake(struct thread *self, uint32_t *word, uint32_t count, const void *pc);
long futex_step_wake_bitset(struct thread *self, uint32_t *word, uint32_t count, uint32_t bitset,
			    const void *pc);

/* Wakes `wake`, and lets `move` of those left wait at `other` instead. With `value`, only where
 * `*word` is that. */
struct futex_requeue {
	uint32_t *word, *other;
	uint32_t wake, move;
	const uint32_t *value;
};
long futex_step_requeue(struct thread *self, const struct futex_requeue *how, const void *pc);

/* Changes `*other` and wakes `wake` at `word`, and `wake_other` at `other` where what was found
 * there compares: as `coded` says (FUTEX_OP in linux/futex.h). */
struct futex_wake_op {
	uint32_t *word, *other;
	uint32_t wake, wake_other, coded;
};
long futex_step_wake_op(struct thread *self, const struct futex_wake_op *how, const void *pc);

#endif
