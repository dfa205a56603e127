/*
 * test_race.c - races, against a slow and plain answer and against what C11 says.
 *
 * Random programs access a little memory, with and without atomics, fences, threads and memory that
 * is given back. Which bytes have raced must be the same after each event, and every pair that is
 * named must race; in one execution, and in many that begin alike.
 */
#include "detect/race.h"

#include "base/rng.h"
#include "unit/races.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define THREADS 5
/* Objects that only synchronise have a page of their own: those of the programs are bytes of it. */
#define ORIGIN 40960u

static struct race race;
static struct plain plain;
static uint32_t reported;
static bool wrong_pair;
static struct race_found last_found;
static unsigned found_count;

static void found(const struct race_found *at)
{
	uint32_t byte = (uint32_t)(at->address - ORIGIN);

	last_found = *at;
	found_count++;
	if (at->address < ORIGIN || byte >= PLAIN_BYTES)
		return;
	reported |= at->mask << byte;
	for (unsigned i = 0; i < 8; i++)
		wrong_pair |= at->mask >> i & 1 && plain.count &&
			      !plain_is_race(&plain, at->first.event, at->second.event, byte + i);
}

static void race_make(uint32_t pages, uint32_t entries, uint32_t heads, uint32_t words)
{
	free(race.pages);
	free(race.slots);
	free(race.page_names);
	free(race.entries);
	free(race.heads);
	free(race.words);
	free(race.threads);
	free(race.base_threads);
	race = (struct race){.pages = calloc(pages, sizeof(struct race_page)),
			     .slots = calloc(256, sizeof(struct race_slot)),
			     .page_names = calloc(pages, sizeof(uint64_t)),
			     .entries = calloc(entries, sizeof(struct race_entry)),
			     .heads = calloc(heads, sizeof(struct race_head)),
			     .words = calloc(words, sizeof(uint32_t)),
			     .threads = calloc(THREADS, sizeof(struct race_thread)),
			     .base_threads = calloc(THREADS, sizeof(struct race_thread)),
			     .pages_room = pages,
			     .pages_kept = pages / 2,
			     .slots_log = 8,
			     .entries_room = entries,
			     .heads_room = heads,
			     .words_room = words,
			     .found = found};
	race_init(&race);
	race_create(&race, RACE_NOBODY, 0);
	plain.count = 0;
	reported = 0;
	wrong_pair = false;
	found_count = 0;
}

/* Doubles a table, and makes the old one useless. */
static void *doubled(void *table, uint32_t *room, size_t size)
{
	char *larger = calloc(*room, 2 * size);

	memcpy(larger, table, *room * size);
	memset(table, 0xee, *room * size);
	free(table);
	*room *= 2;
	return larger;
}

static unsigned grown;

static bool grow(struct race *at, enum race_table table)
{
	uint32_t names = at->pages_room;

	grown |= 1u << table;
	if (table == RACE_PAGES) {
		at->pages = doubled(at->pages, &at->pages_room, sizeof(*at->pages));
		at->page_names = doubled(at->page_names, &names, sizeof(*at->page_names));
		free(at->slots);
		at->slots = calloc(2u << at->slots_log, sizeof(*at->slots));
		at->slots_log++;
	} else if (table == RACE_ENTRIES) {
		at->entries = doubled(at->entries, &at->entries_room, sizeof(*at->entries));
	} else if (table == RACE_HEADS) {
		at->heads = doubled(at->heads, &at->heads_room, sizeof(*at->heads));
	} else {
		at->words = doubled(at->words, &at->words_room, sizeof(*at->words));
	}
	return true;
}

static void setup(void)
{
	race_make(64, 5000, 5000, 100000);
}

TestSuite(race, .init = setup);

static void access_at(uint32_t thread, uint64_t address, size_t bytes, unsigned kind)
{
	race_access(&race, &(struct race_access){.address = address,
						 .bytes = bytes,
						 .thread = thread,
						 .kind = kind,
						 .pc = 100 + thread});
}

/* ------- random programs ------- */

static struct rng rng;
static unsigned threads;
static bool has_ended[THREADS];

static unsigned below(unsigned limit)
{
	return (unsigned)rng_below(&rng, limit);
}

static unsigned some_thread(void)
{
	unsigned thread;

	do {
		thread = below(threads);
	} while (has_ended[thread]);
	return thread;
}

