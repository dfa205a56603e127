/* test_futex.c - the model of futexes by itself: whom a token is for, who is told it, who is moved;
 * and programs in which a search that forgot one of these would miss something. */
#include "model/futex.h"

#include "unit/searches.h"

#include <criterion/criterion.h>

static struct futexes futexes;
static struct futex_waiter waiters[4];
static uint32_t words[2];

static void waiters_come(uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		waiters[i].name = i;
		futex_enqueue(&futexes, &waiters[i], &words[0], 1u << i);
	}
}

/* A bit for each that could go on. */
static unsigned able(void)
{
	unsigned mask = 0;

	for (unsigned i = 0; i < 4; i++)
		if ((waiters[i].waits || waiters[i].released) && futex_may_wake(&waiters[i]))
			mask |= 1u << i;
	return mask;
}

Test(futex, tokens_are_for_all_who_waited_by_then)
{
	waiters_come(3);
	cr_expect(able() == 0);
	cr_expect(futex_wake(&futexes, &words[0], 2) == 2);
	futex_enqueue(&futexes, &waiters[3], &words[0], FUTEX_ANY);
	cr_expect(able() == 7);
	/* The youngest goes, and what it leaves is for those before it. */
	cr_expect(futex_leave(&futexes, &waiters[2]));
	cr_expect(able() == 3);
	cr_expect(futex_leave(&futexes, &waiters[0]));
	cr_expect(able() == 0);
	cr_expect(futex_wake(&futexes, &words[0], 9) == 2);
	cr_expect(able() == 10);
	cr_expect(waiters[1].contested && !waiters[3].contested);
}

Test(futex, a_wake_of_nobody_changes_nothing)
{
	waiters_come(2);
	cr_expect(futex_wake(&futexes, &words[1], 1) == 0);
	cr_expect(futex_wake(&futexes, &words[0], 0) == 0);
	cr_expect(!waiters[0].contested && able() == 0);
}

Test(futex, who_gives_up_takes_no_token)
{
	waiters_come(2);
	cr_expect_not(futex_leave(&futexes, &waiters[0]));
	cr_expect(futex_wake(&futexes, &words[0], 5) == 1);
	cr_expect(futex_leave(&futexes, &waiters[1]));
	cr_expect_not(futex_has_waiter(&futexes, &words[0], FUTEX_ANY));
}

Test(futex, a_bitset_takes_the_lowest_and_says_so)
{
	struct futex_taken taken;

	waiters_come(4);
	taken = futex_take(&futexes, &words[0], 6, 1, 0, 0);
	cr_expect(taken.count == 1 && taken.chosen && able() == 2);
	taken = futex_take(&futexes, &words[0], 6, 9, 0, 0);
	cr_expect(taken.count == 1 && !taken.chosen && able() == 6);
	taken = futex_take(&futexes, &words[0], 6, 9, 0, 0);
	cr_expect(taken.count == 0 && !taken.any);
}

Test(futex, an_open_token_is_told_the_lowest)
{
	struct futex_taken taken;

	waiters_come(3);
	futex_wake(&futexes, &words[0], 1);
	taken = futex_take(&futexes, &words[0], FUTEX_ANY, 0, &words[1], 1);
	cr_expect(taken.count == 1 && taken.moved == 1 && taken.chosen);
	cr_expect(able() == 1 && waiters[1].word == &words[1]);
	cr_expect(futex_wake(&futexes, &words[1], 1) == 1 && able() == 3);
	cr_expect(futex_wake(&futexes, &words[0], 1) == 1 && able() == 7);
}

/* Who has been moved might have been woken before, in the stead of whom then moved it. */
Test(futex, a_search_goes_back_before_a_move, .init = search_init)
{
	static const struct program program = {
		.threads = 3,
		.length = {3, 2, 2},
		.steps = {{{.op = OP_FUTEX_WAIT, .skip = 1},
			   {.op = OP_FUTEX_WOKEN},
			   {.op = OP_FUTEX_REQUEUE, .mutex = 1, .value = 9 << 16}},
			  {{.op = OP_FUTEX_WAIT, .skip = 1}, {.op = OP_FUTEX_WOKEN}},
			  {{.op = OP_FUTEX_WAKE, .value = 1},
			   {.op = OP_FUTEX_WAKE, .object = 1, .value = 1}}},
	};

	cr_expect(check(&program, true).classes > 5);
}
