/*
 * use_after_free.c [T] - T threads (default 2, at most 8) give up their reference to an object, and
 * the last of them frees it.
 *
 * Shows: a reference counter that is decreased and then looked at. In between another thread may
 * find that nobody is left, and free what the first is about to look at.
 * Bug: the decrement and the look are two operations.
 * Fixed twin: use_after_free_fixed.c.
 *
 * Verdict: use after free, or double free where both find that nobody is left before one of them
 * frees it, under random, dfs and dpor. The free races with the other thread's look, and with its
 * free.
 * Interleavings: one thread does its two operations and then the other one does: 2 that pass. Else
 * the decrements come first, in one order or the other (2 ways), and then each thread looks and
 * frees. One has freed it before the other looks: 2 ways, a use after free. Both look, and then one
 * frees it before the other: 4 ways, a double free. 14 in all. For T of 3: 1314, of which 18 pass
 * (by enumeration).
 * Classes: the two looks commute, so there are 2 ways of a double free and not 4: 10 in all. For T
 * of 3: 480, of which 12 pass (by enumeration).
 * Fewest preemptions: 1 (one thread is stopped between its two operations).
 */
#include "must.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#define THREADS_MAX 8

static struct object {
	atomic_int references;
} * object;

static void *give_up(void *unused)
{
	atomic_fetch_sub(&object->references, 1);
	if (atomic_load(&object->references) == 0)
		free(object);
	return unused;
}

int main(int argc, char **argv)
{
	int count = argc > 1 ? atoi(argv[1]) : 2;
	pthread_t threads[THREADS_MAX];

	assert(count <= THREADS_MAX);
	object = malloc(sizeof(*object));
	assert(object);
	atomic_init(&object->references, count);
	for (int i = 0; i < count; i++)
		MUST(pthread_create(&threads[i], NULL, give_up, NULL));
	for (int i = 0; i < count; i++)
		MUST(pthread_join(threads[i], NULL));
	return 0;
}
