/*
 * dpor_possible.c - whether an operation could be carried out where some events are left out, and
 * what it would touch there.
 *
 * Where other events that commute with the one left out are in the way too, as several readers are
 * in that of a writer, they are left out with it: as few as will do.
 */
#include "model/interrupt.h"
#include "policy/dpor_state.h"

/* `op` of a wait on a read-write lock. */
static bool may_lock(struct dpor_remaining r, const struct dpor_event *event)
{
	struct dpor_holders holders = dpor_rwlock_would_be(r, event);

	if (event->op == OP_RDLOCK || event->op == OP_TRYRDLOCK)
		return !holders.writer;
	return !holders.writer && !holders.readers;
}

/* All those with whom it passes the barrier. */
static bool have_arrived(struct dpor_remaining r, const struct dpor_event *pass)
{
	for (uint32_t i = r.without; i < r.dpor->length; i++) {
		const struct dpor_event *event = &r.dpor->events[i];

		if (event->op == OP_ARRIVE && event->object == pass->object &&
		    event->number == pass->number && dpor_is_without(r.dpor, r.left, i))
			return false;
	}
	return true;
}

static bool outcome(struct dpor_remaining r, struct dpor_event *event)
{
	switch (event->op) {
	case OP_LOCK:
	case OP_SPIN_LOCK:
		/* All events on a mutex are ordered: what comes after the one left out is gone with
		 * it. That one may also be of a guard. */
		if (dpor_is_on_mutex(&r.dpor->events[r.without], event->object))
			return r.dpor->events[r.without].number == DPOR_FREE;
		return dpor_mutex_would_be_free(r, event->object, event);
	case OP_TRYLOCK:
	case OP_SPIN_TRYLOCK:
		return dpor_mutex_would_be_free(r, event->object, event);
	case OP_LEAVE:
		return dpor_mutex_would_be_free(r, event->mutex, event);
	case OP_SIGWAIT:
		return false;
	case OP_AWAIT_END:
		return dpor_would_have_ended(r, event->number);
	case OP_WAKE:
		return dpor_mutex_would_be_free(r, event->mutex, event) &&
		       dpor_would_wake(r, event);
	case OP_SIGNAL:
	case OP_BROADCAST:
		return dpor_signal_would_wake(r, event->object);
	case OP_SEM_WAIT:
	case OP_SEM_TRYWAIT:
		return dpor_sem_would_be(r, event) > 0;
	case OP_RDLOCK:
	case OP_WRLOCK:
	case OP_TRYRDLOCK:
	case OP_TRYWRLOCK:
		return may_lock(r, event);
	case OP_FUTEX_WOKEN:
		return dpor_futex_would_be_contested(r, event);
	case OP_FUTEX_WAKE:
	case OP_FUTEX_WAKE_BITSET:
		return dpor_futex_would_wake(r, event);
	case OP_FUTEX_WAIT:
	case OP_FUTEX_REQUEUE:
	case OP_ATOMIC_CAS:
		return dpor_exchange_would_succeed(r, event);
	case OP_ONCE:
		return dpor_once_would_be(r, event) == ONCE_NEW;
	case OP_PASS:
		return (event->enabled || r.skip < r.dpor->length) && have_arrived(r, event);
	default: /* no other operation waits or has an outcome */
		return event->succeeded;
	}
}

/* Whether an operation with that outcome could be carried out at all. */
static bool could_go(struct dpor_remaining r, const struct dpor_event *event, bool done)
{
	if (event->op == OP_ONCE)
		return dpor_once_would_be(r, event) != ONCE_RUNNING;
	if (event->op == OP_FUTEX_WOKEN)
		return dpor_futex_would_go(r, event);
	return done || !footprint_may_wait(event->op);
}

/* Nobody may have touched a channel: then it is as `event` finds it. */
static bool guard_would_be_open(struct dpor_remaining r, const struct dpor_event *event,
				const struct guard *guard)
{
	struct dpor_event try = {.op = guard->op, .object = guard->object};
	struct dpor_bytes bytes = {.at = guard->object, .count = guard->bytes};
	const struct dpor_event *found =
		op_is_on_channel(event->op) && event->has_values ? event : 0;

	if (guard_is_try(guard->op))
		return outcome(r, &try);
	if (guard_is_sent(guard->op))
		return dpor_would_be_sent(r, guard->object);
	return !dpor_bytes_would_be(r, &bytes, found) || bytes.value != guard->value;
}

