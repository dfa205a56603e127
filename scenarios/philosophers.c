/*
 * philosophers.c [N] - N philosophers around a table (default 3, at most 16), a fork between each
 * two. Each takes the fork at the left, then the one at the right.
 *
 * Shows: a deadlock of any length, not only of two.
 * Bug: when each has the left fork, each waits for ever for the right one.
 * Fixed twin: philosophers_ordered.c.
 *
 * Verdict: deadlock, under random (N = 3), dfs and dpor (N = 2 and 3).
 * Interleavings: 6 for N = 2, which is deadlock_abba.c. 168 for N = 3 and 98184 for N = 4 (by
 * enumeration). The deadlock comes when all have taken their first fork and none a second, in any
 * order, so N! fail: 2, 6, 24.
 * Classes: each fork is first taken by the one or the other neighbour, but it is impossible that
 * all forks are first taken by those who take them second: 2^N - 1: 3, 7, 15, of which 1 deadlocks.
 * Fewest preemptions: 1, whatever N is: one is stopped with a left fork, after that the neighbour
 * who needs it takes a left fork and blocks, and so on around the table.
 */
#include "must.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

#define PHILOSOPHERS_MAX 16

struct philosopher {
	pthread_t thread;
	pthread_mutex_t *first, *second;
};

static pthread_mutex_t forks[PHILOSOPHERS_MAX];
static struct philosopher philosophers[PHILOSOPHERS_MAX];

static void *dine(void *argument)
{
	struct philosopher *self = argument;

	MUST(pthread_mutex_lock(self->first));
	MUST(pthread_mutex_lock(self->second));
	MUST(pthread_mutex_unlock(self->second));
	MUST(pthread_mutex_unlock(self->first));
	return NULL;
}

/* The forks lie to the left and to the right. */
static void seat(int i, int count)
{
	philosophers[i].first = &forks[i];
	philosophers[i].second = &forks[(i + 1) % count];
}

int main(int argc, char **argv)
{
	int count = argc > 1 ? atoi(argv[1]) : 3;

	assert(count >= 2 && count <= PHILOSOPHERS_MAX);
	for (int i = 0; i < count; i++) {
		MUST(pthread_mutex_init(&forks[i], NULL));
		seat(i, count);
	}
	for (int i = 0; i < count; i++)
		MUST(pthread_create(&philosophers[i].thread, NULL, dine, &philosophers[i]));
	for (int i = 0; i < count; i++)
		MUST(pthread_join(philosophers[i].thread, NULL));
	return 0;
}
