/*
 * treiber_stack_aba.c [N] - one thread pops a node off a stack without locks, another one pops
 * two and pushes the first of them back; N times (default 1), with new threads each time.
 *
 * Shows: the ABA problem. That a variable has the value that it had does not mean that nothing
 * happened.
 * Bug: the first thread has seen node 1 on top and 2 below it. The other one takes 1 and 2, keeps
 * 2 and pushes 1 back. Now 1 is on top again, the first thread's exchange succeeds, and the new
 * top is 2, which belongs to the other one.
 * Fixed twin: treiber_stack.c.
 *
 * Verdict: assertion, under random, dfs and dpor.
 * Interleavings: for N = 1: 463, of which 18 fail (by enumeration; what stands below nodes 2 and 3
 * is only read, so that its order makes no difference).
 * Classes: for N = 1: 25, of which 1 fails (by enumeration); for N = 2, since the first failure is
 * the end: 24 * 25 + 1 = 601, of which 24 + 1 = 25 fail.
 * Fewest preemptions: 1 (the first thread is stopped before its exchange).
 */
#include "must.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#define NODES 3

/* The number of the node on top, from 1; 0 is none. */
static atomic_int top;
/* Atomic, because a node may be read by who has seen it on the stack, and written by its owner. */
static atomic_int below[NODES + 1];
/* How often each node was taken off and kept; of its owner alone. */
static int kept[NODES + 1];

static void push(int node)
{
	int old = atomic_load(&top);

	do
		atomic_store(&below[node], old);
	while (!atomic_compare_exchange_strong(&top, &old, node));
}

static int pop(void)
{
	int old = atomic_load(&top), next;

	do {
		if (!old)
			return 0;
		next = atomic_load(&below[old]);
	} while (!atomic_compare_exchange_strong(&top, &old, next));
	return old;
}

static void *pop_one(void *unused)
{
	kept[pop()]++;
	return unused;
}

static void *pop_two_push_one(void *unused)
{
	int first = pop(), second = pop();

	kept[second]++;
	push(first);
	return unused;
}

static void round_run(void)
{
	pthread_t one, two;

	for (int node = NODES; node > 0; node--)
		push(node);
	MUST(pthread_create(&one, NULL, pop_one, NULL));
	MUST(pthread_create(&two, NULL, pop_two_push_one, NULL));
	MUST(pthread_join(one, NULL));
	MUST(pthread_join(two, NULL));
	for (int node = pop(); node; node = pop())
		kept[node]++;
	for (int node = 1; node <= NODES; node++) {
		assert(kept[node] == 1);
		kept[node] = 0;
	}
}

int main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : 1;

	for (int i = 0; i < rounds; i++)
		round_run();
	return 0;
}
