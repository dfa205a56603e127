/*
 * race_memory.c - where cells, lists and clocks of the race detector lie.
 *
 * Invariant: what lies below the base (base_entries, base_heads, base_words) is not written to: it
 * is how every execution begins. Whoever wants to change it makes a copy above.
 */
#include "detect/race_memory.h"

#define NAMES_HASH 0x9e3779b97f4a7c15u
/* Room of a clock: few programs have more threads. */
#define CLOCK_LEAST 4u

static uint32_t slot_of(const struct race *race, uint64_t name)
{
	uint32_t at = (uint32_t)((name * NAMES_HASH) >> (64 - race->slots_log));

	while (race->slots[at].page && race->slots[at].page != name)
		at = (at + 1) & ((1u << race->slots_log) - 1);
	return at;
}

/* Returns false, and says so, where a table cannot grow. */
static bool grow(struct race *race, enum race_table table)
{
	if (race->grow && race->grow(race, table))
		return true;
	race->full = true;
	return false;
}

/* Fills in the slots, which are empty. */
static void pages_index(struct race *race)
{
	for (uint32_t i = 0; i < RACE_RECENT; i++)
		race->recent[i].name = 0;
	for (uint32_t i = 0; i < race->pages_used; i++)
		race->slots[slot_of(race, race->page_names[i])] =
			(struct race_slot){.page = race->page_names[i], .at = i};
}

static struct race_page *page_new(struct race *race, uint64_t name)
{
	if (race->pages_used == race->pages_room) {
		if (!grow(race, RACE_PAGES))
			return 0;
		pages_index(race);
	}
	race->slots[slot_of(race, name)] = (struct race_slot){.page = name, .at = race->pages_used};
	race->page_names[race->pages_used] = name;
	return &race->pages[race->pages_used++];
}

static struct race_page *page_at(struct race *race, uint64_t address, bool make)
{
	uint64_t name = address / RACE_PAGE_BYTES + 1;
	struct race_recent *recent = &race->recent[name % RACE_RECENT];
	struct race_slot *slot;
	struct race_page *page;

	if (name == recent->name)
		return recent->page;
	slot = &race->slots[slot_of(race, name)];
	if (slot->page)
		page = &race->pages[slot->at];
	else
		page = make ? page_new(race, name) : 0;
	if (page)
		*recent = (struct race_recent){.name = name, .page = page};
	return page;
}

/* Pages that only executions of the past have used go, when there are too many. */
static void pages_trim(struct race *race)
{
	if (race->pages_used <= race->pages_kept || race->pages_used == race->base_pages)
		return;
	for (uint32_t i = race->base_pages; i < race->pages_used; i++)
		race->pages[i] = (struct race_page){.cells = {{0}}};
	for (uint32_t i = 0; i < 1u << race->slots_log; i++)
		race->slots[i].page = 0;
	race->pages_used = race->base_pages;
	pages_index(race);
}

uint32_t race_entry_more(struct race *race)
{
	if (race->entries_used == race->entries_room && !grow(race, RACE_ENTRIES))
		return 0;
	return race->entries_used++;
}

uint32_t race_head_new(struct race *race)
{
	uint32_t at = race->heads_free;

	if (at) {
		race->heads_free = race->heads[at].next;
		return at;
	}
	if (race->heads_used == race->heads_room && !grow(race, RACE_HEADS))
		return 0;
	race->heads[race->heads_used].clock = (struct race_clock){.room = 0};
	return race->heads_used++;
}

void race_head_free(struct race *race, uint32_t at)
{
	race->heads[at].next = race->heads_free;
	race->heads_free = at;
}

bool race_clock_widen(struct race *race, struct race_clock *clock, uint32_t size)
{
	uint32_t room = CLOCK_LEAST, at = race->words_used;

	if (clock->room < size || clock->at < race->base_words) {
		/* A clock of the base may be wider than what is asked for. */
		while (room < size || room < clock->size)
			room *= 2;
		if (race->words_room - at < room && !grow(race, RACE_WORDS))
			return false;
		if (race->words_room - at < room) {
			race->full = true;
			return false;
		}
		race->words_used += room;
		for (uint32_t i = 0; i < clock->size; i++)
			race->words[at + i] = race->words[clock->at + i];
		clock->at = at;
		clock->room = room;
	}
	for (; clock->size < size; clock->size++)
		race->words[clock->at + clock->size] = 0;
	return true;
}

void race_clock_copy(struct race *race, struct race_clock *to, const struct race_clock *from)
{
	to->size = 0;
	if (!race_clock_widen(race, to, from->size))
		return;
	for (uint32_t i = 0; i < from->size; i++)
		race->words[to->at + i] = race->words[from->at + i];
}

void race_clock_join(struct race *race, struct race_clock *to, const struct race_clock *from)
{
	uint32_t *words;

	if (!race_clock_widen(race, to, to->size > from->size ? to->size : from->size))
		return;
	words = race->words + to->at;
	for (uint32_t i = 0; i < from->size; i++)
		if (words[i] < race->words[from->at + i])
			words[i] = race->words[from->at + i];
}

