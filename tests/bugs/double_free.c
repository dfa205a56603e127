/*
 * double_free.c - whoever comes first closes a connection; both may come first.
 *
 * Kind: double free between threads, in the one that frees last.
 * Least preemptions: 1. With none the second thread sees that it is closed. With one: the first
 * thread is left after it has looked.
 * Decisive pair: the second thread's look at `closed` comes before the first one sets it.
 * Classes: 6, of which 4 fail: one thread sees that it is closed (2); or both look first, and then
 * the order of the writes counts, and that of the frees.
 */
#include "run.h"

#include <stdatomic.h>
#include <stdbool.h>

static char *buffer;
static atomic_bool closed;

static void *close_connection(void *unused)
{
#ifdef FIXED
	if (atomic_exchange(&closed, true))
		return unused;
#else
	if (atomic_load(&closed))
		return unused;
	atomic_store(&closed, true);
#endif
	free(buffer);
	return unused;
}

int main(void)
{
	buffer = malloc(16);
	if (!buffer)
		return 1;
	RUN(close_connection, close_connection);
	return 0;
}