static struct plain_event some_access(unsigned thread)
{
	struct plain_event event = {.op = PLAIN_ACCESS, .thread = thread, .kind = below(4)};

	event.address = below(PLAIN_BYTES);
	event.bytes = 1 + below(12);
	if (event.address + event.bytes > PLAIN_BYTES)
		event.bytes = PLAIN_BYTES - event.address;
	return event;
}

static struct plain_event some_event(void)
{
	struct plain_event event = {.thread = some_thread(), .order = below(4)};
	unsigned what = below(20);

	if (what < 9)
		return some_access(event.thread);
	event.address = below(3) * 4;
	if (what < 17) {
		event.op = PLAIN_LOAD + below(3);
	} else if (what == 17) {
		event.op = PLAIN_FENCE;
	} else if (what == 18 && threads < THREADS) {
		event.op = PLAIN_CREATE;
		event.other = threads;
	} else if (what == 18) {
		event.op = PLAIN_JOIN;
		event.other = 1 + below(threads - 1);
		if (event.other == event.thread || has_ended[event.other])
			return some_access(event.thread);
	} else {
		event.op = below(2) ? PLAIN_FORGET : PLAIN_ACCESS;
		event.kind = event.op == PLAIN_ACCESS ? RACE_WRITE | RACE_FREE : 0;
		event.address = below(PLAIN_BYTES / 8) * 8;
		event.bytes = PLAIN_BYTES - event.address < 16 ? 8 : 8 * (1 + below(2));
	}
	return event;
}

static void tell_access(const struct race_access *access)
{
	if (access->kind & RACE_FREE)
		race_free(&race, access);
	else
		race_access(&race, access);
}

static void tell(const struct plain_event *event)
{
	uint64_t address = ORIGIN + event->address;

	switch (event->op) {
	case PLAIN_CREATE:
		race_create(&race, event->thread, event->other);
		threads = event->other + 1;
		has_ended[event->other] = false;
		break;
	case PLAIN_JOIN:
		race_join(&race, event->thread, event->other);
		has_ended[event->other] = true;
		break;
	case PLAIN_ACCESS:
		tell_access(&(struct race_access){.address = address,
						  .bytes = event->bytes,
						  .thread = event->thread,
						  .kind = event->kind,
						  .event = plain.count - 1});
		break;
	case PLAIN_LOAD:
		race_load(&race, event->thread, address, event->order);
		break;
	case PLAIN_STORE:
		race_store(&race, event->thread, address, event->order);
		break;
	case PLAIN_UPDATE:
		race_update(&race, event->thread, address, event->order);
		break;
	case PLAIN_FENCE:
		race_fence(&race, event->thread, event->order);
		break;
	case PLAIN_FORGET:
		race_forget(&race, address, event->bytes);
		break;
	}
}

/* Carries out events up to `count` and compares after each; returns the bytes that raced. */
static uint32_t run(unsigned count, uint32_t expected, int seed)
{
	while (plain.count < count) {
		struct plain_event event = some_event();

		plain_add(&plain, &event);
		tell(&event);
		expected |= plain_races_of_last(&plain);
		if (event.kind & RACE_FREE) {
			event.op = PLAIN_FORGET;
			plain_add(&plain, &event);
			tell(&event);
		}
		cr_assert(reported == expected, "seed %d, event %u: %x instead of %x", seed,
			  plain.count, reported, expected);
	}
	cr_assert(!wrong_pair, "seed %d", seed);
	return expected;
}

Test(race, random_programs)
{
	unsigned racy = 0, clean = 0;

	for (int seed = 0; seed < 3000; seed++) {
		uint32_t bytes;

		setup();
		rng = rng_stream(7, (uint64_t)seed);
		threads = 1;
		memset(has_ended, 0, sizeof(has_ended));
		bytes = run(20 + below(EVENTS_MAX - 20), 0, seed);
		racy += bytes != 0;
		clean += bytes != ~0u;
	}
	cr_expect(racy > 1000 && clean > 300, "%u, %u", racy, clean);
	cr_expect(!race.full);
}

