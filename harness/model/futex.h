/* futex.h - who waits at a futex, and who is woken.
 *
 * A futex is any aligned word of the program's memory, so the queues are kept aside: waiters of all
 * words of one hash in one list, oldest first.
 *
 * The kernel wakes in the order of the queue, but promises none. So a wake of fewer than all leaves
 * *tokens*, as a signal does (model/cond.h): each is for all who waited by then, and which of them
 * goes on is decided by the order in which they are scheduled. Such waiters are *contested*, until
 * they go on. A token lies with the youngest waiter that it is for: it is for that one and all
 * before it. A wake of all who have no token *releases* those of them who are not contested: they
 * are in no queue any more, and nobody is in their way.
 *
 * A wake by a bitset that not everybody's has a bit of, and a requeue, need to know who is left:
 * for them those whose tokens are open are told at once, and where they take some only, too: the
 * lowest of the matching. That keeps the outcome independent of the order in which waits came, but
 * leaves out other choices: `chosen` says where there were any.
 *
 * What is announced of an operation, in a thread and in an event of a search: OP_FUTEX_WAIT:
 * `expected` the value, `wait_number` the bitset; OP_FUTEX_WAKE and OP_FUTEX_WAKE_BITSET:
 * `wait_number` how many, `expected` the bitset; OP_FUTEX_REQUEUE: `expected` the value where it
 * has bytes, `wait_number` futex_counts(); OP_FUTEX_WAKE_OP: `wait_number` futex_counts() of the
 * other word and its own. OP_FUTEX_WOKEN: where it was contested at another word before a requeue,
 * `mutex` is that word.
 */
#ifndef HEDDLE_MODEL_FUTEX_H
#define HEDDLE_MODEL_FUTEX_H

#include <stdbool.h>
#include <stdint.h>

#define FUTEX_BYTES	 4u
#define FUTEX_ANY	 UINT32_MAX
#define FUTEX_SLOTS	 64u
#define FUTEX_COUNT_BITS 16u
/* More than there are threads. */
#define FUTEX_COUNT_MAX ((1u << FUTEX_COUNT_BITS) - 1)

struct futex_waiter {
	struct futex_waiter *before, *next; /* in the list of its hash */
	const void *word;
	uint32_t bitset;
	uint32_t name; /* of its thread: for the lowest */
	uint32_t tokens;
	bool waits; /* in a queue */
	bool contested, released;
};

struct futexes {
	struct futex_list {
		struct futex_waiter *first, *last;
	} lists[FUTEX_SLOTS];
};

/* Begins to wait. Requires: `waiter` is in no queue; `name` is set. */
void futex_enqueue(struct futexes *futexes, struct futex_waiter *waiter, const void *word,
		   uint32_t bitset);

/* True when it is released, or there is a token for it. */
bool futex_may_wake(const struct futex_waiter *waiter);

/* Stops waiting. True where it was woken: else the time was up. */
bool futex_leave(struct futexes *futexes, struct futex_waiter *waiter);

/* Whether somebody waits at `word` without a token who has a bit of `bitset`. */
bool futex_has_waiter(const struct futexes *futexes, const void *word, uint32_t bitset);

/* Wakes `count` of those who wait without a token, or all. Returns how many. */
uint32_t futex_wake(struct futexes *futexes, const void *word, uint32_t count);

/* Wakes `count` of those who have a bit of `bitset`, and moves `move` of those left to `other`,
 * where not null. */
struct futex_taken {
	uint32_t count; /* of both */
	uint32_t moved;
	bool any;    /* somebody matched, if only one who had a token */
	bool chosen; /* there were others who could have been taken */
};
struct futex_taken futex_take(struct futexes *futexes, const void *word, uint32_t bitset,
			      uint32_t count, const void *other, uint32_t move);

static inline uint32_t futex_counts(uint32_t first, uint32_t second)
{
	return first | second << FUTEX_COUNT_BITS;
}

static inline uint32_t futex_first(uint32_t counts)
{
	return counts & FUTEX_COUNT_MAX;
}

static inline uint32_t futex_second(uint32_t counts)
{
	return counts >> FUTEX_COUNT_BITS;
}

#endif
