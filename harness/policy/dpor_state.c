/*
 * dpor_state.c - what the objects would be like, had one event and all that happens after it not
 * taken place.
 *
 * Decides whether an operation that waits could go there, and what an operation whose footprint
 * depends on its outcome would touch there. Only the events are replayed, not the program.
 */
#include "policy/dpor.h"

#include "model/word.h"

/* A condition variable: who waits, and for whom each token is. */
struct waiters {
	uint64_t waiting;
	uint64_t tokens[DPOR_THREADS_MAX];
	uint32_t from[DPOR_THREADS_MAX]; /* which event issued it */
	uint32_t count;
};

static void token_issue(struct waiters *w, uint32_t event, uint32_t count)
{
	uint32_t without = (uint32_t)__builtin_popcountl(w->waiting) - w->count;

	for (uint32_t i = 0; i < count && i < without; i++) {
		w->from[w->count] = event;
		w->tokens[w->count++] = w->waiting;
	}
}

/* Takes the oldest token for `thread`: which event it is from, or UINT32_MAX. */
static uint32_t token_take(struct waiters *w, uint32_t thread)
{
	uint64_t bit = 1ul << thread;
	uint32_t from = UINT32_MAX, kept = 0;

	for (uint32_t i = 0; i < w->count; i++) {
		if (from == UINT32_MAX && w->tokens[i] & bit) {
			from = w->from[i];
			continue;
		}
		w->from[kept] = w->from[i];
		w->tokens[kept++] = w->tokens[i] & ~bit;
	}
	w->count = kept;
	w->waiting &= ~bit;
	return from;
}

static uint32_t waiters_step(struct waiters *w, const struct dpor_event *event, uint32_t index)
{
	switch (event->op) {
	case OP_WAIT:
		w->waiting |= 1ul << event->thread;
		break;
	case OP_SIGNAL:
		token_issue(w, index, 1);
		break;
	case OP_BROADCAST:
		token_issue(w, index, UINT32_MAX);
		break;
	case OP_WAKE:
		return token_take(w, event->thread);
	default: /* all others leave condition variables alone */
		break;
	}
	return UINT32_MAX;
}

uint32_t dpor_token_of(const struct dpor *dpor, uint32_t wake)
{
	const struct dpor_event *event = &dpor->events[wake];
	struct waiters w = {.count = 0};
	uint32_t token = UINT32_MAX;

	for (uint32_t i = 0; i <= wake; i++)
		if (dpor->events[i].object == event->object)
			token = waiters_step(&w, &dpor->events[i], i);
	return token;
}

/* The events that would still have taken place, one after the other. */
struct remaining {
	const struct dpor *dpor;
	const struct dpor_without *left;
	uint32_t without, skip, at;
};

bool dpor_is_without(const struct dpor *dpor, const struct dpor_without *without, uint32_t index)
{
	for (uint32_t i = 0; i < without->count; i++)
		if (index == without->events[i] ||
		    (index > without->events[i] &&
		     dpor_happens_before(dpor, without->events[i], index)))
			return true;
	return false;
}

static const struct dpor_event *remaining_next(struct remaining *r, uint32_t *index)
{
	while (r->at < r->dpor->length) {
		uint32_t i = r->at++;

		if (i == r->skip || dpor_is_without(r->dpor, r->left, i))
			continue;
		*index = i;
		return &r->dpor->events[i];
	}
	return 0;
}

static bool is_acquire(const struct dpor_event *event, const void *mutex)
{
	if (event->op == OP_WAKE)
		return event->mutex == mutex;
	if (event->object != mutex)
		return false;
	return event->op == OP_LOCK || event->op == OP_SPIN_LOCK ||
	       ((event->op == OP_TRYLOCK || event->op == OP_SPIN_TRYLOCK) && event->succeeded);
}

static bool is_release(const struct dpor_event *event, const void *mutex)
{
	if (event->op == OP_WAIT)
		return event->mutex == mutex;
	return event->object == mutex && (event->op == OP_UNLOCK || event->op == OP_SPIN_UNLOCK);
}

