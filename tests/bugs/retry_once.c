/*
 * retry_once.c - an update that meets another one tries again, but only once.
 *
 * Kind: a bounded retry: a lost update. Assertion in main.
 * Least preemptions: 3. Both exchanges of the first thread have to fail, so the other one changes
 * the number between each of its looks and the exchange: the first thread is left twice. Between
 * them it has to look again, after the first change and before the second one: the other thread is
 * left once, for it waits for nothing and has not ended.
 * Decisive pair: the second change comes before the first thread's second exchange.
 * Classes: 8, of which 1 fails: no change between the first look and its exchange: 3 (both before,
 * both after, one each). The first change there: the second one with it, before the second look,
 * between that and its exchange, which fails, or after it: 4. Only the second change there: 1.
 */
#include "run.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdbool.h>

static atomic_int total;

static bool add_once(void)
{
	int seen = atomic_load(&total);

	return atomic_compare_exchange_strong(&total, &seen, seen + 1);
}

static void *add(void *unused)
{
#ifdef FIXED
	while (!add_once())
		;
#else
	if (!add_once())
		add_once();
#endif
	return unused;
}

static void *add_twice(void *unused)
{
	atomic_fetch_add(&total, 1);
	atomic_fetch_add(&total, 1);
	return unused;
}

int main(void)
{
	RUN(add, add_twice);
	assert(atomic_load(&total) == 3);
	return 0;
}
