/* test_cond.c - exactly the wakeups that POSIX allows: a signal is for any one of those that wait
 * at that moment, and for nobody who comes later. */
#include "model/cond.h"

#include "base/rng.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

Test(cond, lies_over_the_c_library_s)
{
	static const pthread_cond_t initialised = PTHREAD_COND_INITIALIZER;
	static const struct cond none;

	cr_expect(sizeof(struct cond) <= sizeof(pthread_cond_t));
	cr_expect(!memcmp(&initialised, &none, sizeof(none)));
}

Test(cond, waiters_are_numbered_from_one)
{
	struct cond cond = {.waiters = 0};

	for (uint32_t i = 1; i <= 5; i++)
		cr_expect(cond_enqueue(&cond) == i);
	cond_leave(&cond);
	cr_expect(cond.waiters == 4);
	/* The number of one that left is not given again. */
	cr_expect(cond_enqueue(&cond) == 6);
}

/* Each of three waiters can be the one that a signal wakes, and then no other can. */
Test(cond, signal_is_for_any_one_waiter)
{
	for (uint32_t chosen = 1; chosen <= 3; chosen++) {
		struct cond cond = {.waiters = 0};

		for (int i = 0; i < 3; i++)
			cond_enqueue(&cond);
		cr_expect(cond_issue(&cond, 1) == 0);
		for (uint32_t i = 1; i <= 3; i++)
			cr_expect(cond_may_wake(&cond, i));
		cond_wake(&cond, chosen);
		for (uint32_t i = 1; i <= 3; i++)
			cr_expect(!cond_may_wake(&cond, i));
		cr_expect(cond.waiters == 2 && cond.tokens == 0);
	}
}

Test(cond, later_waiter_takes_no_older_token)
{
	struct cond cond = {.waiters = 0};
	uint32_t early = cond_enqueue(&cond), late;

	cond_issue(&cond, 1);
	late = cond_enqueue(&cond);
	cr_expect(cond_may_wake(&cond, early) && !cond_may_wake(&cond, late));
	/* A second signal is for both; the early one, taking the older token, leaves it. */
	cond_issue(&cond, 1);
	cr_expect(cond_may_wake(&cond, early) && cond_may_wake(&cond, late));
	cond_wake(&cond, early);
	cr_expect(cond_may_wake(&cond, late));
	cond_wake(&cond, late);
	cr_expect(cond.waiters == 0 && cond.tokens == 0);
}

Test(cond, nobody_waits)
{
	struct cond cond = {.waiters = 0};
	uint32_t waiter;

	cr_expect(cond_issue(&cond, 1) == 0 && cond_issue(&cond, UINT32_MAX) == 0);
	cr_expect(cond.tokens == 0);
	waiter = cond_enqueue(&cond);
	cr_expect(!cond_may_wake(&cond, waiter));
}

Test(cond, broadcast_is_for_all_that_have_no_token)
{
	struct cond cond = {.waiters = 0};

	for (int i = 0; i < 4; i++)
		cond_enqueue(&cond);
	cond_issue(&cond, 1);
	cr_expect(cond_issue(&cond, UINT32_MAX) == 0 && cond.tokens == 4);
	cr_expect(cond_issue(&cond, UINT32_MAX) == 0 && cond.tokens == 4);
	cond_enqueue(&cond);
	for (uint32_t i = 4; i >= 1; i--) {
		cr_expect(cond_may_wake(&cond, i) && !cond_may_wake(&cond, 5));
		cond_wake(&cond, i);
	}
	cr_expect(cond.waiters == 1 && cond.tokens == 0);
}

Test(cond, timeout_takes_no_token)
{
	struct cond cond = {.waiters = 0};
	uint32_t stays;

	cond_enqueue(&cond);
	stays = cond_enqueue(&cond);
	cond_leave(&cond);
	cr_expect(cond.waiters == 1);
	cond_issue(&cond, UINT32_MAX);
	cr_expect(cond.tokens == 1);
	cr_expect(cond_may_wake(&cond, stays));
	cond_wake(&cond, stays);
	cr_expect(cond.waiters == 0 && cond.tokens == 0);
}

static struct cond_more *more_of(uint64_t room)
{
	struct cond_more *more = calloc(1, sizeof(*more) + room * sizeof(*more->list));

	more->room = room;
	return more;
}

/* Issues as the session does: with a larger copy of `more` where there is no entry free. Returns
 * how often that was needed. */
