/*
 * livelock.c - two polite threads: each says that it would like to go, and lets the other one go
 * first.
 *
 * Kind: livelock: both wait in a loop for what nobody changes any more.
 * Least preemptions: 1. With none a thread has taken its wish back when the other one comes. With
 * one: the first thread is left between its wish and its look at the other one's.
 * Decisive pair: the second thread's wish comes before the first one's look at it.
 */
#include "run.h"

#include <stdatomic.h>
#include <stdint.h>

static atomic_int wants[2];
#ifdef FIXED
static atomic_int turn;
#endif

static void *pass(void *number)
{
	unsigned self = (unsigned)(uintptr_t)number, other = 1 - self;

	atomic_store(&wants[self], 1);
#ifdef FIXED
	atomic_store(&turn, (int)other);
	while (atomic_load(&wants[other]) && atomic_load(&turn) == (int)other)
		;
#else
	while (atomic_load(&wants[other]))
		sched_yield();
#endif
	atomic_store(&wants[self], 0);
	return NULL;
}

int main(void)
{
	pthread_t threads[2];

	for (uintptr_t i = 0; i < 2; i++)
		MUST(pthread_create(&threads[i], NULL, pass, (void *)i));
	for (int i = 0; i < 2; i++)
		MUST(pthread_join(threads[i], NULL));
	return 0;
}
