/*
 * dpor_state.c - what the objects would be like, had one event and all that happens after it not
 * taken place.
 *
 * Decides whether an operation that waits could go there, and what an operation whose footprint
 * depends on its outcome would touch there. Only the events are replayed, not the program.
 */
#include "policy/dpor_state.h"

#include "model/word.h"
#include "policy/futex_log.h"

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
	if (event->is_void && event->op != OP_WAKE)
		return UINT32_MAX;
	switch (event->op) {
	case OP_WAIT:
		if (event->succeeded)
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
	case OP_LEAVE:
		/* The token that it may have had is passed on. */
		if (token_take(w, event->thread) != UINT32_MAX)
			token_issue(w, index, 1);
		break;
	default: /* all others leave condition variables alone */
		break;
	}
	return UINT32_MAX;
}

static uint32_t futex_token_of(const struct dpor *dpor, uint32_t woken)
{
	struct futex_log log;

	futex_log_begin(&log);
	for (uint32_t i = 0; i < woken; i++)
		futex_log_add(&log, &dpor->events[i], i);
	return futex_log_token(&log, dpor->events[woken].thread);
}

uint32_t dpor_token_of(const struct dpor *dpor, uint32_t wake)
{
	const struct dpor_event *event = &dpor->events[wake];
	struct waiters w = {.count = 0};
	uint32_t token = UINT32_MAX;

	if (event->op == OP_FUTEX_WOKEN)
		return futex_token_of(dpor, wake);
	for (uint32_t i = 0; i <= wake; i++)
		if (dpor->events[i].object == event->object)
			token = waiters_step(&w, &dpor->events[i], i);
	return token;
}

bool dpor_is_without(const struct dpor *dpor, const struct dpor_without *without, uint32_t index)
{
	for (uint32_t i = 0; i < without->count; i++)
		if (index == without->events[i] ||
		    (index > without->events[i] &&
		     dpor_happens_before(dpor, without->events[i], index)))
			return true;
	return false;
}

const struct dpor_event *dpor_remaining_next(struct dpor_remaining *r, uint32_t *index)
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

bool dpor_is_acquire(const struct dpor_event *event, const void *mutex)
{
	if (event->is_void)
		return false;
	if (event->op == OP_WAKE || event->op == OP_LEAVE)
		return event->mutex == mutex;
	if (event->object != mutex)
		return false;
	return event->op == OP_LOCK || event->op == OP_SPIN_LOCK ||
	       ((event->op == OP_TRYLOCK || event->op == OP_SPIN_TRYLOCK) && event->succeeded);
}

static bool is_release(const struct dpor_event *event, const void *mutex)
{
	if (event->is_void)
		return false;
	if (event->op == OP_WAIT)
		return event->mutex == mutex;
	return event->object == mutex && (event->op == OP_UNLOCK || event->op == OP_SPIN_UNLOCK ||
					  event->op == OP_MUTEX_INIT || event->op == OP_SPIN_INIT);
}

bool dpor_is_on_mutex(const struct dpor_event *event, const void *mutex)
{
	switch (event->op) {
	case OP_WAIT:
	case OP_WAKE:
		return event->mutex == mutex;
	case OP_LOCK:
	case OP_TRYLOCK:
	case OP_UNLOCK:
	case OP_SPIN_LOCK:
	case OP_SPIN_TRYLOCK:
	case OP_SPIN_UNLOCK:
	case OP_MUTEX_INIT:
	case OP_MUTEX_DESTROY:
	case OP_SPIN_INIT:
	case OP_SPIN_DESTROY:
		return event->object == mutex;
	default: /* no other operation is on a mutex or spin lock */
		return false;
	}
}

/* It is as the first event on it has found it, or as `asking` would, and then what remains. */
bool dpor_mutex_would_be_free(struct dpor_remaining r, const void *mutex,
			      const struct dpor_event *asking)
{
	const struct dpor_event *event = asking;
	uint32_t index;
	bool is_free;

	for (uint32_t i = 0; i < r.dpor->length && event == asking; i++)
		if (dpor_is_on_mutex(&r.dpor->events[i], mutex))
			event = &r.dpor->events[i];
	is_free = event->number == DPOR_FREE;

	while ((event = dpor_remaining_next(&r, &index))) {
		if (dpor_is_acquire(event, mutex))
			is_free = false;
		else if (is_release(event, mutex))
			is_free = true;
	}
	return is_free;
}

