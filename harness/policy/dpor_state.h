/* dpor_state.h - what the objects would be like, had some events and all that happens after them
 * not taken place. Between the files of the reduction. */
#ifndef HEDDLE_POLICY_DPOR_STATE_H
#define HEDDLE_POLICY_DPOR_STATE_H

#include "model/word.h"
#include "policy/dpor.h"

/* The events that would still have taken place, one after the other. */
struct dpor_remaining {
	const struct dpor *dpor;
	const struct dpor_without *left;
	uint32_t without, skip, at;
	bool plainly;	 /* the event is to be carried out, not interrupted */
	uint32_t always; /* so many are left out in any case */
};

/* Who would hold a read-write lock. */
struct dpor_holders {
	int64_t readers;
	bool writer;
};

/* What is known of some bytes, at most 8. */
struct dpor_bytes {
	const char *at;
	uint32_t count;
	uint64_t value, known; /* known: 0xff for each byte that is */
};

/* True where it takes the mutex. */
bool dpor_is_acquire(const struct dpor_event *event, const void *mutex);

/* True where its `number` tells what the mutex was like before it. */
bool dpor_is_on_mutex(const struct dpor_event *event, const void *mutex);

/* Each for the object of `event`, an executed or a pending one; `mutex`, which may be another. */
bool dpor_mutex_would_be_free(struct dpor_remaining r, const void *mutex,
			      const struct dpor_event *event);
bool dpor_would_wake(struct dpor_remaining r, const struct dpor_event *event);
bool dpor_signal_would_wake(struct dpor_remaining r, const void *cond);
int64_t dpor_sem_would_be(struct dpor_remaining r, const struct dpor_event *event);
enum once_word dpor_once_would_be(struct dpor_remaining r, const struct dpor_event *event);
struct dpor_holders dpor_rwlock_would_be(struct dpor_remaining r, const struct dpor_event *event);

/* Whether they would all be known. What nobody has touched is as a pending operation finds it at
 * the end; `pending` may be null. */
bool dpor_bytes_would_be(struct dpor_remaining r, struct dpor_bytes *bytes,
			 const struct dpor_event *pending);

/* Whether a waiter at a futex would be woken, and somebody else could be in its stead, and what it
 * would have announced that on; whether a wake would wake anybody. */
bool dpor_futex_would_go(struct dpor_remaining r, const struct dpor_event *woken);
bool dpor_futex_would_be_contested(struct dpor_remaining r, struct dpor_event *woken);
bool dpor_futex_would_wake(struct dpor_remaining r, const struct dpor_event *wake);
/* What would interrupt the event: dpor_interrupt.c. */
uint64_t dpor_would_interrupt(struct dpor_remaining r, const struct dpor_event *event);

/* Whether something would have been sent to the thread that is told by `word`. */
bool dpor_would_be_sent(struct dpor_remaining r, const void *word);

/* Whether the thread would have ended. */
bool dpor_would_have_ended(struct dpor_remaining r, uint32_t thread);

/* The next event that would still have taken place, and which one; null at the end. */
const struct dpor_event *dpor_remaining_next(struct dpor_remaining *r, uint32_t *index);

/* Where the value is not known, as if it did. */
bool dpor_exchange_would_succeed(struct dpor_remaining r, const struct dpor_event *event);

#endif
