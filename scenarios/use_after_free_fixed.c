/*
 * use_after_free_fixed.c [T] - T threads (default 2, at most 8) give up their reference to an
 * object, and the last of them frees it.
 *
 * Shows: the decrement itself tells who was the last.
 * Broken twin: use_after_free.c.
 *
 * Verdict: passed.
 * Interleavings: the orders of the T decrements: T!.
 * Classes: the same, for each decrement finds another value.
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
	if (atomic_fetch_sub(&object->references, 1) == 1)
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
