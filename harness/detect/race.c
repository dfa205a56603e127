/*
 * race.c - accesses: race.h.
 */
#include "detect/race.h"

#include "detect/race_memory.h"

uint32_t race_epoch(const struct race *race, uint32_t thread)
{
	return race->threads[thread].epoch;
}

static bool knows(const struct race *race, uint32_t thread, uint32_t other, uint32_t time)
{
	return race_clock_get(race, &race->threads[thread].now, other) >= time;
}

bool race_knows(const struct race *race, uint32_t thread, uint32_t other, uint32_t epoch)
{
	return thread == other || knows(race, thread, other, epoch);
}

/* The access of a cell's list, or that is told, which may change it. */
struct look {
	struct race *race;
	const struct race_access *access;
	uint64_t start; /* address of the cell */
	uint32_t mask, epoch;
};

static bool conflicts(unsigned one, unsigned other)
{
	return ((one | other) & RACE_WRITE) && !(one & other & RACE_ATOMIC);
}

/* Whatever races with an access of kind `weak` races with one of kind `strong`. */
static bool covers(unsigned strong, unsigned weak)
{
	return (strong & RACE_WRITE || !(weak & RACE_WRITE)) &&
	       (!(strong & RACE_ATOMIC) || weak & RACE_ATOMIC);
}

static void report(const struct look *look, const struct race_entry *entry)
{
	const struct race_access *access = look->access;
	uint32_t both = entry->mask & look->mask, first = (uint32_t)__builtin_ctz(both);
	struct race_found found = {
		.first = {.pc = entry->pc,
			  .thread = entry->thread,
			  .clock = entry->clock,
			  .event = entry->event,
			  .kind = entry->kind},
		.second = {.pc = access->pc,
			   .thread = access->thread,
			   .clock = look->epoch,
			   .event = access->event,
			   .kind = access->kind},
		.address = look->start + first,
		.mask = both >> first,
	};

	look->race->found(&found);
}

/* Takes the access's bytes out of the entry where it covers them. True when nothing is left. */
static bool entry_meet(const struct look *look, struct race_entry *entry)
{
	uint32_t thread = look->access->thread;

	if (!(entry->mask & look->mask))
		return false;
	if (entry->thread != thread && !knows(look->race, thread, entry->thread, entry->clock)) {
		if (conflicts(entry->kind, look->access->kind))
			report(look, entry);
		return false;
	}
	if (covers(look->access->kind, entry->kind))
		entry->mask &= (uint8_t)~look->mask;
	return !entry->mask;
}

/* The thread has made that access in this epoch, or one that covers it. */
static bool is_repeated(const struct look *look, const struct race_entry *entry)
{
	return entry->thread == look->access->thread && entry->clock == look->epoch &&
	       !(look->mask & ~entry->mask) && covers(entry->kind, look->access->kind);
}

static bool is_known(const struct look *look, const struct race_cell *cell)
{
	const struct race_entry *entries = look->race->entries;

	for (uint32_t at = cell->entries; at; at = entries[at].next)
		if (is_repeated(look, &entries[at]))
			return true;
	return false;
}

static void cell_access(const struct look *look, struct race_cell *cell)
{
	struct race *race = look->race;
	uint32_t *link = &cell->entries;
	uint32_t made;

	while (*link) {
		uint32_t at = *link;

		if (entry_meet(look, &race->entries[at])) {
			*link = race->entries[at].next;
			race_entry_free(race, at);
		} else {
			link = &race->entries[at].next;
		}
	}
	made = race_entry_new(race);
	if (!made)
		return;
	race->entries[made] = (struct race_entry){.pc = look->access->pc,
						  .clock = look->epoch,
						  .next = cell->entries,
						  .event = look->access->event,
						  .thread = (uint16_t)look->access->thread,
						  .mask = (uint8_t)look->mask,
						  .kind = (uint8_t)look->access->kind};
	cell->entries = made;
}

/* The bytes of [from, to) that lie in the cell. */
static uint32_t bytes_in(uint64_t start, uint64_t from, uint64_t to)
{
	uint32_t first = from > start ? (uint32_t)(from - start) : 0;
	uint32_t last = to - start < RACE_CELL_BYTES ? (uint32_t)(to - start) : RACE_CELL_BYTES;

	return ((1u << last) - 1) & ~((1u << first) - 1);
}

/* The access is the same as the last one of its cell. */
static inline bool is_last_again(struct race *race, const struct race_access *access,
				 uint32_t epoch)
{
	uint32_t offset = (uint32_t)(access->address % RACE_CELL_BYTES), mask;
	struct race_cell *cell;
	const struct race_entry *entry;

	if (offset + access->bytes > RACE_CELL_BYTES)
		return false;
	cell = race_cell_at(race, access->address);
	if (!cell || !cell->entries)
		return false;
	mask = ((1u << access->bytes) - 1) << offset;
	entry = &race->entries[cell->entries];
	return entry->thread == access->thread && !(mask & ~entry->mask) &&
	       covers(entry->kind, access->kind) && entry->clock == epoch;
}

bool race_access(struct race *race, const struct race_access *access)
{
	uint64_t end = access->address + access->bytes;
	struct look look = {.race = race,
			    .access = access,
			    .start = access->address & -(uint64_t)RACE_CELL_BYTES,
			    .epoch = race_epoch(race, access->thread)};
	bool made = false;

	if (is_last_again(race, access, look.epoch))
		return false;
	for (; look.start < end; look.start += RACE_CELL_BYTES) {
		struct race_cell *cell = race_cell_at(race, look.start);

		look.mask = bytes_in(look.start, access->address, end);
		if (!cell || is_known(&look, cell))
			continue;
		cell_access(&look, cell);
		made = true;
	}
	return made;
}

static void cell_free(const struct look *look, const struct race_cell *cell)
{
	const struct race_entry *entries = look->race->entries;

	for (uint32_t at = cell->entries; at; at = entries[at].next) {
		const struct race_entry *entry = &entries[at];

		if (entry->mask & look->mask && entry->thread != look->access->thread &&
		    !knows(look->race, look->access->thread, entry->thread, entry->clock) &&
		    conflicts(entry->kind, look->access->kind))
			report(look, entry);
	}
}

static void page_free(struct race *race, struct race_page *page, uint64_t start,
		      const void *argument)
{
	const struct race_access *access = argument;
	uint64_t end = access->address + access->bytes;
	uint64_t first = access->address > start ? (access->address - start) / RACE_CELL_BYTES : 0;
	struct look look = {
		.race = race, .access = access, .epoch = race_epoch(race, access->thread)};

	for (uint64_t i = first; i < RACE_PAGE_CELLS; i++) {
		look.start = start + i * RACE_CELL_BYTES;
		if (look.start >= end)
			break;
		if (page->cells[i].execution != race->execution && !page->bases[i].entries)
			continue;
		look.mask = bytes_in(look.start, access->address, end);
		cell_free(&look, race_cell_at(race, look.start));
	}
}

void race_free(struct race *race, const struct race_access *access)
{
	race_pages_in(race, access->address, access->address + access->bytes, page_free, access);
}
