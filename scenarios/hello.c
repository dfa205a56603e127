/*
 * hello.c - a thread with a name says hello.
 *
 * Shows: the smallest program with a thread, and that heddle's tables call a thread by its name.
 * Bug: none.
 *
 * Verdict: passed, under random, dfs and dpor.
 * Interleavings: 1. main does nothing but wait and the thread touches nothing that main does: there
 * is no choice to make.
 * Classes: 1.
 */
#define _GNU_SOURCE
#include "must.h"

#include <pthread.h>
#include <stdio.h>

static void *greet(void *unused)
{
	char name[16];

	MUST(pthread_setname_np(pthread_self(), "greeter"));
	MUST(pthread_getname_np(pthread_self(), name, sizeof(name)));
	printf("hello from %s\n", name);
	return unused;
}

int main(void)
{
	pthread_t greeter;

	MUST(pthread_create(&greeter, NULL, greet, NULL));
	MUST(pthread_join(greeter, NULL));
	return 0;
}
