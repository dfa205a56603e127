/* futexes.h - futexes in little programs (unit/program.h): a plain second model.
 *
 * OP_FUTEX_WAIT waits where the low 4 bytes of `object` are `expected`, with the bitset `value`; it
 * fails elsewhere, and then `skip` is to leave out its OP_FUTEX_WOKEN. OP_FUTEX_WAKE wakes `value`,
 * OP_FUTEX_WAKE_BITSET of those who have a bit of `expected`. OP_FUTEX_REQUEUE wakes and moves to
 * the word `mutex` as many as futex_counts() in `value` say; with `exchange` only where the word is
 * `expected`. OP_FUTEX_WAKE_OP flips the lowest bit of `object`, and wakes so many at `mutex`, and
 * where `expected` was found so many at `object`.
 */
#ifndef HEDDLE_TESTS_FUTEXES_H
#define HEDDLE_TESTS_FUTEXES_H

#include "unit/program.h"

bool is_futex_op(enum op op);

/* Memory that the step looks at. */
uint32_t futexes_bytes(const struct step *step);

/* What the search is told of it. */
uint32_t futexes_number(const struct state *state, const struct step *step);

/* Whether the thread has been woken. */
bool futexes_could_go(const struct state *state, int thread);

/* Carries it out; whether it succeeded. */
bool futexes_apply(struct state *state, const struct step *step, int thread,
		   struct outcome *outcome);

#endif