static bool mutex_would_be_free(struct remaining r, const void *mutex)
{
	const struct dpor_event *event;
	/* Held from before all events when the one left out gives it back. */
	bool is_free = !is_release(&r.dpor->events[r.without], mutex);
	uint32_t index;

	while ((event = remaining_next(&r, &index))) {
		if (is_acquire(event, mutex))
			is_free = false;
		else if (is_release(event, mutex))
			is_free = true;
	}
	return is_free;
}

static bool would_wake(struct remaining r, const struct dpor_event *wake)
{
	const struct dpor_event *event;
	struct waiters w = {.count = 0};
	uint32_t index;

	while ((event = remaining_next(&r, &index)))
		if (event->object == wake->object)
			waiters_step(&w, event, index);
	return token_take(&w, wake->thread) != UINT32_MAX;
}

static bool signal_would_wake(struct remaining r, const void *cond)
{
	const struct dpor_event *event;
	struct waiters w = {.count = 0};
	uint32_t index;

	while ((event = remaining_next(&r, &index)))
		if (event->object == cond)
			waiters_step(&w, event, index);
	return (uint32_t)__builtin_popcountl(w.waiting) > w.count;
}

static int64_t sem_effect(const struct dpor_event *event)
{
	if (event->op == OP_SEM_POST)
		return 1;
	if (event->op == OP_SEM_WAIT || (event->op == OP_SEM_TRYWAIT && event->succeeded))
		return -1;
	return 0;
}

/* The value that the first event on the semaphore found, and then what remains. */
static int64_t sem_would_be(struct remaining r, const struct dpor_event *wait)
{
	const struct dpor_event *event;
	int64_t value = wait->number;
	uint32_t index;

	for (uint32_t i = 0; i < r.dpor->length; i++) {
		event = &r.dpor->events[i];
		if (event->object != wait->object ||
		    !(sem_effect(event) || event->op == OP_SEM_TRYWAIT))
			continue;
		value = event->number;
		break;
	}
	while ((event = remaining_next(&r, &index)))
		if (event->object == wait->object)
			value += sem_effect(event);
	return value;
}

static bool is_once(const struct dpor_event *event, const void *control)
{
	return event->object == control && (event->op == OP_ONCE || event->op == OP_ONCE_DONE);
}

/* The control that the first event on it found, and then what remains. */
static enum once_word once_would_be(struct remaining r, const struct dpor_event *once)
{
	const struct dpor_event *event;
	uint32_t word = once->number, index;

	for (uint32_t i = 0; i < r.dpor->length; i++) {
		if (!is_once(&r.dpor->events[i], once->object))
			continue;
		word = r.dpor->events[i].number;
		break;
	}
	while ((event = remaining_next(&r, &index))) {
		if (!is_once(event, once->object))
			continue;
		if (event->op == OP_ONCE_DONE)
			word = ONCE_DONE;
		else if (event->succeeded)
			word = ONCE_RUNNING;
	}
	return (enum once_word)word;
}

struct holders {
	int64_t readers;
	bool writer;
};

static struct holders rwlock_would_be(struct remaining r, const void *lock)
{
	const struct dpor_event *event;
	struct holders holders = {.readers = 0};
	uint32_t index;

	while ((event = remaining_next(&r, &index))) {
		if (event->object != lock)
			continue;
		if (event->op == OP_RDLOCK || (event->op == OP_TRYRDLOCK && event->succeeded))
			holders.readers++;
		else if (event->op == OP_WRLOCK || (event->op == OP_TRYWRLOCK && event->succeeded))
			holders.writer = true;
		else if (event->op == OP_RWUNLOCK && event->succeeded)
			holders.writer = false;
		else if (event->op == OP_RWUNLOCK)
			holders.readers--;
	}
	return holders;
}

static bool is_memory_write(const struct dpor_event *event)
{
	return event->op == OP_WRITE || event->op == OP_ATOMIC_STORE ||
	       event->op == OP_ATOMIC_RMW || (event->op == OP_ATOMIC_CAS && event->succeeded);
}

/* What is known of some bytes, at most 8. */
struct bytes {
	const char *at;
	uint32_t count;
	uint64_t value, known; /* known: 0xff for each byte that is */
};

/* `value` is what `event` found or left in its bytes. `unless` tells bytes that stay as they are.
 */
