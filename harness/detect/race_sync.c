/*
 * race_sync.c - what orders threads: race.h.
 *
 * Invariant: a thread's epoch ends with whatever makes its clock known to others, and with nothing
 * else. So who knows that epoch of it knows all that it knew when the epoch ended: one comparison
 * tells whether a clock that it left has anything new in it.
 */
#include "detect/race_memory.h"

/* The thread's clock becomes known to others. */
static void epoch_end(struct race *race, uint32_t thread)
{
	struct race_thread *self = &race->threads[thread];

	if (!race_clock_widen(race, &self->now, thread + 1))
		return;
	if (self->epoch == UINT32_MAX)
		race->full = true;
	else
		race->words[self->now.at + thread] = ++self->epoch;
}

void race_create(struct race *race, uint32_t parent, uint32_t child)
{
	struct race_thread *thread = &race->threads[child];

	*thread = (struct race_thread){.epoch = 1};
	race->thread_count = child + 1;
	if (parent != RACE_NOBODY)
		race_clock_copy(race, &thread->now, &race->threads[parent].now);
	if (!race_clock_widen(race, &thread->now, child + 1))
		return;
	race->words[thread->now.at + child] = 1;
	if (parent != RACE_NOBODY)
		epoch_end(race, parent);
}

void race_join(struct race *race, uint32_t joiner, uint32_t ended)
{
	race_clock_join(race, &race->threads[joiner].now, &race->threads[ended].now);
}

static uint32_t offset_of(uint64_t address)
{
	return (uint32_t)(address % RACE_CELL_BYTES);
}

void race_load(struct race *race, uint32_t thread, uint64_t address, unsigned order)
{
	struct race_cell *cell = race_cell_at(race, address);
	struct race_thread *self = &race->threads[thread];
	struct race_clock *to = order & RACE_ACQUIRE ? &self->now : &self->seen;

	for (uint32_t at = cell ? cell->heads : 0; at; at = race->heads[at].next) {
		const struct race_head *head = &race->heads[at];

		if (head->offset == offset_of(address) &&
		    race_clock_get(race, &self->now, head->thread) < head->time &&
		    race_clock_get(race, to, head->thread) < head->time)
			race_clock_join(race, to, &head->clock);
	}
}

/* The thread's own head at the address is made to be at least `clock`, which it had at the end of
 * its epoch `time`. */
static void head_put(struct race *race, struct race_cell *cell, uint64_t address, uint32_t thread,
		     const struct race_clock *clock)
{
	uint32_t at = cell->heads, time = race_clock_get(race, clock, thread);
	struct race_head *head;

	while (at &&
	       (race->heads[at].offset != offset_of(address) || race->heads[at].thread != thread))
		at = race->heads[at].next;
	if (at && race->heads[at].time >= time)
		return;
	if (!at) {
		at = race_head_new(race);
		if (!at)
			return;
		race->heads[at].next = cell->heads;
		cell->heads = at;
	}
	head = &race->heads[at];
	head->offset = offset_of(address);
	head->thread = thread;
	head->time = time;
	race_clock_copy(race, &head->clock, clock);
}

/* What the thread gives to whoever reads what it now writes. */
static void publish(struct race *race, struct race_cell *cell, uint64_t address, uint32_t thread,
		    unsigned order)
{
	const struct race_thread *self = &race->threads[thread];

	if (order & RACE_RELEASE) {
		head_put(race, cell, address, thread, &self->now);
		epoch_end(race, thread);
	} else if (self->fence.size) {
		head_put(race, cell, address, thread, &self->fence);
	}
}

void race_store(struct race *race, uint32_t thread, uint64_t address, unsigned order)
{
	struct race_cell *cell = race_cell_at(race, address);
	uint32_t *link;

	if (!cell)
		return;
	for (link = &cell->heads; *link;) {
		struct race_head *head = &race->heads[*link];
		uint32_t at = *link;

		if (head->offset != offset_of(address) || head->thread == thread) {
			link = &head->next;
			continue;
		}
		*link = head->next;
		race_head_free(race, at);
	}
	publish(race, cell, address, thread, order);
}

void race_update(struct race *race, uint32_t thread, uint64_t address, unsigned order)
{
	struct race_cell *cell = race_cell_at(race, address);

	race_load(race, thread, address, order);
	if (cell)
		publish(race, cell, address, thread, order);
}

void race_fence(struct race *race, uint32_t thread, unsigned order)
{
	struct race_thread *self = &race->threads[thread];

	if (order & RACE_ACQUIRE && self->seen.size) {
		race_clock_join(race, &self->now, &self->seen);
		self->seen.size = 0;
	}
	if (order & RACE_RELEASE) {
		race_clock_copy(race, &self->fence, &self->now);
		epoch_end(race, thread);
	}
}
