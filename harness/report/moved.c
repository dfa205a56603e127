/*
 * moved.c - goes through a trace and keeps who holds which lock, and who has ended.
 *
 * A thread that is left had announced its next event. It could go on where that is one that never
 * waits, or waits for what was free at that moment.
 */
#include "report/moved.h"

#include "base/check.h"
#include "model/footprint.h"
#include "model/op.h"
#include "report/cache.h"
#include "trace/store.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A lock, or what is like one. */
struct lock {
	uint32_t owner; /* of a lock that is written, or the runner of a once */
	unsigned depth, readers;
};

struct walk {
	const struct trace *trace;
	struct moved *moved;
	struct cache locks; /* by the name's pointer, which is unique: struct lock */
	bool *ended;
	/* Whether the thread, since it was last switched to, has been chosen by somebody. */
	bool is_chosen;
};

static void *room_for(size_t count, size_t size)
{
	void *memory = calloc(count + 1, size);

	CHECK(memory && "enough memory");
	return memory;
}

static struct lock *lock_of(struct walk *walk, const char *name)
{
	void **slot = cache_at(&walk->locks, (uint64_t)(uintptr_t)name, 1);

	if (!*slot)
		*slot = room_for(1, sizeof(struct lock));
	return *slot;
}

/* The second of "condition,mutex", as the trace has it elsewhere. */
static struct lock *mutex_of(struct walk *walk, const struct trace_event *event)
{
	const char *comma = strrchr(event->object, ',');

	return comma ? lock_of(walk, store_intern(walk->trace->store, comma + 1)) : NULL;
}

/* A wait gives its mutex up and gets it back, however it ends. */
static bool has_failed(const struct trace_event *event)
{
	return event->op != OP_WAIT && event->op != OP_WAKE && *event->value &&
	       strcmp(event->value, "0") != 0 && strcmp(event->value, "EOWNERDEAD") != 0;
}

static void take(struct lock *lock, uint32_t thread)
{
	lock->owner = thread;
	lock->depth++;
}

static void give(struct lock *lock)
{
	if (lock->depth)
		lock->depth--;
}

static void apply(struct walk *walk, const struct trace_event *event)
{
	struct lock *lock;

	if (event->flags & EVENT_PENDING || has_failed(event))
		return;
	switch ((enum op)event->op) {
	case OP_LOCK:
	case OP_TRYLOCK:
	case OP_WRLOCK:
	case OP_TRYWRLOCK:
	case OP_SPIN_LOCK:
	case OP_SPIN_TRYLOCK:
		take(lock_of(walk, event->object), event->thread);
		break;
	case OP_RDLOCK:
	case OP_TRYRDLOCK:
		lock_of(walk, event->object)->readers++;
		break;
	case OP_UNLOCK:
	case OP_SPIN_UNLOCK:
		give(lock_of(walk, event->object));
		break;
	case OP_RWUNLOCK:
		lock = lock_of(walk, event->object);
		if (lock->depth)
			lock->depth--;
		else if (lock->readers)
			lock->readers--;
		break;
	case OP_WAIT:
		if ((lock = mutex_of(walk, event)))
			lock->depth = 0;
		break;
	case OP_WAKE:
		if ((lock = mutex_of(walk, event)))
			take(lock, event->thread);
		break;
	case OP_END:
		walk->ended[event->thread] = true;
		break;
	default: /* nothing that anybody has to wait for, as far as is told here */
		break;
	}
}

static bool is_held(const struct lock *lock, uint32_t thread)
{
	return lock->depth && lock->owner != thread;
}

/* Whether the thread whose next event that is has to wait, in the state that the walk is in.
 * `alone`: nobody else could go. */
static enum moved_why why_next(struct walk *walk, const struct trace_event *next, bool alone)
{
	enum op op = (enum op)next->op;
	const struct lock *lock = lock_of(walk, next->object);

	switch (op) {
	case OP_YIELD:
		return MOVED_YIELDED;
	case OP_LOCK:
	case OP_SPIN_LOCK:
	case OP_RDLOCK:
		return is_held(lock, next->thread) ? MOVED_WAITS : MOVED_PREEMPTED;
	case OP_WRLOCK:
		return is_held(lock, next->thread) || lock->readers ? MOVED_WAITS : MOVED_PREEMPTED;
	case OP_WAKE:
	case OP_FUTEX_WOKEN:
	case OP_SIGWAIT:
		return MOVED_WAITS;
	case OP_JOIN:
		if (next->number < walk->trace->thread_count && walk->ended[next->number])
			return MOVED_UNKNOWN;
		return MOVED_WAITS;
	default: /* the table of operations knows */
		break;
	}
	if (footprint_may_wait(op) || op_is_on_channel(op))
		return alone ? MOVED_WAITS : MOVED_UNKNOWN;
	return MOVED_PREEMPTED;
}

/* Of the thread of event `index`, after which another one goes. */
static enum moved_why why_at(struct walk *walk, size_t index)
{
	const struct trace_event *events = walk->trace->events, *after = &events[index + 1];
	size_t next = walk->moved[index].next;
	bool choice = after->flags & EVENT_WAS_CHOICE;
	enum moved_why why;

	if (events[index].op == OP_END)
		return MOVED_ENDED;
	if (next == SIZE_MAX || after->flags & EVENT_PENDING)
		return MOVED_UNKNOWN;
	why = why_next(walk, &events[next], !choice && after->op != OP_START);
	/* A thread that begins is looked at before anybody is chosen; and where nobody was, none
	 * was kept from anything. */
	if (why == MOVED_PREEMPTED && (!choice || !walk->is_chosen))
		return MOVED_UNKNOWN;
	return why;
}

static void link_next(const struct trace *trace, struct moved *moved)
{
	size_t *last = room_for(trace->thread_count, sizeof(*last));

	for (size_t i = 0; i < trace->thread_count; i++)
		last[i] = SIZE_MAX;
	for (size_t i = trace->event_count; i-- > 0;) {
		moved[i].next = last[trace->events[i].thread];
		last[trace->events[i].thread] = i;
	}
	free(last);
}

struct moved *moved_find(const struct trace *trace)
{
	struct walk walk = {.trace = trace};

	walk.moved = room_for(trace->event_count, sizeof(*walk.moved));
	walk.ended = room_for(trace->thread_count, sizeof(*walk.ended));
	link_next(trace, walk.moved);
	for (size_t i = 0; i < trace->event_count; i++) {
		const struct trace_event *event = &trace->events[i];

		if (!i || event[-1].thread != event->thread)
			walk.is_chosen = event->op != OP_START;
		walk.is_chosen |= (event->flags & EVENT_WAS_CHOICE) != 0;
		apply(&walk, event);
		if (i + 1 < trace->event_count && event[1].thread != event->thread)
			walk.moved[i].why = why_at(&walk, i);
	}
	cache_free(&walk.locks);
	free(walk.ended);
	return walk.moved;
}
