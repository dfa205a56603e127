/*
 * read_copy_counter.c [T [N]] - T threads (default 2, at most 8) add one to a counter N times each
 * (default 1, at most 8): each makes a copy of the present version, changes it, and puts it in the
 * place of the present one.
 *
 * Shows: an update by copying is lost unless it is published only in place of the version that was
 * copied, by an atomic compare-and-exchange (Herlihy, "A methodology for implementing highly
 * concurrent data objects", 1993).
 * Fixed twin of: read_copy_counter_store.c.
 *
 * Verdict: passed, under random, dfs and dpor.
 * Interleavings: a thread loads, fills in its copy and exchanges (that it reads the first version,
 * which nobody writes, makes no difference); what comes after a failed exchange follows, since the
 * other one is done. For T and N of 2 and 1: C(6, 3) = 20.
 * Classes: one thread publishes first (2 ways), and the other one has loaded before that or not:
 * 2 * 2 = 4. For T and N of 2 and 2: 40; of 3 and 1: 48 (by enumeration).
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

	do
		copy->count = seen->count + 1;
	while (!atomic_compare_exchange_strong(&current, &seen, copy));
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