static int issue(struct cond *cond, uint32_t count)
{
	int grown = 0;

	while (cond_issue(cond, count)) {
		uint64_t room = cond->more ? cond->more->room : 0;
		struct cond_more *more = more_of(room + 1);
		uint32_t tokens = cond->tokens;

		if (room)
			memcpy(more->list, cond->more->list, room * sizeof(*more->list));
		free(cond->more);
		cond->more = more;
		cr_assert(cond->tokens == tokens && ++grown < 2);
	}
	return grown;
}

Test(cond, entries_beyond_the_inline_ones)
{
	struct cond cond = {.waiters = 0};
	uint32_t many = 50;

	for (uint32_t i = 1; i <= many; i++) {
		cr_assert(cond_enqueue(&cond) == i);
		cr_expect(issue(&cond, 1) == (i > COND_TOKENS_INLINE), "%u", i);
	}
	/* Each has a token that is for it and those before it: the last can only go first. */
	for (uint32_t i = many; i >= 1; i--) {
		cr_expect(cond_may_wake(&cond, i), "%u", i);
		cond_wake(&cond, i);
	}
	cr_expect(cond.tokens == 0 && cond.waiters == 0);
	/* Entries are used again. */
	for (uint32_t i = 0; i < many; i++) {
		cond_enqueue(&cond);
		cr_expect(issue(&cond, 1) == 0);
	}
	free(cond.more);
}

Test(cond, equal_tokens_take_one_entry)
{
	struct cond cond = {.waiters = 0};

	for (int i = 0; i < 100; i++)
		cond_enqueue(&cond);
	for (int i = 0; i < 100; i++)
		cr_assert(cond_issue(&cond, 1) == 0);
	cr_expect(cond.tokens == 100);
}

/* ---- against POSIX's words: each signal has the set of those that waited when it was issued */

#define WAITERS 64

struct reference {
	uint64_t waiting;
	uint64_t tokens[WAITERS]; /* in the order of issue */
	uint32_t count;
};

static int oldest(const struct reference *reference, uint32_t number)
{
	for (uint32_t i = 0; i < reference->count; i++)
		if (reference->tokens[i] >> (number - 1) & 1)
			return (int)i;
	return -1;
}

static void reference_wake(struct reference *reference, uint32_t number)
{
	for (uint32_t i = (uint32_t)oldest(reference, number) + 1; i < reference->count; i++)
		reference->tokens[i - 1] = reference->tokens[i];
	reference->count--;
	reference->waiting &= ~(1ul << (number - 1));
}

static void reference_issue(struct reference *reference, uint32_t count)
{
	while (count-- && reference->count < (uint32_t)__builtin_popcountl(reference->waiting))
		reference->tokens[reference->count++] = reference->waiting;
}

static void compare_with_reference(const struct cond *cond, const struct reference *reference)
{
	for (uint32_t number = 1; number <= cond->numbers; number++)
		if (reference->waiting >> (number - 1) & 1)
			cr_assert(cond_may_wake(cond, number) == (oldest(reference, number) >= 0),
				  "%u", number);
	cr_assert(cond->waiters == (uint32_t)__builtin_popcountl(reference->waiting));
	cr_assert(cond->tokens == reference->count);
}

static void random_step(struct rng *rng, struct cond *cond, struct reference *reference)
{
	uint32_t what = rng_below(rng, 8), number;

	if (what < 3 && cond->numbers < WAITERS) {
		number = cond_enqueue(cond);
		reference->waiting |= 1ul << (number - 1);
	} else if (what < 5) {
		issue(cond, 1);
		reference_issue(reference, 1);
	} else if (what == 5 && !rng_below(rng, 4)) {
		issue(cond, UINT32_MAX);
		reference_issue(reference, UINT32_MAX);
	} else if (cond->numbers) {
		number = 1 + rng_below(rng, cond->numbers);
		if (!(reference->waiting >> (number - 1) & 1))
			return;
		if (oldest(reference, number) >= 0) {
			cond_wake(cond, number);
			reference_wake(reference, number);
		} else if (!rng_below(rng, 4)) {
			cond_leave(cond);
			reference->waiting &= ~(1ul << (number - 1));
		}
	}
}

Test(cond, wakes_whom_posix_says)
{
	struct rng rng = rng_stream(1, 1);

	for (int round = 0; round < 2000; round++) {
		struct cond cond = {.waiters = 0};
		struct reference reference = {.count = 0};

		for (int i = 0; i < 200; i++) {
			random_step(&rng, &cond, &reference);
			compare_with_reference(&cond, &reference);
		}
		free(cond.more);
	}
}
