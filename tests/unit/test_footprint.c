/* test_footprint.c - which operations are dependent: modes, bytes, granules, and each operation's
 * row. */
#include "model/footprint.h"

#include <criterion/criterion.h>

#define MODES 5 /* FOOT_READ to FOOT_WRITE */

static const enum foot_mode modes[MODES] = {FOOT_READ, FOOT_SHARE, FOOT_ARRIVE, FOOT_ENQUEUE,
					    FOOT_WRITE};

static void *at(uint64_t address)
{
	return (void *)address;
}

/* Two operations on an object in two of the modes: 1 where they do not commute. */
static const bool dependent[MODES][MODES] = {
	/* READ */ {0, 1, 1, 1, 1},
	/* SHARE */ {1, 0, 1, 1, 1},
	/* ARRIVE */ {1, 1, 0, 1, 1},
	/* ENQUEUE */ {1, 1, 1, 0, 1},
	/* WRITE */ {1, 1, 1, 1, 1},
};

Test(footprint, equal_modes_commute_but_for_writes)
{
	for (int i = 0; i < MODES; i++)
		for (int j = 0; j < MODES; j++) {
			struct footprint a = {.count = 0}, b = {.count = 0}, other = {.count = 0};

			footprint_add_object(&a, at(64), modes[i]);
			footprint_add_object(&b, at(64), modes[j]);
			footprint_add_object(&other, at(72), modes[j]);
			cr_expect(footprint_is_dependent(&a, &b) == dependent[i][j], "%d %d", i, j);
			cr_expect(!footprint_is_dependent(&a, &other), "%d %d", i, j);
		}
}

/* Objects whose addresses share a granule are still two. */
Test(footprint, objects_are_told_apart_by_address)
{
	for (uint64_t i = 0; i < 16; i++)
		for (uint64_t j = 0; j < 16; j++) {
			struct footprint a = {.count = 0}, b = {.count = 0};

			footprint_add_object(&a, at(64 + i), FOOT_WRITE);
			footprint_add_object(&b, at(64 + j), FOOT_WRITE);
			cr_expect(footprint_is_dependent(&a, &b) == (i == j));
		}
}

static bool is_overlap(uint64_t a, uint64_t a_bytes, uint64_t b, uint64_t b_bytes)
{
	return a < b + b_bytes && b < a + a_bytes;
}

/* Every two accesses that fit, at every offset: dependent exactly where they have a byte in common.
 */
Test(footprint, memory_is_told_apart_by_bytes)
{
	for (uint32_t a_bytes = 1; a_bytes <= 17; a_bytes++)
		for (uint32_t b_bytes = 1; b_bytes <= 17; b_bytes++)
			for (uint64_t i = 64; i < 80; i++)
				for (uint64_t j = 64; j < 90; j++) {
					struct footprint a = {.count = 0}, b = {.count = 0};

					footprint_add_memory(&a, at(i), a_bytes, FOOT_WRITE);
					footprint_add_memory(&b, at(j), b_bytes, FOOT_READ);
					cr_assert(footprint_is_dependent(&a, &b) ==
						  is_overlap(i, a_bytes, j, b_bytes));
					cr_assert(footprint_is_dependent(&b, &a) ==
						  is_overlap(i, a_bytes, j, b_bytes));
				}
}

Test(footprint, an_access_over_granules_takes_each)
{
	struct footprint foot = {.count = 0};

	footprint_add_memory(&foot, at(67), 16, FOOT_READ);
	cr_assert(foot.count == 3);
	cr_expect(foot.feet[0].granule == 8 && foot.feet[0].bytes == 0xf8);
	cr_expect(foot.feet[1].granule == 9 && foot.feet[1].bytes == 0xff);
	cr_expect(foot.feet[2].granule == 10 && foot.feet[2].bytes == 0x07);
	for (uint32_t i = 0; i < 3; i++)
		cr_expect(foot.feet[i].mode == FOOT_READ);
}

static bool is_everything(const struct footprint *foot)
{
	return foot->count == 1 && foot->feet[0].granule == FOOT_EVERYTHING;
}

