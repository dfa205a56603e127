#include "unit/races.h"

#include "detect/race.h"

/* `event` and all that happens before it happen before `last`. */
static void edge(struct plain *plain, unsigned event, unsigned last)
{
	for (unsigned i = 0; i < event; i++)
		plain->before[last][i] |= plain->before[event][i];
	plain->before[last][event] = true;
}

static bool is_write(const struct plain_event *event)
{
	return event->op == PLAIN_STORE || event->op == PLAIN_UPDATE;
}

static bool is_read(const struct plain_event *event)
{
	return event->op == PLAIN_LOAD || event->op == PLAIN_UPDATE;
}

static bool contains(const struct plain_event *range, unsigned address)
{
	return address >= range->address && address < range->address + range->bytes;
}

/* The write before `from` that is next to it in the order of the object's values; -1 where there is
 * none, or the object has been given back since. */
static int write_before(const struct plain *plain, unsigned address, int from)
{
	for (int i = from - 1; i >= 0; i--) {
		const struct plain_event *event = &plain->events[i];

		if (event->op == PLAIN_FORGET && contains(event, address / 8 * 8))
			return -1;
		if (is_write(event) && event->address == address)
			return i;
	}
	return -1;
}

/* C11 5.1.2.4 and 7.17.4: the write at `head` synchronises with whoever reads a value of its
 * release sequence, where it is a release itself or has a release fence before it. */
static void head_edges(struct plain *plain, unsigned head, unsigned last)
{
	const struct plain_event *events = plain->events;

	if (events[head].order & RACE_RELEASE)
		edge(plain, head, last);
	for (unsigned i = 0; i < head; i++)
		if (events[i].op == PLAIN_FENCE && events[i].order & RACE_RELEASE &&
		    events[i].thread == events[head].thread)
			edge(plain, i, last);
}

/* Event `read` takes a value, and event `last` acquires by that: each write whose release sequence
 * the value belongs to. */
static void read_edges(struct plain *plain, unsigned read, unsigned last)
{
	const struct plain_event *events = plain->events;
	unsigned address = events[read].address;
	int value = write_before(plain, address, (int)read);

	for (int head = value; head >= 0; head = write_before(plain, address, head)) {
		bool goes_on = true;

		for (int i = value; i > head; i = write_before(plain, address, i))
			goes_on &= events[i].op == PLAIN_UPDATE ||
				   events[i].thread == events[head].thread;
		if (goes_on)
			head_edges(plain, (unsigned)head, last);
	}
}

void plain_add(struct plain *plain, const struct plain_event *event)
{
	unsigned last = plain->count++;

	plain->events[last] = *event;
	for (unsigned i = 0; i < EVENTS_MAX; i++)
		plain->before[last][i] = false;
	for (unsigned i = 0; i < last; i++) {
		const struct plain_event *earlier = &plain->events[i];

		if (earlier->thread == event->thread ||
		    (earlier->op == PLAIN_CREATE && earlier->other == event->thread) ||
		    (event->op == PLAIN_JOIN &&
		     (earlier->thread == event->other ||
		      (earlier->op == PLAIN_CREATE && earlier->other == event->other))))
			edge(plain, i, last);
		if (event->op == PLAIN_FENCE && event->order & RACE_ACQUIRE && is_read(earlier) &&
		    earlier->thread == event->thread)
			read_edges(plain, i, last);
	}
	if (is_read(event) && event->order & RACE_ACQUIRE)
		read_edges(plain, last, last);
}

bool plain_is_race(const struct plain *plain, unsigned one, unsigned other, unsigned byte)
{
	const struct plain_event *a = &plain->events[one], *b = &plain->events[other];

	if (a->op != PLAIN_ACCESS || b->op != PLAIN_ACCESS || !contains(a, byte) ||
	    !contains(b, byte) || a->thread == b->thread)
		return false;
	for (unsigned i = one; i < other; i++)
		if (plain->events[i].op == PLAIN_FORGET && contains(&plain->events[i], byte))
			return false;
	return ((a->kind | b->kind) & RACE_WRITE) && !(a->kind & b->kind & RACE_ATOMIC) &&
	       !plain->before[other][one];
}

uint32_t plain_races_of_last(const struct plain *plain)
{
	unsigned last = plain->count - 1;
	uint32_t bytes = 0;

	for (unsigned i = 0; i < last; i++)
		for (unsigned byte = 0; byte < PLAIN_BYTES; byte++)
			if (plain_is_race(plain, i, last, byte))
				bytes |= 1u << byte;
	return bytes;
}
