/*
 * ideal.c - who could go on after a prefix.
 *
 * Invariant: nothing here depends on the order in which the class was executed, as long as the
 * events of an object that depend on each other stay in theirs.
 */
#include "policy/ideal.h"

#define NONE UINT32_MAX

void ideals_init(struct ideals *ideals, void *(*take)(size_t bytes))
{
	ideals->ops = take((DPOR_EVENTS_MAX + DPOR_THREADS_MAX) * sizeof(*ideals->ops));
	ideals->watches = take(IDEAL_WATCHES_MAX * sizeof(*ideals->watches));
	ideals->relevant = take(IDEAL_RELEVANT_MAX * sizeof(*ideals->relevant));
	ideals->guard_watches = take(DPOR_GUARDS_MAX * sizeof(*ideals->guard_watches));
}

/* ---- names */

/* Two independent hashes, each with the last step of SplitMix64 (base/rng.h). */
struct digest digest_with(struct digest name, uint64_t number)
{
	for (int i = 0; i < 2; i++) {
		uint64_t z =
			(name.half[i] ^ number) + (i ? 0x9e3779b97f4a7c15u : 0xd1342543de82ef95u);

		z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
		z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
		name.half[i] = z ^ (z >> 31);
	}
	return name;
}

struct digest ideal_event_name(const struct ideals *ideals, const struct dpor_event *event,
			       const uint32_t *clock)
{
	struct digest name = {{1, 2}};

	name = digest_with(name, (uint64_t)event->thread << 32 | event->ordinal);
	name = digest_with(name,
			   (uint64_t)event->op << 9 | (uint64_t)event->way << 1 | event->succeeded);
	/* Those of threads that are there, for others may come in other classes. */
	for (uint32_t t = 0; t < ideals->threads; t++)
		if (clock[t] && t != event->thread)
			name = digest_with(name, (uint64_t)t << 32 | clock[t]);
	return name;
}

/* ---- the operations */

/* `event` is what the thread has announced. One row for each kind of object. */
static void watch_for(struct ideals *ideals, struct ideal_op *op, const struct dpor_event *event)
{

	op->watch = op->cond = NONE;
	switch (event->op) {
	case OP_LOCK:
	case OP_TRYLOCK:
	case OP_SPIN_LOCK:
	case OP_SPIN_TRYLOCK:
		op->watch = ideal_watch(ideals, IDEAL_MUTEX, event->object, 0, event);
		break;
	case OP_WAKE:
		op->watch = ideal_watch(ideals, IDEAL_MUTEX, event->mutex, 0, event);
		op->cond = ideal_watch(ideals, IDEAL_COND, event->object, 0, event);
		break;
	case OP_SIGNAL:
	case OP_BROADCAST:
		op->cond = ideal_watch(ideals, IDEAL_COND, event->object, 0, event);
		break;
	case OP_SEM_WAIT:
	case OP_SEM_TRYWAIT:
		op->watch = ideal_watch(ideals, IDEAL_SEMAPHORE, event->object, 0, event);
		break;
	case OP_RDLOCK:
	case OP_TRYRDLOCK:
	case OP_WRLOCK:
	case OP_TRYWRLOCK:
	case OP_RWUNLOCK:
		op->watch = ideal_watch(ideals, IDEAL_RWLOCK, event->object, 0, event);
		break;
	case OP_ONCE:
		op->watch = ideal_watch(ideals, IDEAL_ONCE, event->object, 0, event);
		break;
	case OP_PASS:
	case OP_ARRIVE:
		op->watch = ideal_watch(ideals, IDEAL_BARRIER, event->object, 0, event);
		break;
	case OP_FUTEX_WOKEN:
	case OP_FUTEX_WAKE:
	case OP_FUTEX_WAKE_BITSET:
		op->cond = ideal_watch(ideals, IDEAL_FUTEXES, 0, 0, event);
		break;
	case OP_FUTEX_WAIT:
	case OP_FUTEX_REQUEUE:
	case OP_ATOMIC_CAS:
		op->watch = ideal_watch(ideals, IDEAL_MEMORY, event->object, event->bytes, event);
		break;
	default: /* no other operation waits or has an outcome that depends on others */
		break;
	}
}

static uint32_t guard_watch(struct ideals *ideals, const struct guard *guard)
{
	switch (guard->op) {
	case OP_TRYLOCK:
	case OP_SPIN_TRYLOCK:
		return ideal_watch(ideals, IDEAL_MUTEX, guard->object, 0, 0);
	case OP_SEM_TRYWAIT:
		return ideal_watch(ideals, IDEAL_SEMAPHORE, guard->object, 0, 0);
	case OP_TRYRDLOCK:
	case OP_TRYWRLOCK:
		return ideal_watch(ideals, IDEAL_RWLOCK, guard->object, 0, 0);
	default: /* what is sent needs none; all others are accesses */
		if (guard_is_sent(guard->op))
			return NONE;
		return ideal_watch(ideals, IDEAL_MEMORY, guard->object, guard->bytes, 0);
	}
}

