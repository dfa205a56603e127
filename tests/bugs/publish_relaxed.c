/*
 * publish_relaxed.c - a message is published by a flag that orders nothing.
 *
 * Kind: publication without release: a data race of the write of the message and its read.
 * Least preemptions: 0. Where the writer goes first, the reader sees the flag and reads.
 * Decisive pair: the write of the message and its read; no order of the two is right, for what is
 * missing is what orders them.
 * Classes: 2: the flag is seen or not. Both are without failure; one shows the race.
 */
#include "run.h"

#include <stdatomic.h>
#include <stdbool.h>

#ifdef FIXED
#define ORDER memory_order_release
#else
#define ORDER memory_order_relaxed
#endif

static int message;
static atomic_bool published;

static void *publish(void *unused)
{
	message = 42;
	atomic_store_explicit(&published, true, ORDER);
	return unused;
}

static void *receive(void *unused)
{
	if (atomic_load_explicit(&published, memory_order_acquire) && message != 42)
		abort();
	return unused;
}

int main(void)
{
	RUN(publish, receive);
	return 0;
}
