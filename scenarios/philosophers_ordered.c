/*
 * philosophers_ordered.c [N] - N philosophers around a table (default 3, at most 16), a fork
 * between each two. Each takes the fork with the lower number first.
 *
 * Shows: one order for all locks, and so no cycle.
 * Fixed twin of: philosophers.c.
 *
 * Verdict: passed, under random (N = 3), dfs and dpor (N = 2 and 3).
 * Interleavings: 2 for N = 2, which is deadlock_ordered.c. 142 for N = 3 and 64000 for N = 4 (by
 * enumeration).
 * Classes: as in philosophers.c, but that all have their left fork first is impossible, too: 2^N -
 * 2: 2, 6, 14.
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

/* Only the last one has the lower number at the right. */
static void seat(int i, int count)
{
	int left = i, right = (i + 1) % count;

	philosophers[i].first = &forks[left < right ? left : right];
	philosophers[i].second = &forks[left < right ? right : left];
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