/* A program that begins alike and goes on in many ways. */
Test(race, executions_from_a_base)
{
	for (int seed = 0; seed < 600; seed++) {
		uint32_t base_bytes, base_threads, base;
		bool base_ended[THREADS];

		setup();
		/* Half of them with tables that grow while they are used. */
		if (seed % 2) {
			race_make(1, 4, 3, 16);
			race.grow = grow;
		}
		rng = rng_stream(7, (uint64_t)seed);
		threads = 1;
		memset(has_ended, 0, sizeof(has_ended));
		base_bytes = run(below(60), 0, seed);
		base = plain.count;
		base_threads = threads;
		memcpy(base_ended, has_ended, sizeof(has_ended));
		race_save(&race);
		for (int i = 0; i < 30; i++) {
			race_begin(&race);
			plain.count = base;
			reported = base_bytes;
			threads = base_threads;
			memcpy(has_ended, base_ended, sizeof(has_ended));
			run(base + below(80), base_bytes, seed);
			access_at(0, 65536 * (uint64_t)(i + 1), 8, RACE_WRITE);
		}
		cr_expect(!race.full);
	}
	cr_expect(grown == 15, "%x", grown);
}

/* ------- what C11 says ------- */

static void two_threads(void)
{
	setup();
	race_create(&race, 0, 1);
	race_create(&race, 0, 2);
}

#define DATA 4096u
#define FLAG 8192u

/* One thread writes and stores a flag by `order`, the other loads it by `order` and reads. */
Test(race, message_passing)
{
	for (unsigned store = 0; store < 4; store++) {
		for (unsigned load = 0; load < 4; load++) {
			two_threads();
			access_at(1, DATA, 4, RACE_WRITE);
			race_store(&race, 1, FLAG, store);
			race_load(&race, 2, FLAG, load);
			access_at(2, DATA, 4, 0);
			cr_expect(found_count == !(store & RACE_RELEASE && load & RACE_ACQUIRE),
				  "store %u, load %u: %u races", store, load, found_count);
		}
	}
}

Test(race, says_which_accesses)
{
	two_threads();
	access_at(1, DATA + 2, 4, RACE_WRITE | RACE_VOLATILE);
	access_at(2, DATA, 8, 0);
	cr_assert(found_count == 1);
	cr_expect(last_found.first.thread == 1 && last_found.second.thread == 2);
	cr_expect(last_found.first.pc == 101 && last_found.second.pc == 102);
	cr_expect(last_found.first.kind == (RACE_WRITE | RACE_VOLATILE));
	cr_expect(last_found.second.kind == 0);
	cr_expect(last_found.address == DATA + 2 && last_found.mask == 0xf);
	cr_expect(last_found.first.clock == 1);
}

/* Neighbours in the same eight bytes do not race, and an overlap of one byte does. */
Test(race, bytes)
{
	two_threads();
	access_at(1, DATA, 4, RACE_WRITE);
	access_at(2, DATA + 4, 4, RACE_WRITE);
	cr_expect(found_count == 0);
	access_at(1, DATA + 6, 4, RACE_WRITE);
	cr_expect(found_count == 1 && last_found.address == DATA + 6 && last_found.mask == 3);
}

Test(race, readers_do_not_race_and_a_writer_races_with_each)
{
	two_threads();
	access_at(0, DATA, 8, 0);
	access_at(1, DATA, 8, 0);
	access_at(2, DATA, 8, 0);
	cr_expect(found_count == 0);
	access_at(0, DATA, 8, RACE_WRITE);
	cr_expect(found_count == 2);
}

Test(race, atomics_race_with_plain_accesses_only)
{
	two_threads();
	access_at(1, DATA, 4, RACE_WRITE | RACE_ATOMIC);
	access_at(2, DATA, 4, RACE_WRITE | RACE_ATOMIC);
	access_at(1, DATA, 4, RACE_ATOMIC);
	cr_expect(found_count == 0);
	access_at(0, DATA, 4, 0);
	cr_expect(found_count == 2);
}

/* The store of another thread ends the sequence; its read-modify-write and its own store do not. */
Test(race, release_sequences)
{
	for (unsigned variant = 0; variant < 3; variant++) {
		two_threads();
		access_at(1, DATA, 4, RACE_WRITE);
		race_store(&race, 1, FLAG, RACE_RELEASE);
		if (variant == 0)
			race_store(&race, 1, FLAG, RACE_RELAXED);
		else if (variant == 1)
			race_update(&race, 0, FLAG, RACE_RELAXED);
		else
			race_store(&race, 0, FLAG, RACE_RELAXED);
		race_load(&race, 2, FLAG, RACE_ACQUIRE);
		access_at(2, DATA, 4, 0);
		cr_expect(found_count == (variant == 2), "variant %u", variant);
	}
}