static void bytes_set(struct bytes *bytes, const struct dpor_event *event, uint64_t value,
		      uint64_t unless)
{
	for (uint32_t i = 0; i < bytes->count; i++) {
		int64_t at = bytes->at + i - (const char *)event->object;
		uint64_t mask = (uint64_t)0xff << 8 * i;

		if (at < 0 || at >= event->bytes || unless & mask)
			continue;
		bytes->known &= ~mask;
		bytes->value &= ~mask;
		if (!event->has_values)
			continue;
		bytes->known |= mask;
		bytes->value |= (value >> 8 * at & 0xff) << 8 * i;
	}
}

/* The first to touch a byte saw what was there before all. Returns which have been touched. */
static uint64_t bytes_at_first(struct bytes *bytes, const struct dpor *dpor)
{
	uint64_t seen = 0;

	for (uint32_t i = 0; i < dpor->length; i++) {
		const struct dpor_event *event = &dpor->events[i];

		/* A load whose value is not known changes nothing. */
		if (!op_is_access(event->op) || (op_is_load(event->op) && !event->has_values))
			continue;
		bytes_set(bytes, event, event->before, seen);
		for (uint32_t k = 0; k < bytes->count; k++) {
			int64_t at = bytes->at + k - (const char *)event->object;

			if (at >= 0 && at < event->bytes)
				seen |= (uint64_t)0xff << 8 * k;
		}
	}
	return seen;
}

/* Whether they would all be known. What nobody has touched is as a pending operation finds it at
 * the end. */
static bool bytes_would_be(struct remaining r, struct bytes *bytes,
			   const struct dpor_event *pending)
{
	uint64_t all = bytes->count < 8 ? ((uint64_t)1 << 8 * bytes->count) - 1 : UINT64_MAX;
	uint64_t touched = bytes_at_first(bytes, r.dpor);
	const struct dpor_event *event;
	uint32_t index;

	if (pending)
		bytes_set(bytes, pending, pending->before, touched);
	while ((event = remaining_next(&r, &index)))
		if (is_memory_write(event))
			bytes_set(bytes, event, event->after, 0);
	bytes->value &= all;
	return bytes->known == all;
}

/* Whether a compare-exchange would succeed; where the value is not known, as if it did. */
static bool exchange_would_succeed(struct remaining r, const struct dpor_event *exchange)
{
	struct bytes bytes = {.at = exchange->object, .count = exchange->bytes}, wanted = bytes;

	if (!exchange->has_values)
		return true;
	bytes_set(&wanted, exchange, exchange->expected, 0);
	return !bytes_would_be(r, &bytes, exchange) || bytes.value == wanted.value;
}

/* `op` of a wait on a read-write lock. */
static bool may_lock(struct remaining r, const struct dpor_event *event)
{
	struct holders holders = rwlock_would_be(r, event->object);

	if (event->op == OP_RDLOCK || event->op == OP_TRYRDLOCK)
		return !holders.writer;
	return !holders.writer && !holders.readers;
}

static bool outcome(struct remaining r, const struct dpor_event *event)
{
	switch (event->op) {
	case OP_LOCK:
	case OP_SPIN_LOCK:
		/* All events on a mutex are ordered: what comes after the one left out is gone with
		 * it. That one may also be of a guard. */
		if (is_acquire(&r.dpor->events[r.without], event->object))
			return true;
		return mutex_would_be_free(r, event->object);
	case OP_TRYLOCK:
	case OP_SPIN_TRYLOCK:
		return mutex_would_be_free(r, event->object);
	case OP_WAKE:
		return mutex_would_be_free(r, event->mutex) && would_wake(r, event);
	case OP_SIGNAL:
	case OP_BROADCAST:
		return signal_would_wake(r, event->object);
	case OP_SEM_WAIT:
	case OP_SEM_TRYWAIT:
		return sem_would_be(r, event) > 0;
	case OP_RDLOCK:
	case OP_WRLOCK:
	case OP_TRYRDLOCK:
	case OP_TRYWRLOCK:
		return may_lock(r, event);
	case OP_ATOMIC_CAS:
		return exchange_would_succeed(r, event);
	case OP_ONCE:
		return once_would_be(r, event) == ONCE_NEW;
	case OP_PASS:
		return false;
	default: /* no other operation waits or has an outcome */
		return event->succeeded;
	}
}

