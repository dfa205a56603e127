#include "report/held.h"

#include "model/op.h"
#include "trace/event.h"

#include <string.h>

/* So many are looked after: a thread that holds more is not told of better by a longer line. */
#define LOCKS_MAX 16u

struct lock {
	uint64_t address, pc;
};

struct locks {
	struct lock items[LOCKS_MAX];
	unsigned count;
};

static bool failed(const struct event *event)
{
	return event->flags & EVENT_HAS_VALUE && event->value;
}

/* The lock that the event takes, or 0. */
static uint64_t taken(const struct event *event)
{
	switch ((enum op)event->op) {
	case OP_WAKE:
		return event->before;
	case OP_LOCK:
	case OP_TRYLOCK:
	case OP_RDLOCK:
	case OP_WRLOCK:
	case OP_TRYRDLOCK:
	case OP_TRYWRLOCK:
	case OP_SPIN_LOCK:
	case OP_SPIN_TRYLOCK:
		return failed(event) ? 0 : event->address;
	default:
		return 0;
	}
}

static uint64_t given_back(const struct event *event)
{
	switch ((enum op)event->op) {
	case OP_WAIT:
		return event->before;
	case OP_UNLOCK:
	case OP_RWUNLOCK:
	case OP_SPIN_UNLOCK:
		return failed(event) ? 0 : event->address;
	default:
		return 0;
	}
}

static void lock_remove(struct locks *locks, uint64_t address)
{
	for (unsigned i = locks->count; i-- > 0;) {
		if (locks->items[i].address != address)
			continue;
		locks->count--;
		memmove(&locks->items[i], &locks->items[i + 1],
			(locks->count - i) * sizeof(locks->items[0]));
		return;
	}
}

static void locks_find(struct locks *locks, struct record *record, uint32_t thread, size_t event)
{
	size_t count;
	const struct event *events = record_events(record, &count);

	for (size_t i = 0; i < count && i < event; i++) {
		uint64_t address;

		if (events[i].thread != thread || events[i].flags & EVENT_PENDING)
			continue;
		if ((address = given_back(&events[i])))
			lock_remove(locks, address);
		else if ((address = taken(&events[i])) && locks->count < LOCKS_MAX)
			locks->items[locks->count++] =
				(struct lock){.address = address, .pc = events[i].pc};
	}
}

void held_print(FILE *out, struct record *record, uint32_t thread, size_t event)
{
	struct locks locks = {.count = 0};

	locks_find(&locks, record, thread, event);
	fputs(locks.count ? "holds " : "holds no lock", out);
	for (unsigned i = 0; i < locks.count; i++) {
		const struct lock *lock = &locks.items[i];

		if (i)
			fputs(i + 1 == locks.count ? " and " : ", ", out);
		fprintf(out, "%s (%s)", record_title(record, lock->address),
			symbols_place(record_symbols(record), lock->pc)->text);
	}
}
