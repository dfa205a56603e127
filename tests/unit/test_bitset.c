/* test_bitset.c - the set against an array of flags, through random additions and removals. */
#include "base/bitset.h"

#include "base/rng.h"

#include <criterion/criterion.h>
#include <string.h>

static struct bitset set;
static bool members[BITSET_MAX];

/* Every question about the set has the array's answer. */
static void compare_with_array(void)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < BITSET_MAX; i++) {
		cr_assert(bitset_has(&set, i) == members[i], "%u", i);
		cr_assert(bitset_rank(&set, i) == count, "%u", i);
		if (!members[i])
			continue;
		cr_assert(bitset_at(&set, count) == i, "%u", i);
		cr_assert(set.used > i / 64);
		count++;
	}
	cr_assert(set.count == count);
}

static void add(uint32_t member)
{
	bitset_add(&set, member);
	members[member] = true;
}

static void drop(uint32_t member)
{
	bitset_remove(&set, member);
	members[member] = false;
}

Test(bitset, is_empty_at_first)
{
	compare_with_array();
	drop(5);
	compare_with_array();
}

Test(bitset, takes_the_first_and_the_last_of_each_word)
{
	static const uint32_t edges[] = {0, 63, 64, 127, 128, BITSET_MAX - 64, BITSET_MAX - 1};

	for (size_t i = 0; i < sizeof(edges) / sizeof(*edges); i++)
		add(edges[i]);
	compare_with_array();
	for (size_t i = 0; i < sizeof(edges) / sizeof(*edges); i += 2)
		drop(edges[i]);
	compare_with_array();
}

Test(bitset, counts_a_member_once)
{
	add(70);
	add(70);
	compare_with_array();
	drop(70);
	drop(70);
	compare_with_array();
}

Test(bitset, holds_all)
{
	for (uint32_t i = 0; i < BITSET_MAX; i++)
		add(i);
	cr_expect(set.count == BITSET_MAX && set.used == BITSET_WORDS);
	cr_expect(bitset_at(&set, BITSET_MAX - 1) == BITSET_MAX - 1);
	cr_expect(bitset_rank(&set, BITSET_MAX - 1) == BITSET_MAX - 1);
}

Test(bitset, is_a_set_whatever_is_done)
{
	struct rng rng = rng_stream(1, 1);

	for (int round = 0; round < 30; round++) {
		/* Dense in one round, spread in the next. */
		uint32_t range = round % 2 ? 200 : BITSET_MAX;

		for (int i = 0; i < 100; i++) {
			uint32_t member = rng_below(&rng, range);

			if (rng_below(&rng, 3))
				add(member);
			else
				drop(member);
		}
		compare_with_array();
	}
}
