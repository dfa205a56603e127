#include "detect/sharing.h"

void sharing_save(struct sharing *sharing)
{
	sharing->base_count = 0;
	sharing->base_used = sharing->entries_used;
	for (uint32_t i = 1; i < sharing->base_used; i++)
		sharing->base_entries[i] = sharing->entries[i];
	for (uint32_t i = 0; i < 1u << sharing->cells_log && sharing->cells_used; i++) {
		const struct sharing_cell *cell = &sharing->cells[i];

		if (!cell->granule || cell->execution != sharing->execution || !cell->entries)
			continue;
		sharing->base[sharing->base_count++] =
			(struct sharing_base){.cell = i, .entries = cell->entries};
	}
}

void sharing_begin(struct sharing *sharing)
{
	sharing->execution++;
	sharing->entries_used = sharing->base_used ? sharing->base_used : 1;
	for (uint32_t i = 1; i < sharing->base_used; i++)
		sharing->entries[i] = sharing->base_entries[i];
	for (uint32_t i = 0; i < sharing->base_count; i++) {
		struct sharing_cell *cell = &sharing->cells[sharing->base[i].cell];

		cell->execution = sharing->execution;
		cell->entries = sharing->base[i].entries;
	}
}

/* The cell of a granule, made where it is not there yet; null where the table is full. */
static struct sharing_cell *cell_of(struct sharing *sharing, uint64_t granule)
{
	uint32_t mask = (1u << sharing->cells_log) - 1;
	uint32_t at = (uint32_t)((granule * 0x9e3779b97f4a7c15u) >> (64 - sharing->cells_log));

	for (;; at = (at + 1) & mask) {
		struct sharing_cell *cell = &sharing->cells[at];

		if (cell->granule == granule)
			return cell;
		if (cell->granule)
			continue;
		if (sharing->cells_used >= mask / 4 * 3)
			return 0;
		sharing->cells_used++;
		cell->granule = granule;
		return cell;
	}
}

void sharing_mark(struct sharing *sharing, uint64_t granule, uint32_t mask)
{
	struct sharing_cell *cell = cell_of(sharing, granule);

	if (cell)
		cell->visible |= mask;
	sharing->has_freed |= (mask & SHARING_FREED) != 0;
}

bool sharing_is_marked(struct sharing *sharing, uint64_t granule, uint32_t mask)
{
	const struct sharing_cell *cell = cell_of(sharing, granule);

	return cell && !(mask & ~cell->visible);
}

bool sharing_is_known(const struct sharing *sharing, uint64_t granule)
{
	uint32_t mask = (1u << sharing->cells_log) - 1;
	uint32_t at = (uint32_t)((granule * 0x9e3779b97f4a7c15u) >> (64 - sharing->cells_log));

	while (sharing->cells[at].granule && sharing->cells[at].granule != granule)
		at = (at + 1) & mask;
	return sharing->cells[at].granule;
}

static bool knows(const struct thread *thread, uint32_t other, uint32_t clock)
{
	return other < thread->clock_size && thread->clock[other] >= clock;
}

/* Bytes of the access that conflict with `entry` and are not ordered after it. */
static uint32_t conflict(const struct thread *thread, const struct sharing_entry *entry,
			 uint32_t mask, bool write)
{
	if (entry->thread == thread->number || !(write || entry->write) || !(entry->mask & mask))
		return 0;
	return knows(thread, entry->thread, entry->clock) ? 0 : entry->mask & mask;
}

/* True when nothing could conflict with the access that does not conflict with `entry` too. */
static bool covers(const struct sharing_entry *entry, uint32_t mask, bool write)
{
	return !(mask & ~entry->mask) && (entry->write || !write);
}

/* Adds the access to the cell's list, in place of older ones of the thread that it covers. False:
 * no memory. */
static bool remember(struct sharing *sharing, struct sharing_cell *cell,
		     const struct sharing_entry *access)
{
	uint32_t *link = &cell->entries;

	while (*link) {
		struct sharing_entry *entry = &sharing->entries[*link];

		if (entry->thread == access->thread) {
			if (entry->clock == access->clock &&
			    covers(entry, access->mask, access->write))
				return true;
			if (covers(access, entry->mask, entry->write)) {
				uint32_t next = entry->next;

				*entry = *access;
				entry->next = next;
				return true;
			}
		}
		link = &entry->next;
	}
	if (sharing->entries_used == sharing->entries_room)
		return false;
	*link = sharing->entries_used++;
	sharing->entries[*link] = *access;
	sharing->entries[*link].next = 0;
	return true;
}

static bool granule_access(struct sharing *sharing, const struct thread *thread, uint64_t granule,
			   uint32_t mask, bool write)
{
	struct sharing_cell *cell = cell_of(sharing, granule);
	struct sharing_entry access = {.thread = thread->number,
				       .clock = thread->clock[thread->number],
				       .mask = (uint8_t)mask,
				       .write = write};
	uint32_t found = 0;

	if (!cell)
		return true;
	if (!(mask & ~cell->visible))
		return true;
	if (cell->execution != sharing->execution) {
		cell->execution = sharing->execution;
		cell->entries = 0;
	}
	for (uint32_t at = cell->entries; at; at = sharing->entries[at].next)
		found |= conflict(thread, &sharing->entries[at], mask, write);
	found &= ~cell->visible;
	if (found) {
		cell->visible |= found;
		sharing->found(granule, found);
	}
	if (!remember(sharing, cell, &access))
		return true;
	return cell->visible & mask;
}

/* The bytes of an access that lie in its granule `granule`. */
static uint32_t bytes_in(uint64_t granule, uint64_t address, uint64_t end)
{
	uint64_t start = granule * SHARING_GRANULE_BYTES, stop = start + SHARING_GRANULE_BYTES;
	uint32_t first = address > start ? (uint32_t)(address - start) : 0;
	uint32_t last = stop > end ? (uint32_t)(end - start) : SHARING_GRANULE_BYTES;

	return ((1u << last) - 1) & ~((1u << first) - 1);
}

bool sharing_access(struct sharing *sharing, const struct thread *thread, uint64_t address,
		    size_t bytes, bool write)
{
	uint64_t end = address + bytes;
	bool visible = false;

	for (uint64_t granule = address / SHARING_GRANULE_BYTES;
	     granule * SHARING_GRANULE_BYTES < end; granule++)
		visible |= granule_access(sharing, thread, granule, bytes_in(granule, address, end),
					  write);
	return visible;
}

static void clock_widen(struct thread *thread, uint32_t size, uint32_t *(*room_for)(uint32_t count))
{
	uint32_t *wider;

	if (thread->clock_size >= size)
		return;
	wider = room_for(size);
	for (uint32_t i = 0; i < thread->clock_size; i++)
		wider[i] = thread->clock[i];
	thread->clock = wider;
	thread->clock_size = size;
}

void sharing_create(struct thread *parent, struct thread *child,
		    uint32_t *(*room_for)(uint32_t count))
{
	clock_widen(child, child->number + 1, room_for);
	if (!parent) {
		child->clock[child->number] = 1;
		return;
	}
	for (uint32_t i = 0; i < parent->clock_size; i++)
		child->clock[i] = parent->clock[i];
	child->clock[child->number] = 1;
	parent->clock[parent->number]++;
}

void sharing_join(struct thread *joiner, const struct thread *ended,
		  uint32_t *(*room_for)(uint32_t count))
{
	clock_widen(joiner, ended->clock_size, room_for);
	for (uint32_t i = 0; i < ended->clock_size; i++)
		if (joiner->clock[i] < ended->clock[i])
			joiner->clock[i] = ended->clock[i];
}
