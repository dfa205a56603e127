/*
 * read_copy.c - a configuration is copied, changed and put in place of the old one, whichever that
 * is by now.
 *
 * Kind: read-copy-update without comparison: a lost update. Assertion in main.
 * Least preemptions: 1. With none a thread has put its copy when the other one makes one. With
 * one: the first thread is left between its read of the pointer and the exchange.
 * Decisive pair: the second thread's read of the pointer comes before the first one's write.
 * Classes: 4, of which 2 fail, as for two threads that read and write a counter.
 */
#include "run.h"

#include <assert.h>
#include <stdatomic.h>

struct config {
	int changes;
};

static struct config first;
static struct config *_Atomic current = &first;

static void *change(void *unused)
{
	struct config *copy = malloc(sizeof(*copy));
	struct config *old = atomic_load(&current);

#ifdef FIXED
	do
		copy->changes = old->changes + 1;
	while (!atomic_compare_exchange_strong(&current, &old, copy));
#else
	copy->changes = old->changes + 1;
	atomic_store(&current, copy);
#endif
	return unused;
}

int main(void)
{
	RUN(change, change);
	assert(atomic_load(&current)->changes == 2);
	return 0;
}