bool dpor_would_wake(struct dpor_remaining r, const struct dpor_event *wake)
{
	const struct dpor_event *event;
	struct waiters w = {.count = 0};
	uint32_t index;

	while ((event = dpor_remaining_next(&r, &index)))
		if (event->object == wake->object)
			waiters_step(&w, event, index);
	return token_take(&w, wake->thread) != UINT32_MAX;
}

bool dpor_signal_would_wake(struct dpor_remaining r, const void *cond)
{
	const struct dpor_event *event;
	struct waiters w = {.count = 0};
	uint32_t index;

	while ((event = dpor_remaining_next(&r, &index)))
		if (event->object == cond)
			waiters_step(&w, event, index);
	return (uint32_t)__builtin_popcountl(w.waiting) > w.count;
}

static void futexes_would_be(struct dpor_remaining r, struct futex_log *log)
{
	const struct dpor_event *event;
	uint32_t index;

	futex_log_begin(log);
	while ((event = dpor_remaining_next(&r, &index)))
		futex_log_add(log, event, index);
}

bool dpor_futex_would_go(struct dpor_remaining r, const struct dpor_event *woken)
{
	struct futex_log log;

	futexes_would_be(r, &log);
	return futex_log_token(&log, woken->thread) != UINT32_MAX;
}

bool dpor_futex_would_be_contested(struct dpor_remaining r, struct dpor_event *woken)
{
	struct futex_log log;

	futexes_would_be(r, &log);
	futex_log_place(&log, woken);
	return futex_log_is_contested(&log, woken->thread);
}

bool dpor_futex_would_wake(struct dpor_remaining r, const struct dpor_event *wake)
{
	struct futex_log log;

	futexes_would_be(r, &log);
	return futex_log_would_wake(&log, wake);
}

static bool is_on_sem(const struct dpor_event *event, const void *sem)
{
	return event->object == sem && (event->op == OP_SEM_POST || event->op == OP_SEM_WAIT ||
					event->op == OP_SEM_TRYWAIT || event->op == OP_SEM_INIT ||
					event->op == OP_SEM_DESTROY);
}

static int64_t sem_after(int64_t value, const struct dpor_event *event)
{
	if (event->is_void)
		return value;
	switch (event->op) {
	case OP_SEM_POST:
		return value + 1;
	case OP_SEM_WAIT:
		return value - 1;
	case OP_SEM_TRYWAIT:
		return value - event->succeeded;
	case OP_SEM_INIT:
		return (int64_t)event->after;
	case OP_SEM_DESTROY:
		return SEM_DESTROYED;
	default: /* no other operation is on a semaphore */
		return value;
	}
}

/* The value that the first event on the semaphore found, and then what remains. */
int64_t dpor_sem_would_be(struct dpor_remaining r, const struct dpor_event *wait)
{
	const struct dpor_event *event;
	int64_t value = wait->number;
	uint32_t index;

	for (uint32_t i = 0; i < r.dpor->length; i++) {
		event = &r.dpor->events[i];
		if (!is_on_sem(event, wait->object))
			continue;
		value = event->number;
		break;
	}
	while ((event = dpor_remaining_next(&r, &index)))
		if (is_on_sem(event, wait->object))
			value = sem_after(value, event);
	return value;
}

static bool is_once(const struct dpor_event *event, const void *control)
{
	return event->object == control && (event->op == OP_ONCE || event->op == OP_ONCE_DONE);
}

/* The control that the first event on it found, and then what remains. */
enum once_word dpor_once_would_be(struct dpor_remaining r, const struct dpor_event *once)
{
	const struct dpor_event *event;
	uint32_t word = once->number, index;

