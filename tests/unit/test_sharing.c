/*
 * test_sharing.c - which bytes two threads can reach at once, against a slow and plain answer.
 *
 * Random programs create threads, join them and access a little memory. The plain answer keeps, for
 * each thread, which accesses it knows of, and compares each access with all earlier ones; the
 * bytes found have to be the same, in one execution and in many after a snapshot.
 */
#include "detect/sharing.h"

#include "base/rng.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define CELLS_LOG 8
#define ENTRIES	  2000
#define THREADS	  8
#define ACCESSES  200
#define MEMORY	  48   /* bytes that the programs access */
#define ORIGIN	  4096 /* where they are */

static struct sharing sharing;
static uint64_t reported; /* a bit for each byte: found() was called for it */
static bool reported_twice;

static uint64_t bytes_from(uint64_t at, uint64_t bytes)
{
	return ((1ul << bytes) - 1) << (at - ORIGIN);
}

static void found(uint64_t granule, uint32_t mask)
{
	uint64_t bits = (uint64_t)mask << (granule * 8 - ORIGIN);

	reported_twice |= !!(reported & bits);
	reported |= bits;
}

static uint32_t *room_for(uint32_t count)
{
	return calloc(count, sizeof(uint32_t));
}

static void sharing_init(uint32_t entries)
{
	sharing = (struct sharing){
		.cells = calloc(1u << CELLS_LOG, sizeof(struct sharing_cell)),
		.cells_log = CELLS_LOG,
		.entries = calloc(entries, sizeof(struct sharing_entry)),
		.entries_room = entries,
		.base_entries = calloc(entries, sizeof(struct sharing_entry)),
		.base = calloc(entries, sizeof(struct sharing_base)),
		.found = found,
	};
	reported = 0;
	reported_twice = false;
	sharing_begin(&sharing);
}

static void sharing_free(void)
{
	free(sharing.cells);
	free(sharing.entries);
	free(sharing.base_entries);
	free(sharing.base);
}

/* ---- the plain answer */

struct access {
	uint32_t thread;
	uint64_t bytes;
	bool write;
};

struct plain {
	struct access accesses[ACCESSES];
	uint32_t count;
	bool knows[THREADS][ACCESSES];
	uint64_t visible;
};

/* Returns the bytes that conflict. */
static uint64_t plain_access(struct plain *plain, uint32_t thread, uint64_t bytes, bool write)
{
	uint64_t conflict = 0;

	for (uint32_t i = 0; i < plain->count; i++) {
		const struct access *earlier = &plain->accesses[i];

		if (earlier->thread != thread && (earlier->write || write) &&
		    !plain->knows[thread][i])
			conflict |= earlier->bytes & bytes;
	}
	plain->knows[thread][plain->count] = true;
	plain->accesses[plain->count++] =
		(struct access){.thread = thread, .bytes = bytes, .write = write};
	return conflict;
}

static void plain_learn(struct plain *plain, uint32_t to, uint32_t from)
{
	for (uint32_t i = 0; i < plain->count; i++)
		plain->knows[to][i] |= plain->knows[from][i];
}

/* ---- random programs */

struct world {
	struct thread threads[THREADS];
	uint32_t count;
	bool ended[THREADS];
	struct plain plain;
};

static void world_init(struct world *world)
{
	memset(world, 0, sizeof(*world));
	sharing_create(NULL, &world->threads[0], room_for);
	world->count = 1;
}

/* With clocks of its own, as after a snapshot. */
static void world_copy(struct world *to, const struct world *from)
{
	*to = *from;
	for (uint32_t i = 0; i < to->count; i++) {
		to->threads[i].clock = room_for(from->threads[i].clock_size);
		memcpy(to->threads[i].clock, from->threads[i].clock,
		       from->threads[i].clock_size * sizeof(uint32_t));
	}
}

static void step_access(struct rng *rng, struct world *world, uint32_t thread)
{
	uint64_t bytes = 1 + rng_below(rng, rng_below(rng, 4) ? 8 : 20);
	uint64_t at = ORIGIN + rng_below(rng, (uint32_t)(MEMORY - bytes));
	uint64_t bits = bytes_from(at, bytes);
	bool write = !rng_below(rng, 5);
	bool visible = sharing_access(&sharing, &world->threads[thread], at, (size_t)bytes, write);

	world->plain.visible |= plain_access(&world->plain, thread, bits, write);
	cr_assert(visible == !!(world->plain.visible & bits));
}

static void step_create(struct world *world, uint32_t parent)
{
	uint32_t child = world->count++;

	world->threads[child].number = child;
	sharing_create(&world->threads[parent], &world->threads[child], room_for);
	plain_learn(&world->plain, child, parent);
}

static void step_join(struct world *world, uint32_t joiner, uint32_t ended)
{
	world->ended[ended] = true;
	sharing_join(&world->threads[joiner], &world->threads[ended], room_for);
	plain_learn(&world->plain, joiner, ended);
}