Test(footprint, an_access_over_too_many_takes_everything)
{
	struct footprint large = {.count = 0}, fits = {.count = 0}, far = {.count = 0};

	footprint_add_memory(&fits, at(64), 24, FOOT_READ);
	cr_expect(fits.count == 3 && !is_everything(&fits));
	footprint_add_memory(&large, at(64), 25, FOOT_READ);
	cr_expect(is_everything(&large));
	/* With reads elsewhere too, for nobody knows any more what it was. */
	footprint_add_memory(&far, at(9000), 1, FOOT_READ);
	cr_expect(footprint_is_dependent(&large, &far) && footprint_is_dependent(&far, &large));
	footprint_clear(&far);
	footprint_add_object(&far, at(9000), FOOT_ENQUEUE);
	cr_expect(footprint_is_dependent(&large, &far));
	/* It stays so, whatever is added. */
	footprint_add_memory(&large, at(64), 8, FOOT_READ);
	cr_expect(is_everything(&large));
}

Test(footprint, parts_that_do_not_fit_take_everything)
{
	struct footprint foot = {.count = 0};

	footprint_add_object(&foot, at(64), FOOT_WRITE);
	footprint_add_object(&foot, at(128), FOOT_WRITE);
	footprint_add_memory(&foot, at(198), 4, FOOT_WRITE);
	cr_expect(is_everything(&foot));
}

/* An operation that touches nothing may still be cut off by the end. */
Test(footprint, empty_one_depends_on_the_end_only)
{
	struct footprint none, large = {.count = 0}, end;

	footprint_of(&end, OP_EXIT, 0, 0, 0, true);
	footprint_of(&none, OP_PASS, at(64), 0, 0, true);
	footprint_add_memory(&large, at(64), 100, FOOT_WRITE);
	cr_expect(is_everything(&end) && is_everything(&large) && none.count == 0);
	cr_expect(footprint_is_dependent(&end, &end) && footprint_is_dependent(&large, &large));
	cr_expect(footprint_is_dependent(&none, &end) && footprint_is_dependent(&end, &none));
	cr_expect(footprint_is_dependent(&large, &end) && footprint_is_dependent(&end, &large));
	cr_expect(!footprint_is_dependent(&none, &large));
	cr_expect(!footprint_is_dependent(&large, &none));
	cr_expect(!footprint_is_dependent(&none, &none));
}