static void op_complete(struct ideals *ideals, struct ideal_op *op)
{
	const struct dpor_event *event = op->event;
	struct dpor_event meant = *event;

	if (meant.interrupts) {
		meant.op = meant.meant;
		meant.object = meant.meant_object;
	}
	watch_for(ideals, op, &meant);
	for (uint32_t i = 0; i < event->guard_count; i++) {
		uint32_t guard = event->guard_first + i;

		ideals->guard_watches[guard] = guard_watch(ideals, &ideals->dpor->guards[guard]);
	}
	if (op->clock)
		op->name = ideal_event_name(ideals, event, op->clock);
}

/* Those of each thread together, in order; the announced one last. */
static void ops_sort(struct ideals *ideals)
{
	const struct dpor *dpor = ideals->dpor;
	uint32_t used[DPOR_THREADS_MAX] = {0};

	for (uint32_t i = dpor->base; i < dpor->length; i++)
		used[dpor->events[i].thread]++;
	for (uint32_t t = 0; t < ideals->threads; t++)
		ideals->executed[t] = used[t];
	for (uint32_t i = 0; i < dpor->pending_count; i++)
		used[dpor->pending[i].thread]++;
	ideals->first[0] = 0;
	for (uint32_t t = 0; t < ideals->threads; t++)
		ideals->first[t + 1] = ideals->first[t] + used[t];
	for (uint32_t i = dpor->length; i-- > dpor->base;) {
		uint32_t t = dpor->events[i].thread;

		ideals->ops[ideals->first[t] + dpor->events[i].ordinal - dpor->base_ordinals[t] -
			    1] = (struct ideal_op){.event = &dpor->events[i],
						   .before = dpor->clocks_before[i],
						   .clock = dpor->clocks[i]};
	}
	for (uint32_t i = 0; i < dpor->pending_count; i++) {
		uint32_t t = dpor->pending[i].thread;

		ideals->ops[ideals->first[t + 1] - 1] =
			(struct ideal_op){.event = &dpor->pending[i], .before = dpor->current[t]};
	}
}

void ideals_of(struct ideals *ideals, const struct dpor *dpor)
{
	ideals->dpor = dpor;
	ideals->threads = dpor->thread_count;
	ideals->watch_count = ideals->relevant_count = 0;
	ideals->exhausted = false;
	ideals->exiting = NONE;
	ops_sort(ideals);
	for (uint32_t i = 0; i < ideals->first[ideals->threads]; i++)
		op_complete(ideals, &ideals->ops[i]);
	for (uint32_t t = 0; t < ideals->threads; t++)
		for (uint32_t i = 0; i < ideals->executed[t]; i++)
			if (ideals->ops[ideals->first[t] + i].event->op == OP_EXIT) {
				ideals->exiting = t;
				ideals->exit_at = i;
			}
}

/* ---- prefixes */

static bool is_over(const struct ideals *ideals, const uint32_t *clock, uint32_t thread,
		    const uint16_t *at)
{
	for (uint32_t t = 0; t < ideals->threads; t++)
		if (t != thread && clock[t] > ideals->dpor->base_ordinals[t] + at[t])
			return false;
	return true;
}

static bool others_are_whole(const struct ideals *ideals, uint32_t thread, const uint16_t *at)
{
	for (uint32_t t = 0; t < ideals->threads; t++)
		if (t != thread && at[t] < ideals->executed[t])
			return false;
	return true;
}

bool ideal_is_whole(const struct ideals *ideals, const uint16_t *at)
{
	return others_are_whole(ideals, NONE, at);
}

/* The process would end with the thread's next event. */
static bool would_end(const struct ideals *ideals, uint32_t thread, const uint16_t *at)
{
	const struct dpor *dpor = ideals->dpor;
	uint32_t by = dpor->ended_by;

	return by != NONE && is_over(ideals, dpor->current[by], thread, at) &&
	       dpor->current[by][thread] <= dpor->base_ordinals[thread] + at[thread] + 1;
}

bool ideal_may_follow(const struct ideals *ideals, uint32_t thread, const uint16_t *at)
{
	if (at[thread] == ideals->executed[thread] ||
	    !is_over(ideals, ideals->ops[ideals->first[thread] + at[thread]].clock, thread, at))
		return false;
	return !would_end(ideals, thread, at) || (at[thread] + 1u == ideals->executed[thread] &&
						  others_are_whole(ideals, thread, at));
}

