/*
 * treiber_stack.c [N] - one thread pops a node off a stack without locks, another one pops two and
 * pushes the first of them back; N times (default 1), with new threads each time.
 *
 * Shows: the stack of Treiber ("Systems programming: coping with parallelism", 1986), with a tag
 * beside the top. Every push makes a new tag, so that a node that is back on top is told from one
 * that has always been there.
 * Fixed twin of: treiber_stack_aba.c.
 *
 * Verdict: passed, under random, dfs and dpor.
 * Interleavings: for N = 1: 463 (by enumeration; what stands below nodes 2 and 3 is only read, so
 * that its order makes no difference).
 * Classes: for N = 1: 25 (by enumeration); 25^N.
 */
#include "must.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#define NODES 3

/* Nodes have numbers from 1; 0 is none. A top is a node in the low byte and a tag above it. */
#define NODE(top) ((int)((top)&0xff))
#define TAG(top)  ((top) >> 8)

static atomic_uint top;
/* Atomic, because a node may be read by who has seen it on the stack, and written by its owner. */
static atomic_int below[NODES + 1];
/* How often each node was taken off and kept; of its owner alone. */
static int kept[NODES + 1];

static void push(int node)
{
	unsigned old = atomic_load(&top);

	do
		atomic_store(&below[node], NODE(old));
	while (!atomic_compare_exchange_strong(&top, &old, (TAG(old) + 1) << 8 | (unsigned)node));
}

static int pop(void)
{
	unsigned old = atomic_load(&top), next;

	do {
		if (!NODE(old))
			return 0;
		next = TAG(old) << 8 | (unsigned)atomic_load(&below[NODE(old)]);
	} while (!atomic_compare_exchange_strong(&top, &old, next));
	return NODE(old);
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
