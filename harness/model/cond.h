/* cond.h - what a condition variable is while a program is controlled.
 *
 * POSIX lets a signal wake any thread that waits at that moment. The model says so without
 * choosing: a signal leaves a *token*, and every thread that waited when it was issued may take it.
 * Which one does is decided by the order in which they are scheduled, so that a search over
 * schedules is a search over wakeups too, and counts none twice.
 *
 * Waiters are numbered in the order in which they began to wait. All those that may take a token
 * began before it, so a token is one number: the last waiter that it is for. Tokens are kept in the
 * order of issue, which is ascending; equal ones are counted. There are never more tokens than
 * waiters.
 *
 * Lives in the program's own pthread_cond_t; all zero is the state after PTHREAD_COND_INITIALIZER.
 */
#ifndef HEDDLE_MODEL_COND_H
#define HEDDLE_MODEL_COND_H

#include <stdbool.h>
#include <stdint.h>

#define COND_TOKENS_INLINE 3

struct cond_tokens {
	uint32_t last;	/* for waiters 1..last */
	uint32_t count; /* how many of these; 0: free entry */
};

struct cond_more {
	uint64_t room;
	struct cond_tokens list[];
};

/* Laid over pthread_cond_t (48 bytes). */
struct cond {
	/* COND_KNOWN, plus 1 where timed waits use CLOCK_MONOTONIC; or COND_DESTROYED; else the C
	 * library's state: adopt.h. */
	uint32_t clock;
	uint32_t numbers; /* waiters so far */
	uint32_t waiters; /* waiting now, those with a token for them too */
	uint32_t tokens;  /* sum of all counts; <= waiters */
	struct cond_tokens list[COND_TOKENS_INLINE];
	/* Entries beyond the inline ones; owned by whoever gave them. */
	struct cond_more *more;
};

#define COND_DESTROYED 0x64656164u
#define COND_KNOWN     0x6b6e6f76u

/* The same memory after its end, until it is made anew. */
struct cond_destroyed {
	uint32_t clock, thread; /* who did it, plus 1 */
	const void *place;
};

/* Begins to wait: returns the waiter's number. */
uint32_t cond_enqueue(struct cond *cond);

/* True when a token is there for waiter `number`. */
bool cond_may_wake(const struct cond *cond, uint32_t number);

/* How many tokens are for waiter `number` or one that came after it. */
uint32_t cond_tokens_from(const struct cond *cond, uint32_t number);

/* Takes the oldest token for waiter `number`, which stops waiting. Requires: cond_may_wake(). */
void cond_wake(struct cond *cond, uint32_t number);

/* Stops waiting without a token (timeout, spurious wakeup). */
void cond_leave(struct cond *cond);

/* Issues `count` tokens, as many at most as there are waiters without one: 1 for a signal,
 * UINT32_MAX for a broadcast. Returns 0, or -1 when there is no entry free: then put a larger copy
 * of `more` in place and call again. */
int cond_issue(struct cond *cond, uint32_t count);

#endif
