/*
 * sense_barrier_one_way.c [T [N]] - T threads (default 2, at most 8) go through N phases (default
 * 2, at most 8), with a barrier behind each that only works once.
 *
 * Shows: what is used again has to be made ready again.
 * Bug: the last one to arrive sets the flag for which the others wait, and nothing ever takes it
 * back. From the second phase on nobody waits.
 * Fixed twin: sense_barrier.c.
 *
 * Verdict: assertion, under random, dfs and dpor (N = 2). N = 1 cannot fail.
 * Interleavings: 17108 for T = N = 2, of which 728 fail; classes: 24, of which 8 fail (by
 * enumeration; who waits looks again only after a change).
 * Fewest preemptions: 0 (the first thread waits, the second one sets the flag and goes on through
 * the second phase).
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
static atomic_bool released;
/* What each thread has done in each phase; read by its neighbour behind the barrier. */
static bool done[PHASES_MAX][THREADS_MAX];

static void barrier_wait(void)
{
	if (atomic_fetch_sub(&missing, 1) == 1) {
		atomic_store(&missing, threads);
		atomic_store(&released, true);
	} else {
		while (!atomic_load(&released))
			;
	}
}

static void *work(void *argument)
{
	int self = (int)(intptr_t)argument;
	bool was_done = true;

	for (int phase = 0; phase < phases; phase++) {
		done[phase][self] = true;
		barrier_wait();
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
