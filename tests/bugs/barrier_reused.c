/*
 * barrier_reused.c - two threads work in steps on each other's results, with one barrier a step
 * where two are needed.
 *
 * Kind: a barrier used wrongly. Assertion in the thread that is behind.
 * Least preemptions: 0. The thread that comes to the barrier last goes on, reads, writes its next
 * result and waits at the barrier; then the other one reads the next result for the last one.
 * Decisive pair: the write of the next result comes before the read of the last one.
 * Classes: 5, of which 4 fail: both read in time; or one thread reads after the other one has
 * written again, and the assertion, the end of everything, comes before or after that one is at
 * the barrier.
 */
#include "run.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdint.h>

#define STEPS 2

static pthread_barrier_t barrier;
static atomic_int results[2];

static void *step_all(void *number)
{
	unsigned self = (unsigned)(uintptr_t)number;

	for (int step = 0; step < STEPS; step++) {
		atomic_store(&results[self], step);
		pthread_barrier_wait(&barrier);
		assert(atomic_load(&results[1 - self]) == step);
#ifdef FIXED
		pthread_barrier_wait(&barrier);
#endif
	}
	return NULL;
}

int main(void)
{
	pthread_t threads[2];

	MUST(pthread_barrier_init(&barrier, NULL, 2));
	for (uintptr_t i = 0; i < 2; i++)
		MUST(pthread_create(&threads[i], NULL, step_all, (void *)i));
	for (int i = 0; i < 2; i++)
		MUST(pthread_join(threads[i], NULL));
	return 0;
}