/* What each operation does to its object when it does what it is to do, and when it fails. */
static const enum foot_mode on_object[OP_COUNT][2] = {
	[OP_READ] = {FOOT_READ, FOOT_READ},	     [OP_WRITE] = {FOOT_WRITE, FOOT_WRITE},
	[OP_ATOMIC_LOAD] = {FOOT_READ, FOOT_READ},   [OP_ATOMIC_STORE] = {FOOT_WRITE, FOOT_WRITE},
	[OP_ATOMIC_RMW] = {FOOT_WRITE, FOOT_WRITE},  [OP_ATOMIC_CAS] = {FOOT_WRITE, FOOT_READ},
	[OP_LOCK] = {FOOT_WRITE, FOOT_WRITE},	     [OP_TRYLOCK] = {FOOT_WRITE, FOOT_READ},
	[OP_UNLOCK] = {FOOT_WRITE, FOOT_WRITE},	     [OP_WAIT] = {FOOT_ENQUEUE, FOOT_NONE},
	[OP_SIGNAL] = {FOOT_WRITE, FOOT_READ},	     [OP_BROADCAST] = {FOOT_WRITE, FOOT_READ},
	[OP_SEM_WAIT] = {FOOT_WRITE, FOOT_WRITE},    [OP_SEM_TRYWAIT] = {FOOT_WRITE, FOOT_READ},
	[OP_SEM_POST] = {FOOT_SHARE, FOOT_SHARE},    [OP_RDLOCK] = {FOOT_SHARE, FOOT_SHARE},
	[OP_TRYRDLOCK] = {FOOT_SHARE, FOOT_READ},    [OP_WRLOCK] = {FOOT_WRITE, FOOT_WRITE},
	[OP_TRYWRLOCK] = {FOOT_WRITE, FOOT_READ},    [OP_RWUNLOCK] = {FOOT_WRITE, FOOT_SHARE},
	[OP_ARRIVE] = {FOOT_ARRIVE, FOOT_WRITE},     [OP_ONCE] = {FOOT_WRITE, FOOT_READ},
	[OP_ONCE_DONE] = {FOOT_WRITE, FOOT_WRITE},   [OP_SPIN_LOCK] = {FOOT_WRITE, FOOT_WRITE},
	[OP_SPIN_TRYLOCK] = {FOOT_WRITE, FOOT_READ}, [OP_SPIN_UNLOCK] = {FOOT_WRITE, FOOT_WRITE},
	[OP_OUTPUT] = {FOOT_WRITE, FOOT_WRITE},	     [OP_CANCEL] = {FOOT_SHARE, FOOT_SHARE},
	[OP_KILL] = {FOOT_SHARE, FOOT_SHARE},	     [OP_TESTCANCEL] = {FOOT_READ, FOOT_READ},
	[OP_INTERRUPT] = {FOOT_READ, FOOT_READ},     [OP_SIGWAIT] = {FOOT_READ, FOOT_READ},
	[OP_LEAVE] = {FOOT_WRITE, FOOT_WRITE},	     [OP_CANCEL_POINT] = {FOOT_READ, FOOT_READ},
	[OP_SIGNAL_POINT] = {FOOT_READ, FOOT_READ},  [OP_RECEIVE] = {FOOT_WRITE, FOOT_WRITE},
	[OP_SEND] = {FOOT_WRITE, FOOT_WRITE},	     [OP_POLL] = {FOOT_READ, FOOT_READ},
	[OP_CLOSE] = {FOOT_WRITE, FOOT_WRITE},	     [OP_FILE_LOCK] = {FOOT_WRITE, FOOT_WRITE},
	[OP_WAIT_CHILD] = {FOOT_WRITE, FOOT_WRITE},  [OP_FREE] = {FOOT_WRITE, FOOT_WRITE},
	[OP_CHOOSE] = {FOOT_WRITE, FOOT_WRITE},
};

static enum foot_mode expected(enum op op, bool failed)
{
	return op_is_init(op) || op_is_destroy(op) ? FOOT_WRITE : on_object[op][failed];
}

static enum foot_mode mode_at(const struct footprint *foot, uint64_t address)
{
	for (uint32_t i = 0; i < foot->count; i++)
		if (foot->feet[i].granule == address / 8)
			return (enum foot_mode)foot->feet[i].mode;
	return FOOT_NONE;
}

Test(footprint, of_each_operation)
{
	for (int op = OP_NONE; op < OP_COUNT; op++)
		for (int failed = 0; failed < 2 && op < OP_EXIT; failed++) {
			struct footprint foot = {.count = 2};
			bool mutex = op == OP_WAIT || op == OP_WAKE || op == OP_LEAVE;

			/* Elsewhere. */
			if (op_letter((enum op)op) == 'X' || op == OP_FUTEX_WAKE_OP ||
			    op == OP_POINT)
				continue;
			footprint_of(&foot, (enum op)op, at(64), at(128), 4, !failed);
			cr_expect(mode_at(&foot, 64) == expected((enum op)op, failed), "%s",
				  op_word((enum op)op));
			cr_expect(mode_at(&foot, 128) == (mutex ? FOOT_WRITE : FOOT_NONE), "%s",
				  op_word((enum op)op));
			cr_expect((int)foot.count ==
					  (expected((enum op)op, failed) != FOOT_NONE) + mutex,
				  "%s", op_word((enum op)op));
		}
}

static const struct foot *foot_at(const struct footprint *foot, uint64_t granule, uint32_t bytes)
{
	for (uint32_t i = 0; i < foot->count; i++)
		if (foot->feet[i].granule == granule && foot->feet[i].bytes == bytes)
			return &foot->feet[i];
	return NULL;
}

/* A word of 4 bytes at 68, whose queue is in the upper half of a granule of its own, and one at
 * 128.
 */
