/* test_barrier.c - a barrier opens when as many as it is for have arrived, generation by
 * generation, and in whichever order they come it is left in the same state. */
#include "model/barrier.h"

#include "base/rng.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <string.h>

Test(barrier, count_is_where_the_c_library_puts_it)
{
	for (unsigned count = 1; count < 5; count++) {
		pthread_barrier_t native;
		struct barrier model;

		cr_assert(sizeof(model) <= sizeof(native));
		pthread_barrier_init(&native, NULL, count);
		memcpy(&model, &native, sizeof(model));
		cr_expect(model.count == count && model.arrived == 0 && model.lowest == 0);
	}
}

/* Where that is told with the arrival, the thread need not be asked about when it passes. */
static bool serial_at_arrival[2048];

static uint32_t arrive(struct barrier *barrier, uint32_t thread)
{
	return barrier_arrive(barrier, thread, &serial_at_arrival[thread]);
}

/* True for the serial thread: as the session asks. */
static bool pass(struct barrier *barrier, uint32_t thread)
{
	return serial_at_arrival[thread] | barrier_pass(barrier, thread);
}

Test(barrier, one_that_is_for_one_opens_at_once)
{
	struct barrier barrier = {.count = 1};

	for (uint32_t i = 0; i < 3; i++) {
		uint32_t generation = arrive(&barrier, 4 + i);

		cr_expect(generation == i);
		cr_expect(barrier_may_pass(&barrier, generation));
		cr_expect(pass(&barrier, 4 + i));
	}
}

/* Nobody passes before the last has arrived, then all do; one of them is the serial thread. */
Test(barrier, opens_for_all_at_the_last)
{
	for (uint32_t count = 2; count <= 6; count++) {
		struct barrier barrier = {.count = count};
		uint32_t serial = 0;

		for (uint32_t i = 0; i < count; i++) {
			cr_expect(!barrier_may_pass(&barrier, 0));
			cr_expect(arrive(&barrier, i) == 0);
		}
		cr_expect(barrier_may_pass(&barrier, 0) && !barrier_may_pass(&barrier, 1));
		for (uint32_t i = 0; i < count; i++)
			serial += pass(&barrier, i);
		cr_expect(serial == 1);
	}
}

/* All orders of three arrivals end in one state: so they commute. */
Test(barrier, arrivals_commute)
{
	static const uint32_t orders[6][3] = {{2, 5, 9}, {2, 9, 5}, {5, 2, 9},
					      {5, 9, 2}, {9, 2, 5}, {9, 5, 2}};

	for (uint32_t arrivals = 2; arrivals <= 3; arrivals++) {
		struct barrier first = {.count = 3};

		for (uint32_t i = 0; i < arrivals; i++)
			arrive(&first, orders[0][i]);
		for (int o = 1; o < 6; o++) {
			struct barrier barrier = {.count = 3};

			/* Of two arrivals, only those of the same two threads can be compared. */
			if (arrivals == 2 && orders[o][2] != 9)
				continue;
			for (uint32_t i = 0; i < arrivals; i++)
				arrive(&barrier, orders[o][i]);
			cr_expect(!memcmp(&barrier, &first, sizeof(barrier)), "order %d", o);
		}
	}
}

/* A fast thread is back at the barrier, with another one, before a slow one has passed: the slow
 * one is the serial thread of its generation all the same. */
Test(barrier, next_generation_does_not_disturb_the_last)
{
	struct barrier barrier = {.count = 2};

	cr_expect(arrive(&barrier, 1) == 0);
	cr_expect(arrive(&barrier, 2) == 0);
	cr_expect(!pass(&barrier, 2));
	cr_expect(arrive(&barrier, 2) == 1);
	cr_expect(barrier_may_pass(&barrier, 0) && !barrier_may_pass(&barrier, 1));
	cr_expect(arrive(&barrier, 3) == 1);
	cr_expect(barrier_may_pass(&barrier, 1));
	cr_expect(pass(&barrier, 1));
	cr_expect(pass(&barrier, 3) + pass(&barrier, 2) == 1);
	/* And once only. */
	cr_expect(arrive(&barrier, 1) == 2 && arrive(&barrier, 3) == 2);
	cr_expect(pass(&barrier, 1) + pass(&barrier, 3) == 1);
}

/* Threads come and go in any order: each generation has one serial thread. */
Test(barrier, generations_of_random_threads)
{
	static const uint32_t bases[] = {0, 60, 1000};
	struct rng rng = rng_stream(1, 1);

	for (size_t b = 0; b < sizeof(bases) / sizeof(*bases); b++) {
		struct barrier barrier = {.count = 3};
		static uint32_t generation_of[2048], serial[2000], passed[2000];
		bool waits[8] = {false};

		memset(serial, 0, sizeof(serial));
		memset(passed, 0, sizeof(passed));
		while (barrier.generation < 1000) {
			uint32_t i = rng_below(&rng, 8), thread = bases[b] + i;
			uint32_t generation = generation_of[thread];

			if (!waits[i]) {
				generation_of[thread] = arrive(&barrier, thread);
				waits[i] = true;
			} else if (barrier_may_pass(&barrier, generation)) {
				serial[generation] += pass(&barrier, thread);
				waits[i] = ++passed[generation] == 0;
			}
			cr_assert(serial[generation] <= 1);
		}
		for (uint32_t generation = 0; generation < 900; generation++)
			cr_assert(passed[generation] < 3 || serial[generation] == 1);
	}
}

/* Whatever the initialiser left there. */
Test(barrier, arrivals_of_the_first_threads_commute)
{
	struct barrier barrier = {.count = 2, .first = UINT64_MAX};

	arrive(&barrier, 0);
	cr_expect(barrier_arrival_commutes(&barrier, 63) && barrier_arrival_commutes(&barrier, 1));
	arrive(&barrier, 63);
	for (uint32_t round = 0; round < 3; round++) {
		for (uint32_t thread = 0; thread < 70; thread++)
			cr_expect(barrier_arrival_commutes(&barrier, thread) ==
				  (thread == 0 || thread == 63));
		arrive(&barrier, 63);
		arrive(&barrier, 0);
	}
}