	for (uint32_t i = 0; i < r.dpor->length; i++) {
		if (!is_once(&r.dpor->events[i], once->object))
			continue;
		word = r.dpor->events[i].number;
		break;
	}
	while ((event = dpor_remaining_next(&r, &index))) {
		if (!is_once(event, once->object))
			continue;
		if (event->op == OP_ONCE_DONE)
			word = event->succeeded ? ONCE_DONE : ONCE_NEW;
		else if (event->succeeded)
			word = ONCE_RUNNING;
	}
	return (enum once_word)word;
}

static bool is_on_rwlock(const struct dpor_event *event, const void *lock)
{
	return event->object == lock &&
	       ((event->op >= OP_RDLOCK && event->op <= OP_RWUNLOCK) ||
		event->op == OP_RWLOCK_INIT || event->op == OP_RWLOCK_DESTROY);
}

static void holders_step(struct dpor_holders *holders, const struct dpor_event *event)
{
	if (event->op == OP_RWLOCK_INIT)
		*holders = (struct dpor_holders){.writer = false};
	else if (event->op == OP_RDLOCK || (event->op == OP_TRYRDLOCK && event->succeeded))
		holders->readers++;
	else if (event->op == OP_WRLOCK || (event->op == OP_TRYWRLOCK && event->succeeded))
		holders->writer = true;
	else if (event->op == OP_RWUNLOCK && event->succeeded)
		holders->writer = false;
	else if (event->op == OP_RWUNLOCK)
		holders->readers--;
}

/* The same for a read-write lock. */
struct dpor_holders dpor_rwlock_would_be(struct dpor_remaining r, const struct dpor_event *asking)
{
	const void *lock = asking->object;
	const struct dpor_event *event = asking;
	struct dpor_holders holders;
	uint32_t index;

	for (uint32_t i = 0; i < r.dpor->length && event == asking; i++)
		if (is_on_rwlock(&r.dpor->events[i], lock))
			event = &r.dpor->events[i];
	holders.writer = event->number == DPOR_WRITTEN;
	holders.readers = holders.writer ? 0 : event->number;
	while ((event = dpor_remaining_next(&r, &index)))
		if (event->object == lock && !event->is_void)
			holders_step(&holders, event);
	return holders;
}

static bool is_memory_write(const struct dpor_event *event)
{
	return event->op == OP_WRITE || event->op == OP_ATOMIC_STORE ||
	       event->op == OP_ATOMIC_RMW || event->op == OP_FUTEX_WAKE_OP ||
	       (event->op == OP_ATOMIC_CAS && event->succeeded) || op_is_on_channel(event->op);
}

/* `value` is what `event` found or left in its bytes. `unless` tells bytes that stay as they are.
 */
static void bytes_set(struct dpor_bytes *bytes, const struct dpor_event *event, uint64_t value,
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
static uint64_t bytes_at_first(struct dpor_bytes *bytes, const struct dpor *dpor)
{
	uint64_t seen = 0;

	for (uint32_t i = 0; i < dpor->length; i++) {
		const struct dpor_event *event = &dpor->events[i];

		/* A load whose value is not known changes nothing. */
		if (!op_has_value(event->op) || (op_is_load(event->op) && !event->has_values))
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
bool dpor_bytes_would_be(struct dpor_remaining r, struct dpor_bytes *bytes,
			 const struct dpor_event *pending)
{
	uint64_t all = bytes->count < 8 ? ((uint64_t)1 << 8 * bytes->count) - 1 : UINT64_MAX;
	uint64_t touched = bytes_at_first(bytes, r.dpor);
	const struct dpor_event *event;
	uint32_t index;

	if (pending)
		bytes_set(bytes, pending, pending->before, touched);
	while ((event = dpor_remaining_next(&r, &index)))
		if (is_memory_write(event))
			bytes_set(bytes, event, event->after, 0);
	bytes->value &= all;
	return bytes->known == all;
}

/* Whether a compare-exchange would succeed; where the value is not known, as if it did. */
bool dpor_exchange_would_succeed(struct dpor_remaining r, const struct dpor_event *exchange)
{
	struct dpor_bytes bytes = {.at = exchange->object, .count = exchange->bytes},
			  wanted = bytes;

	if (!exchange->has_values)
		return true;
	bytes_set(&wanted, exchange, exchange->expected, 0);
	return !dpor_bytes_would_be(r, &bytes, exchange) || bytes.value == wanted.value;
}