/* Without guards, or with one that would be open. */
static bool would_not_be_held(struct dpor_remaining r, const struct dpor_event *event)
{
	for (uint32_t i = 0; i < event->guard_count; i++)
		if (guard_would_be_open(r, event, &r.dpor->guards[event->guard_first + i]))
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
	if (event->interrupts) {
		struct footprint read = {.count = 0};

		footprint_add_object(&read, event->word, FOOT_READ);
		footprint_add(&event->foot, &read);
	}
	if (event->op == OP_INTERRUPT)
		return;
	for (uint32_t i = 0; i < event->guard_count; i++)
		guard_foot(&event->foot, &dpor->guards[event->guard_first + i]);
}

void dpor_footprint_meant(const struct dpor *dpor, struct dpor_event *event)
{
	struct dpor_event meant = *event;

	meant.op = event->meant;
	meant.object = event->meant_object;
	dpor_footprint(dpor, &meant, true);
	footprint_add(&event->foot, &meant.foot);
}

/* The operation becomes what it would be there: interrupted, or what the thread announced. */
static void interrupt(struct dpor_remaining r, struct dpor_event *event)
{
	event->taken = dpor_would_interrupt(r, event);
	event->op = event->meant;
	event->object = event->meant_object;
	if (!event->taken)
		return;
	event->succeeded = true;
	if (event->taken == INTERRUPT_CANCEL && event->meant == OP_WAKE) {
		event->op = OP_LEAVE;
		return;
	}
	event->op = OP_INTERRUPT;
	event->object = event->word;
}

static bool is_possible(struct dpor_remaining r, struct dpor_event *event)
{
	if (event->interrupts)
		interrupt(r, event);
	if (event->taken && r.plainly)
		return false;
	if (event->op == OP_INTERRUPT)
		return true;
	event->succeeded = outcome(r, event);
	return could_go(r, event, event->succeeded) && would_not_be_held(r, event);
}

/* True for operations that two events that commute can both be in the way of: a write lock waits
 * for all readers, and an operation with guards for these, too. */
static bool has_many_in_its_way(const struct dpor_event *event)
{
	return event->op == OP_WRLOCK || event->guard_count;
}

/* Whether the event is before the one that is to be possible, in any case. */
static bool is_before(struct dpor_remaining r, const struct dpor_event *event,
		      const struct dpor_event *other)
{
	const uint32_t *before = r.skip < r.dpor->length ? r.dpor->clocks_before[r.skip]
							 : r.dpor->current[event->thread];

	return before[other->thread] >= other->ordinal;
}

/* Leaves out the readers of the lock that would still have it, each from where it took it: what it
 * has taken and given back before stays. */
static void readers_leave(struct dpor_remaining r, const struct dpor_event *event, const void *lock,
			  struct dpor_without *left)
{
	uint32_t since[DPOR_THREADS_MAX], depth[DPOR_THREADS_MAX] = {0};

	for (uint32_t i = 0; i < r.dpor->length; i++) {
		const struct dpor_event *other = &r.dpor->events[i];
		uint32_t *mine = &depth[other->thread];

		if (other->object != lock || i == r.skip || dpor_is_without(r.dpor, left, i))
			continue;
		if ((other->op == OP_RDLOCK || (other->op == OP_TRYRDLOCK && other->succeeded)) &&
		    !(*mine)++)
			since[other->thread] = i;
		else if (other->op == OP_RWUNLOCK && !other->succeeded && *mine)
			--*mine;
	}
	for (uint32_t t = 0; t < r.dpor->thread_count; t++)
		if (depth[t] && since[t] > r.without && left->count < DPOR_THREADS_MAX &&
		    !is_before(r, event, &r.dpor->events[since[t]]))
			left->events[left->count++] = since[t];
}

