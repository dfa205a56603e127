/*
 * ideal_watch.c - what an object is like after a prefix, from the events on it that are part of it.
 *
 * What an object was like before all events is told by the first event on it, of whatever order, or
 * by an operation that is still to be carried out: both know what they find.
 */
#include "policy/dpor_state.h"
#include "policy/ideal.h"

static bool is_semaphore_op(enum op op)
{
	return op == OP_SEM_WAIT || op == OP_SEM_TRYWAIT || op == OP_SEM_POST ||
	       op == OP_SEM_INIT || op == OP_SEM_DESTROY;
}

static bool is_rwlock_op(enum op op)
{
	return op == OP_RDLOCK || op == OP_TRYRDLOCK || op == OP_WRLOCK || op == OP_TRYWRLOCK ||
	       op == OP_RWUNLOCK || op == OP_RWLOCK_INIT || op == OP_RWLOCK_DESTROY;
}

static bool is_once_op(enum op op)
{
	return op == OP_ONCE || op == OP_ONCE_DONE;
}

static bool is_cond_op(enum op op)
{
	return op == OP_WAIT || op == OP_WAKE || op == OP_SIGNAL || op == OP_BROADCAST ||
	       op == OP_LEAVE;
}

static bool overlaps(const struct dpor_event *event, const struct ideal_watch *watch)
{
	const char *a = event->object, *b = watch->object;

	return op_has_value(event->op) && a < b + watch->bytes && b < a + event->bytes;
}

static bool is_relevant(const struct dpor_event *event, const struct ideal_watch *watch)
{
	switch (watch->kind) {
	case IDEAL_MUTEX:
		return dpor_is_on_mutex(event, watch->object) ||
		       (event->op == OP_LEAVE && event->mutex == watch->object);
	case IDEAL_SEMAPHORE:
		return event->object == watch->object && is_semaphore_op(event->op);
	case IDEAL_RWLOCK:
		return event->object == watch->object && is_rwlock_op(event->op);
	case IDEAL_ONCE:
		return event->object == watch->object && is_once_op(event->op);
	case IDEAL_COND:
		return event->object == watch->object && is_cond_op(event->op);
	case IDEAL_FUTEXES:
		return event->op == OP_FUTEX_WAKE_OP ||
		       (event->op >= OP_FUTEX_WAIT && event->op <= OP_FUTEX_REQUEUE);
	case IDEAL_BARRIER:
		return event->object == watch->object && event->op == OP_ARRIVE;
	case IDEAL_MEMORY:
		return overlaps(event, watch);
	}
	return false;
}

/* The events of a watch that are part of a prefix. */
struct some {
	const struct ideals *ideals;
	const uint16_t *at; /* null: all of them */
	const uint32_t *next, *end;
};

static struct some some_of(const struct ideals *ideals, uint32_t watch, const uint16_t *at)
{
	const struct ideal_watch *w = &ideals->watches[watch];
	const uint32_t *first = &ideals->relevant[w->first];

	return (struct some){.ideals = ideals, .at = at, .next = first, .end = first + w->count};
}

static const struct dpor_event *next_of(struct some *some)
{
	while (some->next < some->end) {
		const struct dpor_event *event = &some->ideals->dpor->events[*some->next++];

		if (!some->at || ideal_has(some->ideals, event, some->at))
			return event;
	}
	return 0;
}

/* ---- mutexes and spin locks */

static bool takes(const struct dpor_event *event)
{
	if (event->is_void)
		return false;
	return event->op == OP_LOCK || event->op == OP_SPIN_LOCK || event->op == OP_WAKE ||
	       event->op == OP_LEAVE ||
	       ((event->op == OP_TRYLOCK || event->op == OP_SPIN_TRYLOCK) && event->succeeded);
}

static bool gives(const struct dpor_event *event)
{
	if (event->is_void)
		return false;
	return event->op == OP_UNLOCK || event->op == OP_SPIN_UNLOCK || event->op == OP_WAIT ||
	       event->op == OP_MUTEX_INIT || event->op == OP_SPIN_INIT;
}