static void expect_futex(enum op op, bool done, int word, int queue, int way_out, int other)
{
	const uint64_t aside = (uint64_t)1 << 52;
	const int wanted[4] = {word, queue, way_out, other};
	bool whole = queue && queue == way_out;
	const struct foot *found[4];
	struct footprint foot;

	footprint_of(&foot, op, at(68), at(128), 4, done);
	found[0] = foot_at(&foot, 8, 0xf0);
	found[1] = foot_at(&foot, aside + 8, whole ? 0x30 : 0x10);
	found[2] = foot_at(&foot, aside + 8, whole ? 0x30 : 0x20);
	found[3] = foot_at(&foot, aside + 16, op == OP_FUTEX_WOKEN ? 2 : 1);
	for (int i = 0; i < 4; i++)
		cr_expect((found[i] ? (int)found[i]->mode : FOOT_NONE) == wanted[i], "%s %d: %d",
			  op_word(op), done, i);
	cr_expect((int)foot.count ==
		  (word > 0) + (queue > 0) + (way_out > 0 && !whole) + (other > 0));
}

Test(footprint, of_futexes)
{
	expect_futex(OP_FUTEX_WAIT, true, FOOT_READ, FOOT_ENQUEUE, 0, 0);
	expect_futex(OP_FUTEX_WAIT, false, FOOT_READ, 0, 0, 0);
	expect_futex(OP_FUTEX_WOKEN, true, 0, 0, FOOT_WRITE, FOOT_WRITE);
	expect_futex(OP_FUTEX_WOKEN, false, 0, 0, 0, 0);
	expect_futex(OP_FUTEX_WAKE, true, 0, FOOT_WRITE, 0, 0);
	expect_futex(OP_FUTEX_WAKE, false, 0, FOOT_READ, 0, 0);
	expect_futex(OP_FUTEX_WAKE_BITSET, true, 0, FOOT_WRITE, FOOT_WRITE, 0);
	expect_futex(OP_FUTEX_WAKE_BITSET, false, 0, FOOT_READ, FOOT_READ, 0);
	expect_futex(OP_FUTEX_REQUEUE, true, FOOT_READ, FOOT_WRITE, FOOT_WRITE, FOOT_WRITE);
	expect_futex(OP_FUTEX_REQUEUE, false, FOOT_READ, 0, 0, 0);
	expect_futex(OP_FUTEX_WAKE_OP, true, FOOT_WRITE, FOOT_WRITE, 0, FOOT_WRITE);
}

/* With every event, and no end, which would be with those that touch nothing, too. */
Test(footprint, of_a_point_depends_on_everything)
{
	struct footprint point, lock, none;

	footprint_of(&point, OP_POINT, 0, 0, 0, true);
	footprint_of(&lock, OP_LOCK, at(64), 0, 0, true);
	footprint_of(&none, OP_PASS, at(64), 0, 0, true);
	cr_expect(is_everything(&point) && !footprint_is_end(&point));
	cr_expect(footprint_is_dependent(&point, &lock) && footprint_is_dependent(&lock, &point));
	cr_expect(footprint_is_dependent(&point, &point));
	cr_expect(!footprint_is_dependent(&point, &none));
}

/* The bytes count for memory, the address for objects. */
Test(footprint, of_memory_has_its_bytes)
{
	struct footprint foot;

	footprint_of(&foot, OP_ATOMIC_RMW, at(66), 0, 4, true);
	cr_expect(foot.count == 1 && foot.feet[0].bytes == 0x3c);
	footprint_of(&foot, OP_LOCK, at(66), 0, 4, true);
	cr_expect(foot.count == 1 && foot.feet[0].bytes == 0x04);
}

Test(footprint, which_operations_may_wait)
{
	static const enum op waiting[] = {OP_LOCK,	  OP_WAKE,	OP_SEM_WAIT,  OP_RDLOCK,
					  OP_WRLOCK,	  OP_SPIN_LOCK, OP_PASS,      OP_ONCE,
					  OP_FUTEX_WOKEN, OP_SIGWAIT,	OP_AWAIT_END, OP_LEAVE};

	for (int op = OP_NONE; op < OP_COUNT; op++) {
		bool expected = false;

		for (size_t i = 0; i < sizeof(waiting) / sizeof(*waiting); i++)
			expected |= (int)waiting[i] == op;
		cr_expect(footprint_may_wait((enum op)op) == expected, "%s", op_word((enum op)op));
	}
}