/* True where it was only readers that were in the way. */
static bool all_readers_leave(struct dpor_remaining r, struct dpor_event *event,
			      struct dpor_without *left)
{
	if (event->op == OP_WRLOCK)
		readers_leave(r, event, event->object, left);
	for (uint32_t i = 0; i < event->guard_count; i++) {
		const struct guard *guard = &r.dpor->guards[event->guard_first + i];

		if (guard->op == OP_TRYWRLOCK)
			readers_leave(r, event, guard->object, left);
	}
	if (is_possible(r, event))
		return true;
	left->count = r.always;
	return false;
}

/* What need not be left out stays: a read lock that has been given back is in nobody's way. */
static void leave_less(struct dpor_remaining r, struct dpor_event *event, struct dpor_without *left)
{
	for (uint32_t k = r.always; k < left->count;) {
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
static bool leave_more(struct dpor_remaining r, struct dpor_event *event, struct dpor_without *left)
{
	if (all_readers_leave(r, event, left))
		return true;
	dpor_footprint(r.dpor, event, true);
	if (event->interrupts)
		dpor_footprint_meant(r.dpor, event);
	for (uint32_t i = r.dpor->length; --i > r.without;) {
		const struct dpor_event *other = &r.dpor->events[i];

		if (i == r.skip || is_before(r, event, other) ||
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
	left->count = r.always;
	return is_possible(r, event);
}

/* True where `event` ends what the thread waits for that is ending the process. */
static bool ends_wait(const struct dpor_event *event, const struct dpor_exiting *exiting)
{
	switch (exiting->op) {
	case OP_LOCK:
		return (event->op == OP_UNLOCK && event->object == exiting->object) ||
		       (event->op == OP_WAIT && event->mutex == exiting->object);
	case OP_SPIN_LOCK:
		return event->op == OP_SPIN_UNLOCK && event->object == exiting->object;
	case OP_SEM_WAIT:
		return event->op == OP_SEM_POST && event->object == exiting->object;
	case OP_RDLOCK:
		return event->op == OP_RWUNLOCK && event->object == exiting->object;
	case OP_ONCE:
		return event->op == OP_ONCE_DONE && event->object == exiting->object;
	default: /* others do not wait, or for many */
		return false;
	}
}

/* True where the event might let the thread go on that is ending the process. */
static bool may_let_go(struct dpor_remaining r, const struct dpor_event *event)
{
	const struct dpor_exiting *exiting = &r.dpor->exitings[r.without];

	/* Whether what was announced only is all of it, nobody knows. */
	if (exiting->joins == event->thread + 1)
		return event->is_apart || r.skip >= r.dpor->length;
	return exiting->waits_for_many || ends_wait(event, exiting);
}

/* Its footprint there. One that ends the process would do so there, too. */
static void foot_there(struct dpor_remaining r, struct dpor_event *event)
{
	bool everything = event->foot.count == 1 && event->foot.feet[0].granule == FOOT_EVERYTHING;

	if (!everything || event->op == OP_EXIT || event->is_apart)
		dpor_footprint(r.dpor, event, event->succeeded);
	if (r.without > r.dpor->exit_at && may_let_go(r, event))
		footprint_of(&event->foot, OP_EXIT, 0, 0, 0, true);
}

bool dpor_possible_without(const struct dpor *dpor, uint32_t without, struct dpor_event *event,
			   uint32_t skip, struct dpor_without *left)
{
	struct dpor_remaining r = {.dpor = dpor, .left = left, .without = without, .skip = skip};
	bool was_interrupted = event->taken, possible;

	r.plainly = was_interrupted &&
		    !footprint_is_dependent(&dpor->events[without].foot, &event->foot);
	left->events[0] = without;
	/* What comes after it as an interrupted one is another thing when it is not. */
	left->events[1] = skip;
	left->count = r.always = 1 + (r.plainly && skip < dpor->length);
	possible = is_possible(r, event);
	if (!possible && (was_interrupted || has_many_in_its_way(event)))
		possible = leave_more(r, event, left);
	foot_there(r, event);
	return possible;
}
