/* test_sharing_found.c - which bytes two threads can reach at once: create and join order, sizes,
 * and what is remembered. */
#include "detect/sharing.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define CELLS_LOG 10
#define ENTRIES	  1000

static struct sharing sharing;
static struct thread threads[8];
static int finds;

static void found(uint64_t granule, uint32_t mask)
{
	(void)granule;
	(void)mask;
	finds++;
}

static uint32_t *room_for(uint32_t count)
{
	return calloc(count, sizeof(uint32_t));
}

static struct thread *create(struct thread *parent, uint32_t number)
{
	threads[number] = (struct thread){.number = number};
	sharing_create(parent, &threads[number], room_for);
	return &threads[number];
}

static void begin(void)
{
	sharing = (struct sharing){
		.cells = calloc(1u << CELLS_LOG, sizeof(struct sharing_cell)),
		.cells_log = CELLS_LOG,
		.entries = calloc(ENTRIES, sizeof(struct sharing_entry)),
		.entries_room = ENTRIES,
		.base_entries = calloc(ENTRIES, sizeof(struct sharing_entry)),
		.base = calloc(ENTRIES, sizeof(struct sharing_base)),
		.found = found,
	};
	finds = 0;
	sharing_begin(&sharing);
}

static bool reads(struct thread *thread, uint64_t at, size_t bytes)
{
	return sharing_access(&sharing, thread, at, bytes, false);
}

static bool writes(struct thread *thread, uint64_t at, size_t bytes)
{
	return sharing_access(&sharing, thread, at, bytes, true);
}

TestSuite(sharing_found, .init = begin);

Test(sharing_found, two_threads_at_once)
{
	struct thread *main_thread = create(0, 0), *one = create(main_thread, 1);
	struct thread *two = create(main_thread, 2);

	cr_expect(!writes(one, 64, 4));
	cr_expect(reads(two, 64, 4) && finds == 1);
	/* From now on for everybody. */
	cr_expect(reads(one, 64, 4) && writes(main_thread, 66, 1) && finds == 1);
	cr_expect(!reads(one, 68, 4));
}

Test(sharing_found, before_creation_and_after_join_is_no_conflict)
{
	struct thread *main_thread = create(0, 0), *one;

	cr_expect(!writes(main_thread, 64, 8));
	one = create(main_thread, 1);
	cr_expect(!reads(one, 64, 8) && !writes(one, 64, 8));
	sharing_join(main_thread, one, room_for);
	cr_expect(!reads(main_thread, 64, 8) && finds == 0);
}

Test(sharing_found, after_creation_is_one)
{
	struct thread *main_thread = create(0, 0), *one = create(main_thread, 1);

	cr_expect(!writes(main_thread, 64, 8));
	cr_expect(reads(one, 64, 8));
}

Test(sharing_found, what_is_only_read_is_none)
{
	struct thread *main_thread = create(0, 0), *one = create(main_thread, 1);
	struct thread *two = create(main_thread, 2);

	cr_expect(!reads(one, 64, 8) && !reads(two, 64, 8) && !reads(main_thread, 64, 8));
	cr_expect(writes(two, 67, 1) && finds == 1);
	cr_expect(!reads(one, 64, 3) && reads(one, 64, 4));
}

Test(sharing_found, sizes_overlap_by_bytes)
{
	struct thread *main_thread = create(0, 0), *one = create(main_thread, 1);
	struct thread *two = create(main_thread, 2);

	cr_expect(!writes(one, 70, 4));
	cr_expect(!writes(two, 74, 8));
	cr_expect(writes(two, 73, 1));
}

Test(sharing_found, executions_forget_accesses_but_not_what_is_visible)
{
	struct thread *main_thread = create(0, 0), *one = create(main_thread, 1);
	struct thread *two = create(main_thread, 2);

	writes(one, 64, 4);
	reads(two, 64, 4);
	writes(one, 128, 4);
	sharing_begin(&sharing);
	cr_expect(reads(two, 64, 4));
	cr_expect(!reads(two, 128, 4));
}

/* What happened before the snapshot is part of each execution. */
Test(sharing_found, base_stays)
{
	struct thread *main_thread = create(0, 0), *one = create(main_thread, 1);

	writes(main_thread, 64, 4);
	sharing_save(&sharing);
	for (int i = 0; i < 3; i++) {
		sharing_begin(&sharing);
		writes(main_thread, 64, 4);
		writes(main_thread, 72, 4);
	}
	sharing_begin(&sharing);
	cr_expect(!reads(one, 72, 4));
	cr_expect(reads(one, 64, 4));
}

/* Without memory to remember an access it counts as visible: more choices, never fewer. */
Test(sharing_found, full_tables_miss_nothing)
{
	struct thread *main_thread = create(0, 0), *one = create(main_thread, 1);
	bool visible = false;

	for (uint64_t at = 64; at < 64 + 8 * 2000; at += 8)
		visible = writes(one, at, 8);
	cr_expect(visible);
}
