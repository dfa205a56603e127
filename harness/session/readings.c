#include "session/readings.h"

#include "machine/memory.h"

#define ROOM_FIRST 8u

static void grow(struct thread *self)
{
	uint32_t room = self->reading_room ? self->reading_room * 2 : ROOM_FIRST;
	struct reading *list = room_take_as_is(room * sizeof(*list));

	if (self->reading_count)
		memory_copy(list, self->readings, self->reading_count * sizeof(*list));
	self->readings = list;
	self->reading_room = room;
}

void readings_add(struct thread *self, const struct rwlock *lock, const void *pc)
{
	if (self->reading_count == self->reading_room)
		grow(self);
	self->readings[self->reading_count++] = (struct reading){.lock = lock, .pc = pc};
}

static void remove_at(struct thread *thread, uint32_t at)
{
	for (thread->reading_count--; at < thread->reading_count; at++)
		thread->readings[at] = thread->readings[at + 1];
}

void readings_remove(struct thread *self, const struct rwlock *lock)
{
	const struct reading *last = readings_find(self, lock);

	if (last)
		remove_at(self, (uint32_t)(last - self->readings));
}

const struct reading *readings_find(const struct thread *thread, const struct rwlock *lock)
{
	for (uint32_t i = thread->reading_count; i-- > 0;)
		if (thread->readings[i].lock == lock)
			return &thread->readings[i];
	return 0;
}

int64_t readings_holder(const struct rwlock *lock, const struct reading **reading)
{
	int64_t holder = -1;

	for (uint32_t i = 0; i < execution.threads; i++) {
		const struct reading *found = readings_find(&threads[i], lock);

		if (!found || (holder >= 0 && threads[i].phase == PHASE_ENDED))
			continue;
		holder = i;
		if (reading)
			*reading = found;
		if (threads[i].phase != PHASE_ENDED)
			break;
	}
	return holder;
}

void readings_forget(const struct rwlock *lock)
{
	for (uint32_t t = 0; t < execution.threads; t++)
		for (uint32_t i = threads[t].reading_count; i-- > 0;)
			if (threads[t].readings[i].lock == lock)
				remove_at(&threads[t], i);
}