/* Whether an operation with that outcome could be carried out at all. */
static bool could_go(struct remaining r, const struct dpor_event *event, bool done)
{
	if (event->op == OP_ONCE)
		return once_would_be(r, event) != ONCE_RUNNING;
	return done || !footprint_may_wait(event->op);
}

static bool guard_would_be_open(struct remaining r, const struct guard *guard)
{
	struct dpor_event try = {.op = guard->op, .object = guard->object};
	struct bytes bytes = {.at = guard->object, .count = guard->bytes};

	if (guard_is_try(guard->op))
		return outcome(r, &try);
	return !bytes_would_be(r, &bytes, 0) || bytes.value != guard->value;
}

/* Without guards, or with one that would be open. */
static bool would_not_be_held(struct remaining r, const struct dpor_event *event)
{
	for (uint32_t i = 0; i < event->guard_count; i++)
		if (guard_would_be_open(r, &r.dpor->guards[event->guard_first + i]))
			return true;
	return !event->guard_count;
}

/* A guard is read together with the operation. */
static void guard_foot(struct footprint *foot, const struct guard *guard)
{
	struct footprint read = {.count = 0};

	if (guard_is_try(guard->op))
		footprint_add_object(&read, guard->object, FOOT_READ);
	else
		footprint_add_memory(&read, guard->object, guard->bytes, FOOT_READ);
	footprint_add(foot, &read);
}

void dpor_footprint(const struct dpor *dpor, struct dpor_event *event, bool succeeded)
{
	footprint_of(&event->foot, event->op, event->object, event->mutex, event->bytes, succeeded);
	for (uint32_t i = 0; i < event->guard_count; i++)
		guard_foot(&event->foot, &dpor->guards[event->guard_first + i]);
}

static bool is_possible(struct remaining r, struct dpor_event *event)
{
	event->succeeded = outcome(r, event);
	return could_go(r, event, event->succeeded) && would_not_be_held(r, event);
}

/* True for operations that two events that commute can both be in the way of: a write lock waits
 * for all readers, and an operation with guards for these, too. */
static bool has_many_in_its_way(const struct dpor_event *event)
{
	return event->op == OP_WRLOCK || event->guard_count;
}

/* What need not be left out stays: a read lock that has been given back is in nobody's way. */
static void leave_less(struct remaining r, struct dpor_event *event, struct dpor_without *left)
{
	for (uint32_t k = 1; k < left->count;) {
		uint32_t index = left->events[k];

		left->events[k] = left->events[left->count - 1];
		left->count--;
		if (is_possible(r, event))
			continue;
		left->events[left->count++] = left->events[k];
		left->events[k++] = index;
	}
	is_possible(r, event);
}

/* Leaves out more, from the end on, until the event is possible: what came after the first one left
 * out, and is not before the event in any case. False where that does not help. */
static bool leave_more(struct remaining r, struct dpor_event *event, struct dpor_without *left)
{
	const uint32_t *before = r.skip < r.dpor->length ? r.dpor->clocks_before[r.skip]
							 : r.dpor->current[event->thread];

	dpor_footprint(r.dpor, event, true);
	for (uint32_t i = r.dpor->length; --i > r.without;) {
		const struct dpor_event *other = &r.dpor->events[i];

		if (i == r.skip || before[other->thread] >= other->ordinal ||
		    !footprint_is_dependent(&other->foot, &event->foot) ||
		    dpor_is_without(r.dpor, left, i))
			continue;
		if (left->count == DPOR_THREADS_MAX)
			break;
		left->events[left->count++] = i;
		if (is_possible(r, event)) {
			leave_less(r, event, left);
			return true;
		}
	}
	left->count = 1;
	return is_possible(r, event);
}

bool dpor_possible_without(const struct dpor *dpor, uint32_t without, struct dpor_event *event,
			   uint32_t skip, struct dpor_without *left)
{
	struct remaining r = {.dpor = dpor, .left = left, .without = without, .skip = skip};
	bool everything = event->foot.count == 1 && event->foot.feet[0].granule == FOOT_EVERYTHING;
	bool possible;

	left->count = 1;
	left->events[0] = without;
	possible = is_possible(r, event);
	if (!possible && has_many_in_its_way(event))
		possible = leave_more(r, event, left);
	if (!everything || event->op == OP_EXIT)
		dpor_footprint(dpor, event, event->succeeded);
	return possible;
}
