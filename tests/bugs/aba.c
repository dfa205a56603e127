/*
 * aba.c - a stack without locks whose top is compared by value.
 *
 * Kind: ABA. The first thread has seen node 1 on top and 2 below. The other one pops both, keeps 2
 * and pushes 1 back: the exchange succeeds and puts 2 on top, which is in use. Assertion in main.
 * Least preemptions: 1. With none nothing comes between a look and its exchange. With one: it does.
 * Decisive pair: the other thread's exchange that pushes comes before the first one's that pops.
 * Classes: 25, of which 1 fails, by enumeration.
 */
#include "run.h"

#include <assert.h>
#include <stdatomic.h>

#ifdef FIXED
#define TAG(word) (((word) & ~255u) + 256)
#else
#define TAG(word) 0u
#endif

/* The node on top in the low byte, 0 for none. */
static atomic_uint top = 1, below[4] = {0, 2, 3, 0};
static unsigned taken[4];

static unsigned pop(void)
{
	unsigned old = atomic_load(&top), next;

	do
		next = atomic_load(&below[old & 255]);
	while (!atomic_compare_exchange_strong(&top, &old, TAG(old) | next));
	return old & 255;
}

static void *pop_one(void *unused)
{
	taken[pop()]++;
	return unused;
}

static void *pop_two_push_one(void *unused)
{
	unsigned first = pop(), second = pop(), old = atomic_load(&top);

	taken[second]++;
	do
		atomic_store(&below[first], old & 255);
	while (!atomic_compare_exchange_strong(&top, &old, TAG(old) | first));
	return unused;
}

int main(void)
{
	RUN(pop_one, pop_two_push_one);
	for (unsigned node = pop(); node; node = pop())
		taken[node]++;
	assert(taken[1] == 1 && taken[2] == 1 && taken[3] == 1);
	return 0;
}