bool ideal_mutex_is_free(const struct ideals *ideals, uint32_t watch, const uint16_t *at)
{
	struct some some = some_of(ideals, watch, at);
	bool held = ideals->watches[watch].at_first != DPOR_FREE;
	const struct dpor_event *event;

	while ((event = next_of(&some)))
		held = takes(event) || (held && !gives(event));
	return !held;
}

/* ---- semaphores */

static int64_t value_after(int64_t value, const struct dpor_event *event)
{
	if (event->is_void || !event->succeeded)
		return value;
	switch (event->op) {
	case OP_SEM_INIT:
		return (int64_t)event->after;
	case OP_SEM_DESTROY:
		return SEM_DESTROYED;
	case OP_SEM_POST:
		return value + 1;
	default: /* a wait */
		return value - 1;
	}
}

int64_t ideal_semaphore(const struct ideals *ideals, uint32_t watch, const uint16_t *at)
{
	struct some some = some_of(ideals, watch, at);
	int64_t value = ideals->watches[watch].at_first;
	const struct dpor_event *event;

	while ((event = next_of(&some)))
		value = value_after(value, event);
	return value;
}

/* ---- read-write locks */

struct holders {
	int64_t readers;
	bool writer;
};

static void holders_step(struct holders *holders, const struct dpor_event *event)
{
	if (event->is_void)
		return;
	switch (event->op) {
	case OP_RWLOCK_INIT:
		*holders = (struct holders){.writer = false};
		break;
	case OP_RWLOCK_DESTROY:
		break;
	case OP_RDLOCK:
	case OP_TRYRDLOCK:
		holders->readers += event->succeeded;
		break;
	case OP_WRLOCK:
	case OP_TRYWRLOCK:
		holders->writer |= event->succeeded;
		break;
	default: /* an unlock, by a writer or a reader */
		holders->writer &= !event->succeeded;
		holders->readers -= !event->succeeded;
	}
}

bool ideal_may_lock(const struct ideals *ideals, uint32_t watch, const uint16_t *at, bool to_write)
{
	const struct ideal_watch *w = &ideals->watches[watch];
	struct some some = some_of(ideals, watch, at);
	struct holders holders = {.writer = w->at_first == DPOR_WRITTEN};
	const struct dpor_event *event;

	holders.readers = holders.writer ? 0 : w->at_first;
	while ((event = next_of(&some)))
		holders_step(&holders, event);
	return !holders.writer && !(to_write && holders.readers);
}

/* ---- once controls */

enum once_word ideal_once(const struct ideals *ideals, uint32_t watch, const uint16_t *at)
{
	struct some some = some_of(ideals, watch, at);
	enum once_word word = ideals->watches[watch].at_first;
	const struct dpor_event *event;

	while ((event = next_of(&some))) {
		if (event->op == OP_ONCE_DONE)
			word = ONCE_DONE;
		else if (event->succeeded)
			word = ONCE_RUNNING;
	}
	return word;
}

/* ---- condition variables and barriers */

/* Who waits, and for whom each token is: from which event. */
struct waiters {
	uint64_t waiting, tokens[DPOR_THREADS_MAX];
	uint32_t from[DPOR_THREADS_MAX], count;
};

static void issue(struct waiters *w, uint32_t event, bool all)
{
	while (w->count < (uint32_t)__builtin_popcountl(w->waiting)) {
		w->from[w->count] = event;
		w->tokens[w->count++] = w->waiting;
		if (!all)
			break;
	}
}

/* The thread takes the oldest that is for it, and waits no more. */
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

static struct waiters waiters_at(const struct ideals *ideals, uint32_t watch, const uint16_t *at)
{
	struct some some = some_of(ideals, watch, at);
	struct waiters w = {.count = 0};
	const struct dpor_event *event;

	while ((event = next_of(&some))) {
		if (event->is_void && event->op != OP_WAKE)
			continue;
		if (event->op == OP_WAIT)
			w.waiting |= (uint64_t)event->succeeded << event->thread;
		else if (event->op == OP_WAKE)
			token_take(&w, event->thread);
		/* Who leaves passes on the token that it may have had. */
		else if (event->op != OP_LEAVE || token_take(&w, event->thread) != UINT32_MAX)
			issue(&w, (uint32_t)(event - ideals->dpor->events),
			      event->op == OP_BROADCAST);
	}
	return w;
}

