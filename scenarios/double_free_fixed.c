/*
 * double_free_fixed.c - two threads close the same connection: whoever takes its buffer frees it.
 *
 * Shows: to look at the pointer and to take it away is one critical section.
 * Broken twin: double_free.c.
 *
 * Verdict: passed.
 * Interleavings: one critical section each: 2.
 * Classes: the same.
 */
#include "must.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char *buffer;

static void *close_connection(void *unused)
{
	char *found;

	MUST(pthread_mutex_lock(&lock));
	found = buffer;
	buffer = NULL;
	MUST(pthread_mutex_unlock(&lock));
	free(found);
	return unused;
}

int main(void)
{
	pthread_t threads[2];

	buffer = malloc(100);
	assert(buffer);
	for (int i = 0; i < 2; i++)
		MUST(pthread_create(&threads[i], NULL, close_connection, NULL));
	for (int i = 0; i < 2; i++)
		MUST(pthread_join(threads[i], NULL));
	return 0;
}
