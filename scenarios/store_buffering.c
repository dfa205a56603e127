/*
 * store_buffering.c [ORDER] - each of two threads sets its own flag and looks at the other's; ORDER
 * of the four accesses is seq_cst (the default) or relaxed.
 *
 * Shows: one of the two sees the other's flag, in every interleaving: whoever comes second to its
 * look comes after both stores. So "0 0" is unreachable, and a search says so. But that is true of
 * a memory that does one thing after the other. A processor keeps its stores in a buffer for a
 * while, and looks meanwhile: with relaxed accesses C11 allows "0 0", and `heddle native --explore`
 * may show it. It is what breaks Dekker's and Peterson's locks on real machines.
 *
 * Verdict: passed, under random, dfs and dpor, with both orders.
 * Interleavings: 2 events of each thread, so C(4, 2) = 6. Classes: 3 (which of the two looks come
 * before the other's store: the first, the second, none; not both). Outcomes: "0 1" and "1 0", one
 * interleaving and one class each, and "1 1", 4 interleavings and one class.
 */
#include "must.h"

#include <heddle.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

/* Apart from each other, as variables of two threads should be. */
static _Alignas(64) atomic_int x;
static _Alignas(64) atomic_int y;
static _Alignas(64) int first_saw;
static _Alignas(64) int second_saw;

static void *first(void *unused)
{
	atomic_store(&x, 1);
	first_saw = atomic_load(&y);
	return unused;
}

static void *second(void *unused)
{
	atomic_store(&y, 1);
	second_saw = atomic_load(&x);
	return unused;
}

static void *first_relaxed(void *unused)
{
	atomic_store_explicit(&x, 1, memory_order_relaxed);
	first_saw = atomic_load_explicit(&y, memory_order_relaxed);
	return unused;
}

static void *second_relaxed(void *unused)
{
	atomic_store_explicit(&y, 1, memory_order_relaxed);
	second_saw = atomic_load_explicit(&x, memory_order_relaxed);
	return unused;
}

int main(int argc, char **argv)
{
	int relaxed = argc > 1 && !strcmp(argv[1], "relaxed");
	pthread_t threads[2];

	heddle_expect(HEDDLE_ACCEPTABLE, "0 1");
	heddle_expect(HEDDLE_ACCEPTABLE, "1 0");
	heddle_expect(HEDDLE_ACCEPTABLE, "1 1");
	heddle_expect(relaxed ? HEDDLE_INTERESTING : HEDDLE_FORBIDDEN, "0 0");
	MUST(pthread_create(&threads[0], NULL, relaxed ? first_relaxed : first, NULL));
	MUST(pthread_create(&threads[1], NULL, relaxed ? second_relaxed : second, NULL));
	MUST(pthread_join(threads[0], NULL));
	MUST(pthread_join(threads[1], NULL));
	heddle_outcome("%d %d", first_saw, second_saw);
	return 0;
}
