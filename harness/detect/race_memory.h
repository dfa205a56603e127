/* race_memory.h - the parts of race.c: cells, and clocks. Only for race*.c. */
#ifndef HEDDLE_DETECT_RACE_MEMORY_H
#define HEDDLE_DETECT_RACE_MEMORY_H

#include "detect/race.h"

#define RACE_CELL_BYTES 8u
#define RACE_PAGE_BYTES (RACE_CELL_BYTES * RACE_PAGE_CELLS)

struct race_cell *race_cell_find(struct race *race, uint64_t address);

/* The cell of an address, as it is in this execution. Null where there is no memory. */
static inline struct race_cell *race_cell_at(struct race *race, uint64_t address)
{
	uint64_t name = address / RACE_PAGE_BYTES + 1;
	const struct race_recent *recent = &race->recent[name % RACE_RECENT];

	if (__builtin_expect(recent->name == name, 1)) {
		struct race_cell *cell =
			&recent->page->cells[address / RACE_CELL_BYTES % RACE_PAGE_CELLS];

		if (cell->execution == race->execution)
			return cell;
	}
	return race_cell_find(race, address);
}

/* Calls `each` for the pages that there are of [from, to); `start` is the page's first address. */
void race_pages_in(struct race *race, uint64_t from, uint64_t to,
		   void (*each)(struct race *race, struct race_page *page, uint64_t start,
				const void *argument),
		   const void *argument);

/* Index of a new entry or head, or 0 where there is no memory. A head keeps the room of its clock
 * from its last use. */
uint32_t race_entry_more(struct race *race);
uint32_t race_head_new(struct race *race);
void race_head_free(struct race *race, uint32_t at);

static inline uint32_t race_entry_new(struct race *race)
{
	uint32_t at = race->entries_free;

	if (!at)
		return race_entry_more(race);
	race->entries_free = race->entries[at].next;
	return at;
}

static inline void race_entry_free(struct race *race, uint32_t at)
{
	race->entries[at].next = race->entries_free;
	race->entries_free = at;
}

/* The clock's value for a thread. */
static inline uint32_t race_clock_get(const struct race *race, const struct race_clock *clock,
				      uint32_t thread)
{
	return thread < clock->size ? race->words[clock->at + thread] : 0;
}

/* Makes room to write to: at least `size` wide, the rest zeroed. False where there is no memory. */
bool race_clock_widen(struct race *race, struct race_clock *clock, uint32_t size);
void race_clock_copy(struct race *race, struct race_clock *to, const struct race_clock *from);
/* The higher of both for each thread. */
void race_clock_join(struct race *race, struct race_clock *to, const struct race_clock *from);

#endif
