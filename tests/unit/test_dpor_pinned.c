/*
 * test_dpor_pinned.c - programs that the partial-order reduction once got wrong: found by
 * test_dpor_random.c and made small.
 */
#include "unit/searches.h"

#include <criterion/criterion.h>

/* To pass a barrier, or to yield, touches nothing, but is cut off by the end. */
Test(dpor_pinned, end_before_what_touches_nothing, .init = search_init)
{
	static const struct program program = {
		.threads = 2,
		.length = {1, 1},
		.steps = {{{.op = OP_YIELD}}, {{.op = OP_EXIT}}},
	};

	check_known(&program, 2);
	cr_expect(check(&program, true).difference == SAME);
}

/* There is no event on the semaphore to tell its value. */
Test(dpor_pinned, end_while_one_waits, .init = search_init)
{
	static const struct program program = {
		.threads = 2,
		.length = {1, 1},
		.steps = {{{.op = OP_SEM_WAIT}}, {{.op = OP_WRITE, .end = STEP_ENDS}}},
	};

	check_known(&program, 1);
	cr_expect(check(&program, true).difference == SAME);
}

/* What is pending at the end commutes, but not with the end. */
Test(dpor_pinned, end_before_two_that_commute, .init = search_init)
{
	static const struct program first = {
		.threads = 3,
		.length = {1, 1, 3},
		.steps = {{{.op = OP_WRITE, .end = STEP_ENDS}},
			  {{.op = OP_LOCK}},
			  {{.op = OP_LOCK}, {.op = OP_UNLOCK}, {.op = OP_WRITE}}},
	};
	static const struct program second = {
		.threads = 3,
		.length = {1, 2, 2},
		.steps = {{{.op = OP_EXIT}},
			  {{.op = OP_RDLOCK}, {.op = OP_RWUNLOCK}},
			  {{.op = OP_RDLOCK}, {.op = OP_WRITE}}},
	};

	check_known(&first, 7);
	check_known(&second, 9);
	cr_expect(check(&first, true).difference == SAME);
	cr_expect(check(&second, true).difference == SAME);
}

/* What a compare-exchange finds, written in parts. */
Test(dpor_pinned, exchange_of_bytes_written_apart, .init = search_init)
{
	static const struct program program = {
		.threads = 3,
		.length = {1, 2, 2},
		.steps = {{{.op = OP_WRITE}},
			  {{.op = OP_WRITE, .value = 1, .bytes = 1}, {.op = OP_READ}},
			  {{.op = OP_ATOMIC_CAS}, {.op = OP_READ}}},
	};

	check_known(&program, 19);
	cr_expect(check(&program, true).difference == SAME);
}

/* The write lock waits for both, whose locks are not ordered. */
Test(dpor_pinned, two_readers_before_a_writer, .init = search_init)
{
	static const struct program program = {
		.threads = 3,
		.length = {1, 3, 1},
		.steps = {{{.op = OP_RDLOCK}},
			  {{.op = OP_RDLOCK}, {.op = OP_RWUNLOCK}, {.op = OP_WRLOCK}},
			  {{.op = OP_RDLOCK}}},
	};

	check_known(&program, 2);
	cr_expect(check(&program, true).difference == SAME);
}

/* Clocks of events before the last threads were created have no entries for these. */
Test(dpor_pinned, threads_that_come_later, .init = search_init)
{
	static const struct program program = {
		.threads = 4,
		.length = {1, 4, 1, 1},
		.steps = {{{.op = OP_WRITE}},
			  {{.op = OP_LOCK},
			   {.op = OP_CREATE, .object = 2},
			   {.op = OP_WRITE},
			   {.op = OP_CREATE, .object = 3}},
			  {{.op = OP_SEM_POST, .object = 1}},
			  {{.op = OP_SEM_TRYWAIT, .object = 1}}},
	};

	check_known(&program, 4);
	cr_expect(check(&program, true).difference == SAME);
}

/* while (x == 0) { unlock; lock; }: the lock waits for x, too. */
Test(dpor_pinned, lock_that_a_guard_kept_away, .init = search_init)
{
	static const struct program program = {
		.threads = 2,
		.length = {2, 4},
		.steps = {{{.op = OP_WRITE, .value = 2}, {.op = OP_WRITE}},
			  {{.op = OP_LOCK},
			   {.op = OP_READ, .skip = 2},
			   {.op = OP_UNLOCK},
			   {.op = OP_LOCK, .guard = {.op = OP_READ}}}},
	};

	check_known(&program, 4);
	cr_expect(check(&program, true).difference == SAME);
}

/* Both who has the mutex and who writes 0 are in the way, and are not ordered. */
Test(dpor_pinned, lock_that_a_guard_and_a_lock_kept_away, .init = search_init)
{
	static const struct program program = {
		.threads = 4,
		.length = {1, 1, 1, 4},
		.steps = {{{.op = OP_LOCK}},
			  {{.op = OP_WRITE, .value = 1}},
			  {{.op = OP_WRITE}},
			  {{.op = OP_LOCK},
			   {.op = OP_READ, .skip = 2},
			   {.op = OP_UNLOCK},
			   {.op = OP_LOCK, .guard = {.op = OP_READ}}}},
	};

	check_known(&program, 11);
	cr_expect(check(&program, true).difference == SAME);
}

/* Readers that have come and gone are not in a writer's way, though they came after one that is:
 * one of them, or both, each with its unlock. */
Test(dpor_pinned, writer_after_readers_that_have_gone, .init = search_init)
{
	static const struct program one = {
		.threads = 4,
		.length = {1, 3, 1, 2},
		.steps = {{{.op = OP_WRLOCK}},
			  {{.op = OP_WRLOCK}, {.op = OP_RWUNLOCK}, {.op = OP_RDLOCK}},
			  {{.op = OP_RDLOCK}},
			  {{.op = OP_RDLOCK}, {.op = OP_RWUNLOCK}}},
	};
	static const struct program both = {
		.threads = 4,
		.length = {1, 4, 1, 2},
		.steps = {{{.op = OP_WRLOCK}},
			  {{.op = OP_WRLOCK},
			   {.op = OP_RWUNLOCK},
			   {.op = OP_RDLOCK},
			   {.op = OP_RWUNLOCK}},
			  {{.op = OP_RDLOCK}},
			  {{.op = OP_RDLOCK}, {.op = OP_RWUNLOCK}}},
	};

	/* The same thread comes again. */
	static const struct program again = {
		.threads = 4,
		.length = {1, 1, 3, 1},
		.steps = {{{.op = OP_RDLOCK}},
			  {{.op = OP_RDLOCK}},
			  {{.op = OP_RDLOCK}, {.op = OP_RWUNLOCK}, {.op = OP_RDLOCK}},
			  {{.op = OP_WRLOCK}}},
	};

	check_known(&again, 3);
	cr_expect(check(&again, true).difference == SAME);
	check_known(&one, 8);
	cr_expect(check(&one, true).difference == SAME);
	cr_expect(check(&both, true).difference == SAME);
}
