/*
 * rcu.c [R [N]] - R readers (default 1, at most 8) use a configuration that a writer replaces N
 * times (default 1, at most 8), freeing what it has replaced.
 *
 * Shows: after the new one is published, the old one is still in use by those who came before. The
 * writer waits until each of them has been outside once: a grace period (McKenney and Slingwine,
 * "Read-copy update: using execution history to solve concurrency problems", 1998).
 * Fixed twin of: rcu_no_grace.c.
 *
 * Verdict: passed, under random, dfs and dpor.
 * Interleavings: 39 for R = N = 1, 108 for N = 2, 28871 for R = 2 (by enumeration; who waits looks
 * again only after a change).
 * Classes: a reader comes and goes between two looks of the writer at it, and looks up before or
 * after the one exchange that stands between these: 2N, or comes and goes after the last look: 1;
 * or it is there at a look, for which the writer waits, and has looked up before or after the
 * exchange that comes before that look: 2N. Readers do not disturb each other: (4N + 1)^R.
 */
#include "must.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#define READERS_MAX 8
#define UPDATES_MAX 8

/* What stands in memory that was freed. */
#define FREED (-1)

struct config {
	int value;
};

static int readers, updates;
static struct config versions[UPDATES_MAX + 1] = {{.value = 42}};
static struct config *_Atomic current = &versions[0];
static atomic_bool reading[READERS_MAX];

static void grace_period(void)
{
	for (int i = 0; i < readers; i++)
		while (atomic_load(&reading[i]))
			;
}

static void *update(void *unused)
{
	for (int i = 1; i <= updates; i++) {
		struct config *old;

		versions[i].value = 42 + i;
		old = atomic_exchange(&current, &versions[i]);
		grace_period();
		old->value = FREED;
	}
	return unused;
}

static void *use(void *argument)
{
	int self = (int)(intptr_t)argument;
	struct config *config;
	int value;

	atomic_store(&reading[self], true);
	config = atomic_load(&current);
	value = config->value;
	atomic_store(&reading[self], false);
	return (void *)(intptr_t)value;
}

int main(int argc, char **argv)
{
	pthread_t threads[READERS_MAX + 1];
	void *seen[READERS_MAX];

	readers = argc > 1 ? atoi(argv[1]) : 1;
	updates = argc > 2 ? atoi(argv[2]) : 1;
	assert(readers <= READERS_MAX && updates <= UPDATES_MAX);
	MUST(pthread_create(&threads[readers], NULL, update, NULL));
	for (int i = 0; i < readers; i++)
		MUST(pthread_create(&threads[i], NULL, use, (void *)(intptr_t)i));
	MUST(pthread_join(threads[readers], NULL));
	for (int i = 0; i < readers; i++)
		MUST(pthread_join(threads[i], &seen[i]));
	for (int i = 0; i < readers; i++)
		assert((intptr_t)seen[i] != FREED);
	return 0;
}