Test(race, fences)
{
	for (unsigned variant = 0; variant < 4; variant++) {
		two_threads();
		access_at(1, DATA, 4, RACE_WRITE);
		if (variant & 1)
			race_fence(&race, 1, RACE_RELEASE);
		race_store(&race, 1, FLAG, RACE_RELAXED);
		race_load(&race, 2, FLAG, RACE_RELAXED);
		if (variant & 2)
			race_fence(&race, 2, RACE_ACQUIRE);
		access_at(2, DATA, 4, 0);
		cr_expect(found_count == (variant != 3), "variant %u", variant);
	}
}

/* What a thread does after the fence is not published by a relaxed store. */
Test(race, fence_before_the_write)
{
	two_threads();
	race_fence(&race, 1, RACE_RELEASE);
	access_at(1, DATA, 4, RACE_WRITE);
	race_store(&race, 1, FLAG, RACE_RELAXED);
	race_load(&race, 2, FLAG, RACE_ACQUIRE);
	access_at(2, DATA, 4, 0);
	cr_expect(found_count == 1);
}

Test(race, memory_that_was_given_back)
{
	two_threads();
	access_at(1, DATA, 40000, RACE_WRITE);
	race_store(&race, 1, DATA + 8, RACE_RELEASE);
	race_forget(&race, DATA, 40000);
	access_at(2, DATA, 40000, RACE_WRITE);
	cr_expect(found_count == 0);
	race_load(&race, 2, DATA + 8, RACE_ACQUIRE);
	access_at(1, DATA + 200000, 4, RACE_WRITE);
	race_forget(&race, DATA, 8);
	access_at(1, DATA, 8, RACE_WRITE);
	cr_expect(found_count == 0);
	access_at(1, DATA + 8, 8, RACE_WRITE);
	cr_expect(found_count == 1);
}

/* Too little memory: it is said, and nothing is made up. */
Test(race, memory_that_runs_out)
{
	static const uint32_t rooms[][4] = {
		{1, 500, 500, 5000}, {64, 3, 500, 5000}, {64, 500, 2, 5000}, {64, 500, 500, 24}};

	for (size_t i = 0; i < sizeof(rooms) / sizeof(*rooms); i++) {
		race_make(rooms[i][0], rooms[i][1], rooms[i][2], rooms[i][3]);
		race_create(&race, 0, 1);
		race_create(&race, 0, 2);
		for (unsigned j = 0; j < 20; j++) {
			race_store(&race, 1, FLAG + 8 * j, RACE_RELEASE);
			race_load(&race, 2, FLAG + 8 * j, RACE_ACQUIRE);
			access_at(2, DATA + 8 * j, 8, RACE_WRITE);
			access_at(2, 65536 * (j + 1), 8, RACE_WRITE);
		}
		cr_expect(race.full, "room %zu", i);
		cr_expect(found_count == 0);
	}
}

/* Pages of the past are given up, and the base stays. */
Test(race, many_executions)
{
	race_make(8, 5000, 5000, 100000);
	race_create(&race, 0, 1);
	race_create(&race, 0, 2);
	access_at(1, DATA, 4, RACE_WRITE);
	race_save(&race);
	for (uint64_t i = 0; i < 1000; i++) {
		race_begin(&race);
		found_count = 0;
		access_at(2, DATA * (2 + i), 4, RACE_WRITE);
		access_at(2, DATA, 4, 0);
		cr_assert(found_count == 1, "execution %lu", (unsigned long)i);
	}
	cr_expect(!race.full);
}

Test(race, executions_without_end)
{
	two_threads();
	race_save(&race);
	race_begin(&race);
	access_at(1, DATA, 4, RACE_WRITE);
	race.execution = UINT32_MAX;
	race_begin(&race);
	for (unsigned i = 0; i < 3; i++) {
		access_at(2, DATA, 4, RACE_WRITE);
		race_begin(&race);
	}
	cr_expect(found_count == 0);
}
