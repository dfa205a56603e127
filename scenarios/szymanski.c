/*
 * szymanski.c [T [N]] - T threads (default 2, at most 8) add one to a counter N times each (default
 * 1) under Szymanski's lock ("A simple solution to Lamport's concurrent programming problem with
 * linear wait", 1988).
 *
 * Shows: a waiting room. Who wants in enters it while its door is open; the last one who comes in
 * closes the door; then they go on, the lowest first, and the last one out opens the door again.
 * Fixed twin of: szymanski_no_room.c.
 *
 * Verdict: passed, under random, dfs and dpor.
 * Interleavings: 10370 for T = 2 and N = 1; classes: 350 (by enumeration; who waits looks again
 * only after a change).
 */
#include "must.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#define THREADS_MAX 8

/* In the order in which a thread goes through them; it may leave out IN_ROOM. */
enum place { OUTSIDE, AT_DOOR, IN_ROOM, IN_DOORWAY, DOOR_CLOSED };

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

static bool is_any(int self, enum place place)
{
	for (int i = 0; i < threads; i++)
		if (i != self && is_in(i, 1u << place))
			return true;
	return false;
}

static void lock(int self)
{
	atomic_store(&places[self], AT_DOOR);
	wait_for(self, 0, threads, 1u << OUTSIDE | 1u << AT_DOOR | 1u << IN_ROOM);
	atomic_store(&places[self], IN_DOORWAY);
	if (is_any(self, AT_DOOR)) {
		atomic_store(&places[self], IN_ROOM);
		while (!is_any(self, DOOR_CLOSED))
			;
	}
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
