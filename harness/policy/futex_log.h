/* futex_log.h - who waits at futexes, and for whom tokens are, after some events of an execution:
 * the rules of model/futex.h, by names of threads and for events instead of objects. */
#ifndef HEDDLE_POLICY_FUTEX_LOG_H
#define HEDDLE_POLICY_FUTEX_LOG_H

#include "policy/dpor.h"

struct futex_log {
	struct futex_log_thread {
		const void *word; /* null: in no queue */
		uint32_t bitset;
		uint32_t released; /* by which event; UINT32_MAX: it is not */
		bool contested;
		const void *announced, *origin; /* of its OP_FUTEX_WOKEN */
	} threads[DPOR_THREADS_MAX];
	struct futex_log_token {
		const void *word;
		uint64_t whom;
		uint32_t from;
	} tokens[DPOR_THREADS_MAX]; /* the oldest first */
	uint32_t count;
};

void futex_log_begin(struct futex_log *log);

/* Event number `index` comes next. */
void futex_log_add(struct futex_log *log, const struct dpor_event *event, uint32_t index);

/* The event that has woken the thread, or that has left the token that it would take; UINT32_MAX:
 * it has to wait. */
uint32_t futex_log_token(const struct futex_log *log, uint32_t thread);

/* True where somebody else might take its token. */
bool futex_log_is_contested(const struct futex_log *log, uint32_t thread);

/* What the thread's OP_FUTEX_WOKEN is on, in `woken`: a requeue may have changed that. */
void futex_log_place(const struct futex_log *log, struct dpor_event *woken);

/* Whether the wake would wake anybody. */
bool futex_log_would_wake(const struct futex_log *log, const struct dpor_event *wake);

#endif
