/*
 * sense_barrier.c [T [N]] - T threads (default 2, at most 8) go through N phases (default 2, at
 * most 8), with a sense-reversing barrier behind each.
 *
 * Shows: a barrier that is used again needs to tell this time from the last time. Each thread keeps
 * a sense, which it reverses each time; the last one to arrive reverses the common one, for which
 * the others wait (Hensgen, Finkel and Manber, "Two algorithms for barrier synchronization", 1988).
 * Fixed twin of: sense_barrier_one_way.c.
 *
 * Verdict: passed, under random, dfs and dpor.
 * Interleavings: 78 for T = 2 and N = 1, 12558 for N = 2 (by enumeration; who waits looks again
 * only after a change).
 * Classes: T! orders of arriving, and each but the last looks once too early or does not; what
 * comes behind a barrier follows all that comes before it: (T! * 2^(T - 1))^N.
 */
#include "must.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#define THREADS_MAX 8
#define PHASES_MAX  8

static int threads, phases;
static atomic_int missing;
static atomic_bool sense;
/* What each thread has done in each phase; read by its neighbour behind the barrier. */
static bool done[PHASES_MAX][THREADS_MAX];

static void barrier_wait(bool *mine)
{
	*mine = !*mine;
	if (atomic_fetch_sub(&missing, 1) == 1) {
		atomic_store(&missing, threads);
		atomic_store(&sense, *mine);
	} else {
		while (atomic_load(&sense) != *mine)
			;
	}
}

static void *work(void *argument)
{
	int self = (int)(intptr_t)argument;
	bool was_done = true;
	bool mine = false;

	for (int phase = 0; phase < phases; phase++) {
		done[phase][self] = true;
		barrier_wait(&mine);
		was_done &= done[phase][(self + 1) % threads];
	}
	return (void *)(intptr_t)was_done;
}

int main(int argc, char **argv)
{
	pthread_t workers[THREADS_MAX];
	void *was_done[THREADS_MAX];

	threads = argc > 1 ? atoi(argv[1]) : 2;
	phases = argc > 2 ? atoi(argv[2]) : 2;
	assert(threads <= THREADS_MAX && phases <= PHASES_MAX);
	atomic_init(&missing, threads);
	for (int i = 0; i < threads; i++)
		MUST(pthread_create(&workers[i], NULL, work, (void *)(intptr_t)i));
	for (int i = 0; i < threads; i++)
		MUST(pthread_join(workers[i], &was_done[i]));
	for (int i = 0; i < threads; i++)
		assert(was_done[i]);
	return 0;
}
