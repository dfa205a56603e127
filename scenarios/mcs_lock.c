/*
 * mcs_lock.c [T [N]] - T threads (default 2, at most 8) take and leave N times each (default 1) the
 * queue lock of Mellor-Crummey and Scott ("Algorithms for scalable synchronization on shared-memory
 * multiprocessors", 1991).
 *
 * Shows: one exchange at the tail makes a queue; each waits at a flag of its own, and who leaves
 * takes down the flag of the next.
 * Fixed twin of: mcs_lock_reused.c.
 *
 * Verdict: passed, under random, dfs and dpor.
 * Interleavings: 2734 for T = 2 and N = 1; classes: 14; for T = 3 and N = 1: 438, for T = N = 2:
 * 798 (by enumeration; who waits looks again only after a change).
 */
#include "must.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#define THREADS_MAX 8

struct place {
	struct place *_Atomic next;
	atomic_bool waits;
};

static int threads, rounds;
static struct place places[THREADS_MAX];
static struct place *_Atomic tail;
/* Who has the lock. volatile, so that it is read again. */
static struct place *volatile owner;

static void lock(struct place *self)
{
	struct place *before;

	atomic_store(&self->next, NULL);
	atomic_store(&self->waits, true);
	before = atomic_exchange(&tail, self);
	if (!before)
		return;
	atomic_store(&before->next, self);
	while (atomic_load(&self->waits))
		;
}

static void unlock(struct place *self)
{
	struct place *expected = self;

	if (!atomic_load(&self->next)) {
		if (atomic_compare_exchange_strong(&tail, &expected, NULL))
			return;
		/* Someone stands behind, who has not said so yet. */
		while (!atomic_load(&self->next))
			;
	}
	atomic_store(&atomic_load(&self->next)->waits, false);
}

static void *work(void *argument)
{
	struct place *self = argument;
	bool was_alone = true;

	for (int i = 0; i < rounds; i++) {
		lock(self);
		owner = self;
		was_alone &= owner == self;
		unlock(self);
	}
	return (void *)(intptr_t)was_alone;
}

int main(int argc, char **argv)
{
	pthread_t workers[THREADS_MAX];
	void *was_alone[THREADS_MAX];

	threads = argc > 1 ? atoi(argv[1]) : 2;
	rounds = argc > 2 ? atoi(argv[2]) : 1;
	assert(threads <= THREADS_MAX);
	for (int i = 0; i < threads; i++)
		MUST(pthread_create(&workers[i], NULL, work, &places[i]));
	for (int i = 0; i < threads; i++)
		MUST(pthread_join(workers[i], &was_alone[i]));
	for (int i = 0; i < threads; i++)
		assert(was_alone[i]);
	return 0;
}