uint32_t ideal_token(const struct ideals *ideals, uint32_t watch, const uint16_t *at,
		     uint32_t thread)
{
	struct waiters w = waiters_at(ideals, watch, at);

	return token_take(&w, thread);
}

bool ideal_has_waiter(const struct ideals *ideals, uint32_t watch, const uint16_t *at)
{
	struct waiters w = waiters_at(ideals, watch, at);

	return (uint32_t)__builtin_popcountl(w.waiting) > w.count;
}

bool ideal_have_arrived(const struct ideals *ideals, uint32_t watch, const uint16_t *at,
			uint32_t generation)
{
	struct some some = some_of(ideals, watch, 0);
	const struct dpor_event *event;

	while ((event = next_of(&some)))
		if (event->number == generation && !ideal_has(ideals, event, at))
			return false;
	return true;
}

/* ---- memory */

static bool writes(const struct dpor_event *event)
{
	return event->op == OP_WRITE || event->op == OP_ATOMIC_STORE ||
	       event->op == OP_ATOMIC_RMW || event->op == OP_FUTEX_WAKE_OP ||
	       (event->op == OP_ATOMIC_CAS && event->succeeded) || op_is_on_channel(event->op);
}

/* The last event of the prefix that wrote the byte has left it so, or else the first event of all
 * that touched it, in whatever order, has found it so. */
static bool byte_at(const struct ideals *ideals, uint32_t watch, const uint16_t *at,
		    const char *address, uint8_t *byte)
{
	struct some some = some_of(ideals, watch, 0);
	const struct dpor_event *event, *last = 0, *first = 0;
	uint64_t value;

	while ((event = next_of(&some))) {
		int64_t offset = address - (const char *)event->object;

		if (offset < 0 || offset >= event->bytes)
			continue;
		if (!first && (writes(event) || event->has_values))
			first = event;
		if (writes(event) && ideal_has(ideals, event, at))
			last = event;
	}
	if (!last && !first)
		return false;
	event = last ? last : first;
	value = last ? last->after : first->before;
	*byte = (uint8_t)(value >> 8 * (address - (const char *)event->object));
	return event->has_values;
}

bool ideal_memory(const struct ideals *ideals, uint32_t watch, const uint16_t *at, uint64_t *value)
{
	const struct ideal_watch *w = &ideals->watches[watch];

	*value = 0;
	if (w->bytes > sizeof(*value))
		return false;
	for (uint32_t i = 0; i < w->bytes; i++) {
		uint8_t byte;

		if (!byte_at(ideals, watch, at, (const char *)w->object + i, &byte))
			return false;
		*value |= (uint64_t)byte << 8 * i;
	}
	return true;
}

/* ---- making them */

static void events_find(struct ideals *ideals, struct ideal_watch *watch)
{
	const struct dpor *dpor = ideals->dpor;

	watch->first = ideals->relevant_count;
	for (uint32_t i = 0; i < dpor->length; i++) {
		if (!is_relevant(&dpor->events[i], watch))
			continue;
		if (ideals->relevant_count == IDEAL_RELEVANT_MAX) {
			ideals->exhausted = true;
			break;
		}
		ideals->relevant[ideals->relevant_count++] = i;
	}
	watch->count = ideals->relevant_count - watch->first;
}

uint32_t ideal_watch(struct ideals *ideals, enum ideal_kind kind, const void *object,
		     uint32_t bytes, const struct dpor_event *asking)
{
	uint32_t at = 0;
	struct ideal_watch *watch;

	for (; at < ideals->watch_count; at++)
		if (ideals->watches[at].object == object && ideals->watches[at].kind == kind &&
		    ideals->watches[at].bytes == bytes)
			break;
	watch = &ideals->watches[at];
	if (at == IDEAL_WATCHES_MAX) {
		ideals->exhausted = true;
		return UINT32_MAX;
	}
	if (at == ideals->watch_count) {
		ideals->watch_count++;
		*watch = (struct ideal_watch){.kind = kind, .object = object, .bytes = bytes};
		events_find(ideals, watch);
		if (watch->count)
			watch->at_first =
				ideals->dpor->events[ideals->relevant[watch->first]].number;
	}
	if (!watch->count && asking)
		watch->at_first = asking->number;
	return at;
}
