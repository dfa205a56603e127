/* ideal.h - the prefixes of the executions of one class, and who could go on after each.
 *
 * After some prefix of an execution, a number of events of each thread have taken place, and with
 * each event all that happen before it: an order ideal of the class's events. Which threads could
 * go on there is the same for all orders of the prefix, and known without executing it: a thread's
 * next operation is the one that it carried out next in the execution, or had announced at its end,
 * and whether it would have to wait follows from the events on its object.
 *
 * Requires that the execution is over and settled (policy/dpor.h), and valid until the next begins.
 */
#ifndef HEDDLE_POLICY_IDEAL_H
#define HEDDLE_POLICY_IDEAL_H

#include "model/word.h"
#include "policy/dpor.h"

/* Of 128 bits: two different things have the same one by a chance that nobody will live to see. */
struct digest {
	uint64_t half[2];
};

struct ideal_op {
	const struct dpor_event *event;
	const uint32_t *before; /* its thread announces it after these events */
	const uint32_t *clock; /* in this class it comes after these; null: it was announced only */
	struct digest name;    /* of the event: with its outcome and what it comes after */
	uint32_t watch, cond;  /* what tells whether it waits or succeeds, or UINT32_MAX */
};

/* The events that change whether an operation has to wait. */
struct ideal_watch {
	enum ideal_kind {
		IDEAL_MUTEX,
		IDEAL_SEMAPHORE,
		IDEAL_RWLOCK,
		IDEAL_ONCE,
		IDEAL_COND,
		IDEAL_FUTEXES,
		IDEAL_BARRIER,
		IDEAL_MEMORY,
	} kind;
	const void *object;
	uint32_t bytes;
	uint32_t first, count; /* in `relevant` */
	uint32_t at_first;     /* before all events: as dpor_event.number */
};

#define IDEAL_WATCHES_MAX  (1u << 14)
#define IDEAL_RELEVANT_MAX (1u << 22)

struct ideals {
	const struct dpor *dpor;
	uint32_t threads;
	struct ideal_op *ops;
	uint32_t first[DPOR_THREADS_MAX + 1]; /* thread's operations begin there in `ops` */
	uint32_t executed[DPOR_THREADS_MAX];  /* so many of them took place */
	struct ideal_watch *watches;
	uint32_t watch_count;
	uint32_t *relevant; /* events, by number */
	uint32_t relevant_count;
	uint32_t *guard_watches; /* by the number of the guard */
	/* The thread that ended the process in an orderly way, and its so-many-eth operation;
	 * UINT32_MAX for none. */
	uint32_t exiting, exit_at;
	bool exhausted; /* a table was too small: answers are not to be trusted */
};

void ideals_init(struct ideals *ideals, void *(*take)(size_t bytes));

/* The class of the execution that is over. */
void ideals_of(struct ideals *ideals, const struct dpor *dpor);

/* In what follows, `at` tells a prefix: how many events of each thread have taken place, those
 * before the first choice aside. */

/* True where the thread's next operation may come next in this class. */
bool ideal_may_follow(const struct ideals *ideals, uint32_t thread, const uint16_t *at);

/* True where the thread's next operation could come next, in whatever class. */
bool ideal_is_enabled(const struct ideals *ideals, uint32_t thread, const uint16_t *at);

/* The name of the event that this would be: two names, of which one is right, where its outcome
 * cannot be told. Returns how many. Requires: enabled. */
uint32_t ideal_name_next(const struct ideals *ideals, uint32_t thread, const uint16_t *at,
			 struct digest names[2]);

/* The name of the event that it would be where it went that way, other than the first. */
struct digest ideal_name_way(const struct ideals *ideals, uint32_t thread, const uint16_t *at,
			     uint32_t way);

/* How many events of the prefix are scarce: policy/dpor_choice.h. */
uint32_t ideal_scarce(const struct ideals *ideals, const uint16_t *at);

/* True where everything has taken place. */
bool ideal_is_whole(const struct ideals *ideals, const uint16_t *at);

/* A set's name is the sum of its members'. */
static inline struct digest digest_sum(struct digest a, struct digest b)
{
	return (struct digest){{a.half[0] + b.half[0], a.half[1] + b.half[1]}};
}

static inline bool digest_is(struct digest a, struct digest b)
{
	return a.half[0] == b.half[0] && a.half[1] == b.half[1];
}

/* The name of something together with a number. */
struct digest digest_with(struct digest name, uint64_t number);

/* ---- between the files */

/* The name of an event with that clock. */
struct digest ideal_event_name(const struct ideals *ideals, const struct dpor_event *event,
			       const uint32_t *clock);

/* True where no event of the class is on the watch's object; also for no watch, UINT32_MAX. */
bool ideal_is_untouched(const struct ideals *ideals, uint32_t watch);

/* Finds the watch, or makes it; UINT32_MAX where there is no room. `asking` is an operation on the
 * object, or null. */
uint32_t ideal_watch(struct ideals *ideals, enum ideal_kind kind, const void *object,
		     uint32_t bytes, const struct dpor_event *asking);

/* Whether anything has been sent to the thread that is told by `word`; also in all of the class,
 * for null. */
bool ideal_is_sent(const struct ideals *ideals, const void *word, const uint16_t *at);

/* The operation of one that may be interrupted, as it is there: interrupted, or what the thread
 * announced. */
struct dpor_event ideal_there(const struct ideals *ideals, const struct ideal_op *op,
			      const uint16_t *at);

/* The answers of a watch in a prefix. */
bool ideal_mutex_is_free(const struct ideals *ideals, uint32_t watch, const uint16_t *at);
enum once_word ideal_once(const struct ideals *ideals, uint32_t watch, const uint16_t *at);
int64_t ideal_semaphore(const struct ideals *ideals, uint32_t watch, const uint16_t *at);
bool ideal_may_lock(const struct ideals *ideals, uint32_t watch, const uint16_t *at, bool to_write);

/* Which signal's token a thread would take, as the number of the event: UINT32_MAX where there is
 * none. */
uint32_t ideal_token(const struct ideals *ideals, uint32_t watch, const uint16_t *at,
		     uint32_t thread);

/* The same at futexes; whether somebody else could take the thread's; whether a wake would wake
 * anybody. */
uint32_t ideal_futex_token(const struct ideals *ideals, uint32_t watch, const uint16_t *at,
			   uint32_t thread);
bool ideal_futex_is_contested(const struct ideals *ideals, uint32_t watch, const uint16_t *at,
			      uint32_t thread);
/* What its OP_FUTEX_WOKEN would be on. */
void ideal_futex_place(const struct ideals *ideals, uint32_t watch, const uint16_t *at,
		       struct dpor_event *woken);
bool ideal_futex_would_wake(const struct ideals *ideals, uint32_t watch, const uint16_t *at,
			    const struct dpor_event *wake);

/* True where all have arrived that do so in this generation. */
bool ideal_have_arrived(const struct ideals *ideals, uint32_t watch, const uint16_t *at,
			uint32_t generation);

/* Whether a signal would have somebody to wake. */
bool ideal_has_waiter(const struct ideals *ideals, uint32_t watch, const uint16_t *at);

/* The value of memory. False where it is not known. */
bool ideal_memory(const struct ideals *ideals, uint32_t watch, const uint16_t *at, uint64_t *value);

/* True where the event is part of the prefix. */
static inline bool ideal_has(const struct ideals *ideals, const struct dpor_event *event,
			     const uint16_t *at)
{
	return event->ordinal <= ideals->dpor->base_ordinals[event->thread] + at[event->thread];
}

#endif