/* A list of entries, or of heads, again. Tables may move while that is done. */
static uint32_t entries_copy(struct race *race, uint32_t from)
{
	uint32_t first = 0, last = 0;

	for (; from; from = race->entries[from].next) {
		uint32_t at = race_entry_new(race);

		if (!at)
			break;
		race->entries[at] = race->entries[from];
		race->entries[at].next = 0;
		if (last)
			race->entries[last].next = at;
		else
			first = at;
		last = at;
	}
	return first;
}

static uint32_t heads_copy(struct race *race, uint32_t from)
{
	uint32_t first = 0, last = 0;

	for (; from; from = race->heads[from].next) {
		uint32_t at = race_head_new(race);
		struct race_clock clock;

		if (!at)
			break;
		clock = race->heads[at].clock;
		race_clock_copy(race, &clock, &race->heads[from].clock);
		race->heads[at] = race->heads[from];
		race->heads[at].clock = clock;
		race->heads[at].next = 0;
		if (last)
			race->heads[last].next = at;
		else
			first = at;
		last = at;
	}
	return first;
}

static void cell_begin(struct race *race, struct race_cell *cell, const struct race_base *base)
{
	cell->execution = race->execution;
	cell->entries = entries_copy(race, base->entries);
	cell->heads = heads_copy(race, base->heads);
}

struct race_cell *race_cell_find(struct race *race, uint64_t address)
{
	struct race_page *page = page_at(race, address, true);
	uint64_t at;

	if (!page)
		return 0;
	at = address / RACE_CELL_BYTES % RACE_PAGE_CELLS;
	if (page->cells[at].execution != race->execution)
		cell_begin(race, &page->cells[at], &page->bases[at]);
	return &page->cells[at];
}

static void cell_forget(struct race *race, struct race_cell *cell)
{
	if (cell->execution == race->execution) {
		for (uint32_t at = cell->entries, next; at; at = next) {
			next = race->entries[at].next;
			race_entry_free(race, at);
		}
		for (uint32_t at = cell->heads, next; at; at = next) {
			next = race->heads[at].next;
			race_head_free(race, at);
		}
	}
	cell->execution = race->execution;
	cell->entries = cell->heads = 0;
}

struct range {
	uint64_t from, to;
};

void race_pages_in(struct race *race, uint64_t from, uint64_t to,
		   void (*each)(struct race *race, struct race_page *page, uint64_t start,
				const void *argument),
		   const void *argument)
{
	uint64_t start = from / RACE_PAGE_BYTES * RACE_PAGE_BYTES;

	if ((to - from) / RACE_PAGE_BYTES < race->pages_used) {
		for (; start < to; start += RACE_PAGE_BYTES) {
			struct race_page *page = page_at(race, start, false);

			if (page)
				each(race, page, start, argument);
		}
		return;
	}
	for (uint32_t i = 0; i < race->pages_used; i++) {
		uint64_t at = (race->page_names[i] - 1) * RACE_PAGE_BYTES;

		if (at < to && at + RACE_PAGE_BYTES > from)
			each(race, &race->pages[i], at, argument);
	}
}

/* Of the page, what lies in the range. */
static void page_forget(struct race *race, struct race_page *page, uint64_t start,
			const void *argument)
{
	const struct range *range = argument;
	uint64_t first = range->from > start ? (range->from - start) / RACE_CELL_BYTES : 0;
	uint64_t last = (range->to - start + RACE_CELL_BYTES - 1) / RACE_CELL_BYTES;

	for (; first < last && first < RACE_PAGE_CELLS; first++)
		cell_forget(race, &page->cells[first]);
}

void race_forget(struct race *race, uint64_t address, uint64_t bytes)
{
	const struct range range = {.from = address, .to = address + bytes};

	race_pages_in(race, range.from, range.to, page_forget, &range);
}

void race_init(struct race *race)
{
	race->entries_used = race->heads_used = race->words_used = 1;
	race->base_entries = race->base_heads = race->base_words = 1;
	race->execution = 1;
}

void race_save(struct race *race)
{
	for (uint32_t i = 0; i < race->pages_used; i++) {
		for (uint32_t j = 0; j < RACE_PAGE_CELLS; j++) {
			const struct race_cell *cell = &race->pages[i].cells[j];

			if (cell->execution == race->execution)
				race->pages[i].bases[j] = (struct race_base){
					.entries = cell->entries, .heads = cell->heads};
		}
	}
	for (uint32_t i = 0; i < race->thread_count; i++)
		race->base_threads[i] = race->threads[i];
	race->base_pages = race->pages_used;
	race->base_entries = race->entries_used;
	race->base_heads = race->heads_used;
	race->base_words = race->words_used;
	race->base_thread_count = race->thread_count;
}

void race_begin(struct race *race)
{
	pages_trim(race);
	race->entries_used = race->base_entries;
	race->heads_used = race->base_heads;
	race->words_used = race->base_words;
	race->entries_free = race->heads_free = 0;
	race->thread_count = race->base_thread_count;
	for (uint32_t i = 0; i < race->thread_count; i++)
		race->threads[i] = race->base_threads[i];
	if (++race->execution)
		return;
	/* After four thousand million executions a cell could seem to be of this one. */
	for (uint32_t i = 0; i < race->pages_used; i++)
		for (uint32_t j = 0; j < RACE_PAGE_CELLS; j++)
			race->pages[i].cells[j].execution = 0;
	race->execution = 1;
}
