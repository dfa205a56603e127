/*
 * use_before_init.c - a thread is started before what it works with is there.
 *
 * Kind: use before initialisation. Crash in the thread, and a data race of both accesses.
 * Least preemptions: 0. The first choice, when there is a second thread, is free.
 * Decisive pair: the read of the pointer comes before its write.
 * Classes: 3, of which 2 fail: the read comes after the write, or before; then the crash, which is
 * the end of everything, comes before or after the write.
 */
#include "run.h"

struct config {
	int level;
};

static struct config defaults = {.level = 3};
static struct config *config;

static void *work(void *unused)
{
	const struct config *used = config;

	if (used->level > 5)
		abort();
	return unused;
}

int main(void)
{
	pthread_t worker;

#ifdef FIXED
	config = &defaults;
#endif
	MUST(pthread_create(&worker, NULL, work, NULL));
#ifndef FIXED
	config = &defaults;
#endif
	MUST(pthread_join(worker, NULL));
	return 0;
}
