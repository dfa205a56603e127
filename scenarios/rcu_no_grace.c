/*
 * rcu_no_grace.c [R [N]] - R readers (default 1, at most 8) use a configuration that a writer
 * replaces N times (default 1, at most 8), freeing what it has replaced.
 *
 * Shows: that nobody can find an object any more does not mean that nobody has it.
 * Bug: the old version is freed as soon as the new one is published. Who has looked up the old
 * one still reads it.
 * Fixed twin: rcu.c.
 *
 * Verdict: assertion, under random, dfs and dpor.
 * Interleavings: the writer fills in, publishes and frees, the reader looks up and reads. For R =
 * N = 1: C(5, 2) = 10, of which the 2 fail in which the reader looks up before the second and
 * reads after the third.
 * Classes: a reader looks up one of N + 1 versions and, except the last, reads it before or after
 * it is freed. Readers do not disturb each other: (2N + 1)^R, of which all but (N + 1)^R fail.
 * Fewest preemptions: 1 (the reader is stopped between looking up and reading).
 */
#include "must.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
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

static void *update(void *unused)
{
	for (int i = 1; i <= updates; i++) {
		struct config *old;

		versions[i].value = 42 + i;
		old = atomic_exchange(&current, &versions[i]);
		old->value = FREED;
	}
	return unused;
}

static void *use(void *unused)
{
	(void)unused;
	return (void *)(intptr_t)atomic_load(&current)->value;
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
		MUST(pthread_create(&threads[i], NULL, use, NULL));
	MUST(pthread_join(threads[readers], NULL));
	for (int i = 0; i < readers; i++)
		MUST(pthread_join(threads[i], &seen[i]));
	for (int i = 0; i < readers; i++)
		assert((intptr_t)seen[i] != FREED);
	return 0;
}
