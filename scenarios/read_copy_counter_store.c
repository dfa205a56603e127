/*
 * read_copy_counter_store.c [T [N]] - T threads (default 2, at most 8) add one to a counter N times
 * each (default 1, at most 8): each makes a copy of the present version, changes it, and puts it in
 * the place of the present one.
 *
 * Shows: no version is ever torn, and still an update is lost.
 * Bug: the copy is published whatever is present by then. Where two have copied the same version,
 * the second one to publish overwrites what the first one has done.
 * Fixed twin: read_copy_counter.c.
 *
 * Verdict: assertion, under random, dfs and dpor.
 * Interleavings: a thread loads, fills in its copy and publishes. For T and N of 2 and 1: C(6, 3) =
 * 20, of which all but the 2 fail in which one thread comes after the other.
 * Classes: as many as with counter_load_store.c, where a number takes the place of the version.
 * Fewest preemptions: 1 (one thread is stopped before it publishes).
 */
#include "must.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#define THREADS_MAX 8
#define ROUNDS_MAX  8

struct version {
	int count;
};

static int threads, rounds;
static struct version first, copies[THREADS_MAX][ROUNDS_MAX];
static struct version *_Atomic current = &first;

static void add_one(struct version *copy)
{
	struct version *seen = atomic_load(&current);

	copy->count = seen->count + 1;
	atomic_store(&current, copy);
}

static void *work(void *argument)
{
	struct version *mine = argument;

	for (int i = 0; i < rounds; i++)
		add_one(&mine[i]);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t workers[THREADS_MAX];

	threads = argc > 1 ? atoi(argv[1]) : 2;
	rounds = argc > 2 ? atoi(argv[2]) : 1;
	assert(threads <= THREADS_MAX && rounds <= ROUNDS_MAX);
	for (int i = 0; i < threads; i++)
		MUST(pthread_create(&workers[i], NULL, work, copies[i]));
	for (int i = 0; i < threads; i++)
		MUST(pthread_join(workers[i], NULL));
	assert(atomic_load(&current)->count == threads * rounds);
	return 0;
}
