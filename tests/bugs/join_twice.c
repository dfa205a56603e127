/*
 * join_twice.c - whoever finds a worker not joined yet joins it; two threads may find that.
 *
 * Kind: misuse: a thread is joined twice.
 * Least preemptions: 1. With none the second thread sees that it was joined. With one: the first
 * thread is left between its look and its note.
 * Decisive pair: the second thread's look at `joined` comes before the first one's note.
 * Classes: 4, of which 2 fail: one thread sees that it was joined (2); or both look first, and
 * then the order of the notes counts. A join is no choice.
 */
#include "run.h"

#include <stdatomic.h>
#include <stdbool.h>

static pthread_t worker;
static atomic_bool joined;

static void *work(void *unused)
{
	return unused;
}

static void *stop(void *unused)
{
#ifdef FIXED
	if (!atomic_exchange(&joined, true))
		pthread_join(worker, NULL);
#else
	if (!atomic_load(&joined)) {
		atomic_store(&joined, true);
		pthread_join(worker, NULL);
	}
#endif
	return unused;
}

int main(void)
{
	MUST(pthread_create(&worker, NULL, work, NULL));
	RUN(stop, stop);
	return 0;
}
