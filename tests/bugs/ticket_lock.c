/*
 * ticket_lock.c - tickets are drawn by a load and a store.
 *
 * Kind: a wrong ticket lock: both threads draw the same ticket. Where the second one has given the
 * lock back when the first one asks, that one waits for ever: livelock. Where it has not, both are
 * inside: assertion.
 * Least preemptions: 1 for the livelock. With none each draws in one go. With one: the first
 * thread is left between its load and its store. 2 for the assertion: the second thread must be
 * left inside, too.
 * Decisive pair: the second thread's load of the next ticket comes before the first one's store.
 */
#include "run.h"

#include <assert.h>
#include <stdatomic.h>

static atomic_uint next, served;
static atomic_int inside;

static unsigned draw(void)
{
#ifdef FIXED
	return atomic_fetch_add(&next, 1);
#else
	unsigned ticket = atomic_load(&next);

	atomic_store(&next, ticket + 1);
	return ticket;
#endif
}

static void *work(void *unused)
{
	unsigned ticket = draw();

	while (atomic_load(&served) != ticket)
		;
	assert(atomic_fetch_add(&inside, 1) == 0);
	atomic_fetch_sub(&inside, 1);
	atomic_fetch_add(&served, 1);
	return unused;
}

int main(void)
{
	RUN(work, work);
	return 0;
}