static void world_step(struct rng *rng, struct world *world)
{
	uint32_t thread = rng_below(rng, world->count), other = rng_below(rng, world->count);
	uint32_t what = rng_below(rng, 8);

	if (world->ended[thread])
		return;
	if (what == 0 && world->count < THREADS)
		step_create(world, thread);
	else if (what == 1 && other && other != thread && !world->ended[other])
		step_join(world, thread, other);
	else
		step_access(rng, world, thread);
	cr_assert(reported == world->plain.visible);
}

Test(sharing, finds_what_a_plain_comparison_finds)
{
	struct rng rng = rng_stream(1, 1);
	static struct world world;

	for (int round = 0; round < 1500; round++) {
		sharing_init(ENTRIES);
		world_init(&world);
		for (int i = 0; i < 10 + round % 60; i++)
			world_step(&rng, &world);
		cr_assert(!reported_twice);
		sharing_free();
	}
}

/* What is visible stays so; what was accessed before the snapshot is known in each execution;
 * accesses of other executions are not. */
Test(sharing, executions_after_a_snapshot)
{
	struct rng rng = rng_stream(2, 1);
	static struct world base, world;

	for (int round = 0; round < 150; round++) {
		sharing_init(ENTRIES);
		world_init(&base);
		for (int i = 0; i < round % 40; i++)
			world_step(&rng, &base);
		sharing_save(&sharing);
		for (int execution = 0; execution < 12; execution++) {
			uint64_t visible = execution ? world.plain.visible : base.plain.visible;

			sharing_begin(&sharing);
			world_copy(&world, &base);
			world.plain.visible = visible;
			for (int i = 0; i < 30; i++)
				world_step(&rng, &world);
		}
		cr_assert(!reported_twice);
		sharing_free();
	}
}

/* ---- cases by hand: main (0) and two children */

static struct world hand;

static void hand_init(void)
{
	sharing_init(ENTRIES);
	world_init(&hand);
	step_create(&hand, 0);
	step_create(&hand, 0);
}

static bool reads(uint32_t thread, uint64_t at, size_t bytes)
{
	return sharing_access(&sharing, &hand.threads[thread], ORIGIN + at, bytes, false);
}

static bool writes(uint32_t thread, uint64_t at, size_t bytes)
{
	return sharing_access(&sharing, &hand.threads[thread], ORIGIN + at, bytes, true);
}

Test(sharing, constants_are_not_visible, .init = hand_init)
{
	for (uint32_t thread = 0; thread < 3; thread++)
		for (uint64_t at = 0; at < 16; at++)
			cr_expect(!reads(thread, at, 8));
	cr_expect(reported == 0);
}

/* One child's result goes to the other through main. */
Test(sharing, order_is_handed_on, .init = hand_init)
{
	cr_expect(!writes(1, 0, 4));
	step_join(&hand, 0, 1);
	step_create(&hand, 0);
	cr_expect(!writes(3, 0, 4));
	/* The other child was created before. */
	cr_expect(writes(2, 3, 1) && reported == 0x8);
}

/* What the parent does after creating the child is not ordered before it. */
Test(sharing, parent_goes_on_at_the_same_time, .init = hand_init)
{
	cr_expect(!writes(0, 0, 4));
	cr_expect(reads(2, 2, 4) && reported == 0xc);
}

Test(sharing, marked_bytes_are_visible_without_being_found, .init = hand_init)
{
	sharing_mark(&sharing, ORIGIN / 8, 0x0f);
	cr_expect(reads(0, 3, 2) && reads(0, 0, 1) && !reads(0, 4, 4));
	cr_expect(reported == 0);
	sharing_begin(&sharing);
	cr_expect(writes(0, 0, 1) && writes(1, 0, 1) && reported == 0);
}

Test(sharing, found_once, .init = hand_init)
{
	for (int i = 0; i < 10; i++) {
		writes(1, 0, 8);
		writes(2, 4, 8);
	}
	cr_expect(reported == 0xf0 && !reported_twice);
}

/* A thread's older accesses are replaced where that loses nothing: a loop takes no memory. */
Test(sharing, loops_take_no_memory, .init = hand_init)
{
	uint32_t used;

	reads(1, 0, 8);
	writes(1, 0, 8);
	used = sharing.entries_used;
	for (int i = 0; i < 1000; i++) {
		reads(1, 0, 8);
		writes(1, 0, 8);
		reads(1, 2, 2);
	}
	cr_expect(sharing.entries_used == used);
}

/* Without memory all counts as visible: that costs choices, never misses any. */
Test(sharing, no_memory_for_accesses)
{
	sharing_init(4);
	world_init(&hand);
	for (uint64_t i = 0; i < 3; i++)
		cr_expect(!writes(0, i * 8, 8));
	cr_expect(writes(0, 24, 8));
	cr_expect(!writes(0, 0, 8) && reported == 0);
}

Test(sharing, no_memory_for_granules)
{
	uint64_t refused = 0;

	sharing_init(ENTRIES);
	world_init(&hand);
	for (uint64_t i = 0; i < 1000; i++)
		refused += writes(0, i * 8, 8);
	cr_expect(refused >= 1000 - (1u << CELLS_LOG) && refused < 1000 - (1u << CELLS_LOG) / 2);
	/* Those that are there still answer. */
	cr_expect(!writes(0, 0, 8));
	sharing_mark(&sharing, 1000000, 1);
}
