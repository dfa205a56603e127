/*
 * double_free.c - two threads close the same connection: whoever finds its buffer frees it.
 *
 * Shows: a lock around each look at a pointer, and none around the look and what follows from it.
 * Bug: the buffer is freed between two critical sections; until the second one the other thread
 * finds it, too.
 * Fixed twin: double_free_fixed.c.
 *
 * Verdict: double free, under random, dfs and dpor. It is a data race, too: nothing orders the two.
 * Interleavings: one thread closes the connection, and the other one then finds nothing: 2 that
 * pass. Else both find it, and the second to free it ends the process, wherever the other one is in
 * its second critical section: 102 in all (by enumeration).
 * Classes: 18, of which 2 pass (by enumeration).
 * Fewest preemptions: 1 (one thread is stopped between its critical sections).
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
	MUST(pthread_mutex_unlock(&lock));
	if (!found)
		return unused;
	free(found);
	MUST(pthread_mutex_lock(&lock));
	buffer = NULL;
	MUST(pthread_mutex_unlock(&lock));
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
