#include "session/reduction.h"

#include "machine/memory.h"
#include "machine/probe.h"
#include "policy/dpor.h"
#include "session/spin.h"
#include "session/verdict.h"
#include "session/work.h"

#define NAMES_MAX DPOR_THREADS_MAX

/* Threads are named by whose how-manieth child they are. */
struct name {
	uint32_t parent, child;
};

static struct dpor *dpor;
static struct name *names;
static uint32_t *name_count;

void reduction_init(void)
{
	dpor = memory_reserve_shared(sizeof(*dpor));
	dpor_init(dpor, memory_reserve_shared);
	names = memory_reserve_shared(NAMES_MAX * sizeof(*names));
	name_count = memory_reserve_shared(sizeof(*name_count));
	/* Main. */
	*name_count = 1;
}

static void reduction_begin(void *state, uint64_t index)
{
	(void)index;
	if (((struct dpor *)state)->marked)
		dpor_begin(state);
}

static uint32_t thread_named(uint32_t name)
{
	for (uint32_t i = 0; i < execution.threads; i++)
		if (threads[i].name_number == name)
			return i;
	return 0;
}

static bool has_value(const struct dpor_event *event)
{
	return op_is_access(event->op) && event->bytes <= sizeof(event->before);
}

static uint64_t value_at(const struct dpor_event *event)
{
	unsigned long value = 0;

	probe_read(event->object, event->bytes, &value);
	return value;
}

/* The thread of the last event has carried it out, and nobody else has run since. */
static void outcome_read(void)
{
	struct dpor_event *event = dpor_last(dpor);

	if (event && has_value(event))
		event->after = value_at(event);
}

/* A bit for each thread that waits for a guard. */
static uint64_t held(void)
{
	uint64_t mask = 0;

	for (uint32_t i = 0; i < execution.threads && execution.guarded; i++)
		if (threads[i].phase == PHASE_PENDING && spin_is_held(&threads[i]))
			mask |= 1ul << threads[i].name_number;
	return mask;
}

static uint32_t reduction_pick(void *state, const struct choice *choice, uint64_t *quantum)
{
	uint64_t mask = 0;

	for (uint32_t i = 0; i < execution.threads; i++)
		if (bitset_has(choice->enabled, i))
			mask |= 1ul << threads[i].name_number;
	*quantum = 0;
	dpor->held = held();
	dpor->yielding = (uint64_t)choice->yielding << threads[choice->current].name_number;
	outcome_read();
	return thread_named(dpor_pick(state, mask));
}

/* No operation with a choice of value is part of an exhaustive search yet. */
static uint32_t reduction_choose(void *state, uint32_t alternatives)
{
	(void)state;
	(void)alternatives;
	return 0;
}

struct policy reduction_policy(void)
{
	return (struct policy){.state = dpor,
			       .begin = reduction_begin,
			       .pick = reduction_pick,
			       .choose = reduction_choose};
}

static void event_fill(struct dpor_event *event, const struct thread *thread)
{
	event->op = thread->op;
	event->object = thread->object;
	event->mutex = thread->mutex;
	event->bytes = thread->size;
	event->number = thread->wait_number;
	if (thread->guard_count)
		dpor_guard(dpor, event, thread->guards, thread->guard_count);
}

void reduction_event(const struct thread *self)
{
	struct dpor_event *event;

	if (!session.reducing)
		return;
	outcome_read();
	event = dpor_event(dpor, self->name_number, self->op);
	event_fill(event, self);
	event->has_values = has_value(event);
	if (event->has_values)
		event->before = value_at(event);
}

/* The last event, while its outcome is open and where it was on `object`: operations that nobody
 * else can see are none. */
static struct dpor_event *event_on(const void *object)
{
	struct dpor_event *event = session.reducing ? dpor_last(dpor) : 0;

	return event && event->object == object ? event : 0;
}

void reduction_failed(const void *object)
{
	struct dpor_event *event = event_on(object);

	if (event)
		event->succeeded = false;
}

void reduction_number(const void *object, uint32_t number)
{
	struct dpor_event *event = event_on(object);

	if (event)
		event->number = number;
}

void reduction_exchange(const void *object, uint64_t expected, bool succeeded)
{
	struct dpor_event *event = event_on(object);

	if (!event)
		return;
	event->expected = expected;
	event->succeeded = succeeded;
}

static uint64_t granule_of(const void *object)
{
	return (uint64_t)object / SHARING_GRANULE_BYTES;
}

void reduction_contended(const void *object)
{
	if (!session.reducing || reduction_is_contended(object))
		return;
	sharing_mark(&session.sharing, granule_of(object), SHARING_CONTENDED);
	work_found_visible(granule_of(object), SHARING_CONTENDED);
}

bool reduction_is_contended(const void *object)
{
	return session.reducing &&
	       sharing_is_marked(&session.sharing, granule_of(object), SHARING_CONTENDED);
}

bool reduction_name(struct thread *parent, struct thread *thread)
{
	uint32_t child, name;

	if (!session.reducing)
		return true;
	child = parent->children++;
	for (name = 1; name < *name_count; name++)
		if (names[name].parent == parent->name_number && names[name].child == child)
			break;
	if (name == NAMES_MAX)
		return false;
	if (name == *name_count)
		names[(*name_count)++] =
			(struct name){.parent = parent->name_number, .child = child};
	thread->name_number = name;
	outcome_read();
	dpor_created(dpor, parent->name_number, name);
	return true;
}

void reduction_joined(const struct thread *joiner, const struct thread *ended)
{
	if (!session.reducing)
		return;
	outcome_read();
	dpor_joined(dpor, joiner->name_number, ended->name_number);
}

void reduction_mark(void)
{
	if (!session.reducing)
		return;
	outcome_read();
	dpor_mark_base(dpor);
}

void reduction_collect(void)
{
	uint32_t verdict = session.worker->report.verdict;

	if (!session.reducing)
		return;
	outcome_read();
	dpor->pending_count = 0;
	for (uint32_t i = 0; i < execution.threads; i++) {
		struct dpor_event *event = &dpor->pending[dpor->pending_count];

		if (threads[i].phase != PHASE_PENDING)
			continue;
		*event = (struct dpor_event){.thread = threads[i].name_number, .succeeded = true};
		event_fill(event, &threads[i]);
		/* Else it is left from an earlier wait; a semaphore that is waited for is 0. */
		if (event->op != OP_PASS)
			event->number = 0;
		event->enabled = bitset_has(&enabled, i);
		dpor->pending_count++;
	}
	dpor->terminal =
		verdict != VERDICT_DEADLOCK && verdict != VERDICT_LIVELOCK && dpor->pending_count;
}

bool reduction_next(void)
{
	bool more = dpor_finish(dpor);

	if (dpor->exhausted)
		session.shared->depth_cut = 1;
	return more;
}

bool reduction_is_full(void)
{
	return session.reducing && dpor->exhausted;
}

bool reduction_is_redundant(void)
{
	if (!session.reducing)
		return false;
	if (dpor->differs)
		session.dfs.differs = true;
	return dpor->asleep;
}