static bool is_open(const struct ideals *ideals, uint32_t number, const uint16_t *at)
{
	const struct guard *guard = &ideals->dpor->guards[number];
	uint32_t watch = ideals->guard_watches[number];
	uint64_t value;

	switch (guard->op) {
	case OP_TRYLOCK:
	case OP_SPIN_TRYLOCK:
		return ideal_mutex_is_free(ideals, watch, at);
	case OP_SEM_TRYWAIT:
		return ideal_semaphore(ideals, watch, at) > 0;
	case OP_TRYRDLOCK:
	case OP_TRYWRLOCK:
		return ideal_may_lock(ideals, watch, at, guard->op == OP_TRYWRLOCK);
	default: /* all others are accesses */
		if (guard_is_sent(guard->op))
			return ideal_is_sent(ideals, guard->object, at);
		/* Where it is not known, somebody has changed it. */
		return ideal_memory(ideals, watch, at, &value) ? value != guard->value
							       : !ideal_is_untouched(ideals, watch);
	}
}

/* Waits in a loop. */
static bool is_held(const struct ideals *ideals, const struct dpor_event *event, const uint16_t *at)
{
	for (uint32_t i = 0; i < event->guard_count; i++)
		if (is_open(ideals, event->guard_first + i, at))
			return false;
	return event->guard_count > 0;
}

bool ideal_is_untouched(const struct ideals *ideals, uint32_t watch)
{
	return watch == NONE || !ideals->watches[watch].count;
}

static bool guard_is_untouched(const struct ideals *ideals, uint32_t number)
{
	const struct guard *guard = &ideals->dpor->guards[number];

	return ideal_is_untouched(ideals, ideals->guard_watches[number]) &&
	       !(guard_is_sent(guard->op) && ideal_is_sent(ideals, guard->object, 0));
}

/* No event of the class has changed what it waits for. */
static bool waits_for_untouched(const struct ideals *ideals, const struct ideal_op *op)
{
	const struct dpor_event *event = op->event;

	for (uint32_t i = 0; i < event->guard_count; i++)
		if (!guard_is_untouched(ideals, event->guard_first + i))
			return false;
	if (event->op == OP_AWAIT_END ||
	    (event->interrupts &&
	     (event->meant == OP_AWAIT_END || ideal_is_sent(ideals, event->word, 0))))
		return false;
	return ideal_is_untouched(ideals, op->watch) && ideal_is_untouched(ideals, op->cond);
}

/* The operation as it is there. */
static bool is_possible(const struct ideals *ideals, const struct ideal_op *op,
			const struct dpor_event *there, const uint16_t *at)
{
	uint32_t thread = there->thread;

	switch (there->op) {
	case OP_INTERRUPT:
		return true;
	case OP_LEAVE:
	case OP_LOCK:
	case OP_SPIN_LOCK:
		return ideal_mutex_is_free(ideals, op->watch, at);
	case OP_WAKE:
		return ideal_mutex_is_free(ideals, op->watch, at) &&
		       ideal_token(ideals, op->cond, at, thread) != NONE;
	case OP_FUTEX_WOKEN:
		return ideal_futex_token(ideals, op->cond, at, thread) != NONE;
	case OP_SEM_WAIT:
		return ideal_semaphore(ideals, op->watch, at) > 0;
	case OP_RDLOCK:
	case OP_WRLOCK:
		return ideal_may_lock(ideals, op->watch, at, there->op == OP_WRLOCK);
	case OP_ONCE:
		return ideal_once(ideals, op->watch, at) != ONCE_RUNNING;
	case OP_PASS:
		return (op->clock || there->enabled) &&
		       ideal_have_arrived(ideals, op->watch, at, there->number);
	case OP_SIGWAIT:
		return false;
	case OP_AWAIT_END:
		return at[there->number] == ideals->executed[there->number] &&
		       ideals->dpor->ended >> there->number & 1;
	default: /* no other operation waits */
		return true;
	}
}

static bool could_go(const struct ideals *ideals, uint32_t thread, const uint16_t *at)
{
	uint32_t index = ideals->first[thread] + at[thread];
	const struct ideal_op *op = &ideals->ops[index];

	if (index == ideals->first[thread + 1] || !is_over(ideals, op->before, thread, at))
		return false;
	/* As it was at the end. */
	if (!op->clock && waits_for_untouched(ideals, op))
		return op->event->enabled;
	if (op->event->interrupts) {
		struct dpor_event there = ideal_there(ideals, op, at);

		return (there.taken || !is_held(ideals, op->event, at)) &&
		       is_possible(ideals, op, &there, at);
	}
	return !is_held(ideals, op->event, at) && is_possible(ideals, op, op->event, at);
}

bool ideal_is_enabled(const struct ideals *ideals, uint32_t thread, const uint16_t *at)
{
	uint32_t exiting = ideals->exiting;

	if (ideal_may_follow(ideals, thread, at))
		return true;
	/* Nobody can go on after all, or the process is over. */
	if (ideal_is_whole(ideals, at) || !could_go(ideals, thread, at))
		return false;
	return exiting == NONE || thread == exiting || at[exiting] <= ideals->exit_at ||
	       !could_go(ideals, exiting, at);
}
