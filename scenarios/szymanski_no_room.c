/*
 * szymanski_no_room.c [T [N]] - T threads (default 2, at most 8) add one to a counter N times each
 * (default 1) under Szymanski's lock without its waiting room.
 *
 * Shows: a case that seldom happens is easily left out.
 * Bug: whoever comes through the door closes it behind itself, even where another one has already
 * looked and found it open. That one is through, too; if it is the lower thread, it has nobody to
 * wait for and goes in, whoever is there.
 * Fixed twin: szymanski.c.
 *
 * Verdict: assertion, under random, dfs and dpor.
 * Interleavings: 1184 for T = 2 and N = 1, of which 240 fail; classes: 68, of which 12 fail (by
 * enumeration; who waits looks again only after a change).
 * Fewest preemptions: 2 (the lower thread is stopped when it has found the door open, the higher
 * one in the middle of its increment).
 */
#include "must.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#define THREADS_MAX 8

/* In the order in which a thread goes through them. */
enum place { OUTSIDE, AT_DOOR, IN_DOORWAY, DOOR_CLOSED };

static int threads, rounds;
static atomic_int places[THREADS_MAX];
static int counter;

/* A set of places as bits. */
static bool is_in(int thread, unsigned set)
{
	return set >> atomic_load(&places[thread]) & 1;
}

/* Waits for each thread from `first` up to before `end`, but not for itself. */
static void wait_for(int self, int first, int end, unsigned set)
{
	for (int i = first; i < end; i++)
		while (i != self && !is_in(i, set))
			;
}

static void lock(int self)
{
	atomic_store(&places[self], AT_DOOR);
	wait_for(self, 0, threads, 1u << OUTSIDE | 1u << AT_DOOR);
	atomic_store(&places[self], IN_DOORWAY);
	atomic_store(&places[self], DOOR_CLOSED);
	wait_for(self, 0, self, 1u << OUTSIDE | 1u << AT_DOOR);
}

static void unlock(int self)
{
	wait_for(self, self + 1, threads, 1u << OUTSIDE | 1u << AT_DOOR | 1u << DOOR_CLOSED);
	atomic_store(&places[self], OUTSIDE);
}

static void *work(void *argument)
{
	int self = (int)(intptr_t)argument;

	for (int i = 0; i < rounds; i++) {
		lock(self);
		counter++;
		unlock(self);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t workers[THREADS_MAX];

	threads = argc > 1 ? atoi(argv[1]) : 2;
	rounds = argc > 2 ? atoi(argv[2]) : 1;
	assert(threads <= THREADS_MAX);
	for (int i = 0; i < threads; i++)
		MUST(pthread_create(&workers[i], NULL, work, (void *)(intptr_t)i));
	for (int i = 0; i < threads; i++)
		MUST(pthread_join(workers[i], NULL));
	assert(counter == threads * rounds);
	return 0;
}
