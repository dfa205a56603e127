/*
 * ideal_next.c - with which event a thread would go on after a prefix: what its operation would
 * come to, touch and come after.
 */
#include "policy/ideal.h"

#define NONE UINT32_MAX

enum outcome {
	FAILS,
	SUCCEEDS,
	UNKNOWN,
};

static enum outcome exchange_outcome(const struct ideals *ideals, const struct ideal_op *op,
				     const struct dpor_event *event, const uint16_t *at)
{
	uint64_t value, wanted = event->expected;

	/* A requeue that compares nothing. */
	if (event->op == OP_FUTEX_REQUEUE && !event->bytes)
		return SUCCEEDS;
	if (!event->has_values)
		return UNKNOWN;
	/* No event tells what it would find, but it is as at the end. */
	if (ideal_is_untouched(ideals, op->watch))
		value = event->before;
	else if (!ideal_memory(ideals, op->watch, at, &value))
		return UNKNOWN;
	if (event->bytes < sizeof(wanted))
		wanted &= ((uint64_t)1 << 8 * event->bytes) - 1;
	return value == wanted ? SUCCEEDS : FAILS;
}

/* Arrivals at one barrier commute or do not, all alike. */
static enum outcome arrival_outcome(const struct ideals *ideals, const struct ideal_op *op)
{
	const struct ideal_watch *watch = &ideals->watches[op->watch];

	if (!watch->count)
		return UNKNOWN;
	return ideals->dpor->events[ideals->relevant[watch->first]].succeeded;
}

/* By the first way, a wait is there to be woken. Where it has no choice it may not be. */
static enum outcome wait_outcome(const struct ideal_op *op)
{
	if (!op->clock || op->event->taken)
		return UNKNOWN;
	return op->event->ways > 1 ? SUCCEEDS : (enum outcome)op->event->succeeded;
}

static enum outcome outcome_of(const struct ideals *ideals, const struct ideal_op *op,
			       const struct dpor_event *event, const uint16_t *at)
{
	switch (event->op) {
	case OP_TRYLOCK:
	case OP_SPIN_TRYLOCK:
		return ideal_mutex_is_free(ideals, op->watch, at);
	case OP_SEM_TRYWAIT:
		return ideal_semaphore(ideals, op->watch, at) > 0;
	case OP_TRYRDLOCK:
	case OP_TRYWRLOCK:
		return ideal_may_lock(ideals, op->watch, at, event->op == OP_TRYWRLOCK);
	case OP_SIGNAL:
	case OP_BROADCAST:
		return ideal_has_waiter(ideals, op->cond, at);
	case OP_FUTEX_WOKEN:
		return ideal_futex_is_contested(ideals, op->cond, at, event->thread);
	case OP_FUTEX_WAKE:
	case OP_FUTEX_WAKE_BITSET:
		return ideal_futex_would_wake(ideals, op->cond, at, event);
	case OP_FUTEX_WAIT:
	case OP_FUTEX_REQUEUE:
	case OP_ATOMIC_CAS:
		return exchange_outcome(ideals, op, event, at);
	case OP_ONCE:
		return ideal_once(ideals, op->watch, at) == ONCE_NEW;
	case OP_RWUNLOCK:
		/* The writer's, unless it is one of the readers'. */
		return !ideal_may_lock(ideals, op->watch, at, false);
	case OP_WAIT:
		return wait_outcome(op);
	case OP_ARRIVE:
		return op->clock && !op->event->taken ? (enum outcome)event->succeeded
						      : arrival_outcome(ideals, op);
	default: /* as it is, whatever others do */
		return event->succeeded;
	}
}

static void join(const struct ideals *ideals, uint32_t *clock, const uint32_t *other)
{
	for (uint32_t t = 0; t < ideals->threads; t++)
		if (clock[t] < other[t])
			clock[t] = other[t];
}

/* As policy/dpor.c makes it, of the events of the prefix. */
static void clock_of(const struct ideals *ideals, const struct ideal_op *op,
		     const struct dpor_event *event, const uint16_t *at, uint32_t *clock)
{
	const struct dpor *dpor = ideals->dpor;
	uint32_t token = NONE;

	for (uint32_t t = 0; t < ideals->threads; t++)
		clock[t] = op->before[t];
	if (event->op == OP_AWAIT_END)
		join(ideals, clock, dpor->current[event->number]);
	if (event->op == OP_WAKE)
		token = ideal_token(ideals, op->cond, at, event->thread);
	if (event->op == OP_FUTEX_WOKEN)
		token = ideal_futex_token(ideals, op->cond, at, event->thread);
	for (uint32_t i = dpor->length; i-- > 0;) {
		const struct dpor_event *other = &dpor->events[i];

		if (clock[other->thread] >= other->ordinal || !ideal_has(ideals, other, at))
			continue;
		if (i == token || footprint_is_dependent(&other->foot, &event->foot) ||
		    (event->op == OP_PASS && other->op == OP_ARRIVE &&
		     other->object == event->object && other->number == event->number))
			join(ideals, clock, dpor->clocks[i]);
	}
}

uint32_t ideal_name_next(const struct ideals *ideals, uint32_t thread, const uint16_t *at,
			 struct digest names[2])
{
	const struct ideal_op *op = &ideals->ops[ideals->first[thread] + at[thread]];
	struct dpor_event there = op->event->interrupts ? ideal_there(ideals, op, at) : *op->event;
	enum outcome outcome = outcome_of(ideals, op, &there, at);
	uint32_t count = 0;

	for (int succeeds = FAILS; succeeds <= SUCCEEDS; succeeds++) {
		struct dpor_event event = there;
		uint32_t clock[DPOR_THREADS_MAX];

		if (outcome != UNKNOWN && outcome != (enum outcome)succeeds)
			continue;
		event.ordinal = ideals->dpor->base_ordinals[thread] + at[thread] + 1;
		event.succeeded = succeeds;
		event.way = 0;
		if (event.op == OP_FUTEX_WOKEN)
			ideal_futex_place(ideals, op->cond, at, &event);
		dpor_footprint(ideals->dpor, &event, event.succeeded);
		clock_of(ideals, op, &event, at, clock);
		names[count++] = ideal_event_name(ideals, &event, clock);
	}
	return count;
}

struct digest ideal_name_way(const struct ideals *ideals, uint32_t thread, const uint16_t *at,
			     uint32_t way)
{
	const struct ideal_op *op = &ideals->ops[ideals->first[thread] + at[thread]];
	struct dpor_event event = *op->event;
	uint32_t clock[DPOR_THREADS_MAX];

	event.way = (uint8_t)way;
	event.succeeded = false;
	dpor_footprint(ideals->dpor, &event, false);
	clock_of(ideals, op, &event, at, clock);
	return ideal_event_name(ideals, &event, clock);
}

uint32_t ideal_scarce(const struct ideals *ideals, const uint16_t *at)
{
	const struct dpor *dpor = ideals->dpor;
	uint32_t count = 0;

	for (uint32_t i = dpor->base; i < dpor->length; i++)
		count += dpor->events[i].is_scarce && ideal_has(ideals, &dpor->events[i], at);
	return count;
}
