/* race.h - data races: two accesses to the same memory, at least one of them a write, not both
 * atomic, and neither happens before the other.
 *
 * Happens-before is kept as vector clocks, accesses as epochs (FastTrack, Flanagan and Freund
 * 2009). Where FastTrack has one write epoch and one read epoch or read vector for a variable,
 * there is a short list of accesses for each eight bytes of memory: those whose bytes no later
 * access has covered. An access covers an earlier one that happens before it when whatever races
 * with the earlier one races with it too. So what is found is exact, for accesses of any size that
 * overlap in any way, and each access says what it was and where.
 *
 * An atomic object, and every lock, has the clocks of the release sequences that its value belongs
 * to, one for each thread that heads one. Release sequences are those of C11: a store goes on with
 * those of its own thread and ends all others, a read-modify-write goes on with all. (C++20 ends
 * them at any store. gcc keeps what C11 promises, and to end them earlier would be a false alarm.)
 *
 * What was told before race_save() is part of every execution. Nothing is copied when one begins: a
 * cell is made from its base when it is first touched, and memory of the base is never written to
 * again.
 *
 * Pure: memory is handed in.
 */
#ifndef HEDDLE_DETECT_RACE_H
#define HEDDLE_DETECT_RACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RACE_PAGE_CELLS 512u /* of 8 bytes each */
#define RACE_NOBODY	UINT32_MAX
#define RACE_RECENT	16u

/* What an access was: a plain read where no bit is set. */
enum race_kind {
	RACE_WRITE = 1,
	RACE_ATOMIC = 2,
	RACE_VOLATILE = 4, /* decides nothing */
	RACE_FREE = 8,	   /* the same: a write that gives memory back */
	RACE_OBJECT = 16,  /* the same: an operation on a lock or the like that lies there */
};

/* Both ends of a synchronisation. */
enum race_order {
	RACE_RELAXED = 0,
	RACE_ACQUIRE = 1,
	RACE_RELEASE = 2,
};

struct race_entry {
	uint64_t pc;
	uint32_t clock, next, event;
	uint16_t thread;
	uint8_t mask, kind; /* mask: a bit for each byte of the cell that nobody has covered */
};

/* A vector clock: words[at .. at + size), of which `room` are there. Where nothing stands it is 0.
 */
struct race_clock {
	uint32_t at, size, room;
};

/* What a release left at an address: the clock that the thread had when its epoch `time` ended. */
struct race_head {
	uint32_t next, thread, time;
	uint32_t offset; /* of the address in its cell */
	struct race_clock clock;
};

struct race_cell {
	uint32_t execution;	 /* in which the next two are valid; else the base is */
	uint32_t entries, heads; /* lists; 0: empty */
};

/* What a cell begins with. Apart, for cells are walked through and this is rarely looked at. */
struct race_base {
	uint32_t entries, heads;
};

struct race_page {
	struct race_cell cells[RACE_PAGE_CELLS];
	struct race_base bases[RACE_PAGE_CELLS];
};

struct race_slot {
	uint64_t page; /* address / 4096, plus 1; 0: free */
	uint32_t at;
};

struct race_thread {
	uint32_t epoch; /* what `now` has for the thread itself */
	struct race_clock now;
	struct race_clock fence; /* as it was at the last release fence; empty: there was none */
	struct race_clock seen;	 /* what relaxed loads have seen, for an acquire fence */
};

struct race_side {
	uint64_t pc;
	uint32_t thread, clock, event;
	uint32_t kind;
};

/* The first is the one that was remembered, the second is being told. */
struct race_found {
	struct race_side first, second;
	uint64_t address; /* the first byte that both access */
	uint32_t mask;	  /* all of them, of one cell: a bit for each from `address` on */
};

struct race_access {
	uint64_t address, pc;
	size_t bytes;
	uint32_t thread;
	uint32_t kind;
	uint32_t event; /* whatever the caller knows it by */
};

/* Tables that can be too small. */
enum race_table {
	RACE_PAGES, /* with slots and page_names */
	RACE_ENTRIES,
	RACE_HEADS,
	RACE_WORDS,
};

struct race {
	/* All zeroed. Of entries, heads and words the first is never used. */
	struct race_page *pages;
	struct race_slot *slots; /* 2^slots_log, more than pages */
	uint64_t *page_names;	 /* as many as pages: as in the slot */
	struct race_entry *entries;
	struct race_head *heads;
	uint32_t *words;
	struct race_thread *threads, *base_threads;
	uint32_t pages_room, slots_log, entries_room, heads_room, words_room;

	/* So many pages may be in use when an execution begins. */
	uint32_t pages_kept;

	uint32_t pages_used, entries_used, heads_used, words_used, thread_count;
	uint32_t entries_free, heads_free; /* lists */
	uint32_t base_pages, base_entries, base_heads, base_words, base_thread_count;
	uint32_t execution;
	/* Pages that were asked for last, by the low bits of their names. */
	struct race_recent {
		uint64_t name;
		struct race_page *page;
	} recent[RACE_RECENT];
	/* There was no memory for something: races may have been missed. */
	bool full;
	void (*found)(const struct race_found *found);
	/* Puts a larger table in the place of one that is used up, with all that is in it (slots:
	 * empty), and returns true; or false, where there is no larger one. Null: there is none. */
	bool (*grow)(struct race *race, enum race_table table);
};

/* Call once, when memory and `found` are there. */
void race_init(struct race *race);

/* All executions from now on go on from here. Once. */
void race_save(struct race *race);

/* Starts the next execution. */
void race_begin(struct race *race);

/* `child` comes into being, with what its parent (RACE_NOBODY for none) has done before it;
 * `joiner` goes on after `ended`. Threads come into being in the order of their numbers. */
void race_create(struct race *race, uint32_t parent, uint32_t child);
void race_join(struct race *race, uint32_t joiner, uint32_t ended);

/* Tells of an access, and found() of each race of it with an earlier one. Returns true where it is
 * remembered as an access of its own: false where the thread has made the same one in this epoch,
 * or one that covers it. */
bool race_access(struct race *race, const struct race_access *access);

/* The same for one that gives memory back, of any size: it is not remembered, for race_forget() is
 * to follow. */
void race_free(struct race *race, const struct race_access *access);

/* Synchronisation by the object at an address: a load with RACE_ACQUIRE or not, a store with
 * RACE_RELEASE or not, a read-modify-write with both, one, or none; a fence. A lock is taken as by
 * an acquiring load, and given back as by a releasing store; what several threads give to several
 * (semaphores, barriers) is a releasing read-modify-write. These are no accesses. */
void race_load(struct race *race, uint32_t thread, uint64_t address, unsigned order);
void race_store(struct race *race, uint32_t thread, uint64_t address, unsigned order);
void race_update(struct race *race, uint32_t thread, uint64_t address, unsigned order);
void race_fence(struct race *race, uint32_t thread, unsigned order);

/* The memory is given back: what was done to it is nobody's business any more. */
void race_forget(struct race *race, uint64_t address, uint64_t bytes);

/* True where what `other` did in that epoch happens before what `thread` does now. */
bool race_knows(const struct race *race, uint32_t thread, uint32_t other, uint32_t epoch);

/* The epoch in which the thread is. */
uint32_t race_epoch(const struct race *race, uint32_t thread);

#endif
