/*
 * orders.c - message passing: one thread writes data and sets a flag, another sees the flag and
 * reads the data. How the flag is set and read, with which memory order, with a fence or not, and
 * what else happens to the flag in between, comes from the command line; whether the data is raced
 * for, from C11.
 *
 *	orders STORE LOAD FENCE-BEFORE-STORE FENCE-AFTER-LOAD BETWEEN
 *
 * STORE: store-ORDER, exchange-ORDER, missed-ORDER (a relaxed store, and a compare-exchange that
 * fails with that order). LOAD: load-ORDER, add-ORDER (fetch_add of 0), fail-ORDER (a
 * compare-exchange that fails, with that order for failure). BETWEEN: direct; own (the first thread
 * stores once more, relaxed); update (a third thread adds to it, relaxed); other (a third thread
 * stores, relaxed).
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static int data;
static volatile int got; /* so that the read of the data is not left out */
static atomic_int flag;
static const char *how_store, *how_load, *fence_before, *fence_after, *between;

static int is(const char *how, const char *word)
{
	return !strcmp(how, word);
}

/* The compiler instruments only what has an order that it knows. */
#define FENCE(order)                                                                               \
	if (is(how, #order))                                                                       \
		atomic_thread_fence(memory_order_##order);

static void fence(const char *how)
{
	FENCE(acquire)
	FENCE(release)
	FENCE(acq_rel)
	FENCE(seq_cst)
}

#define STORE(order)                                                                               \
	if (is(how_store, "store-" #order))                                                        \
		atomic_store_explicit(&flag, 1, memory_order_##order);
#define EXCHANGE(order)                                                                            \
	if (is(how_store, "exchange-" #order))                                                     \
		atomic_exchange_explicit(&flag, 1, memory_order_##order);

#define MISSED(order)                                                                              \
	if (is(how_store, "missed-" #order)) {                                                     \
		atomic_compare_exchange_strong_explicit(&flag, &other, 100, memory_order_seq_cst,  \
							memory_order_##order);                     \
		atomic_store_explicit(&flag, 1, memory_order_relaxed);                             \
	}

static void flag_set(void)
{
	int other = 99;

	STORE(relaxed)
	STORE(release)
	STORE(seq_cst)
	EXCHANGE(relaxed)
	EXCHANGE(acquire)
	EXCHANGE(release)
	EXCHANGE(acq_rel)
	EXCHANGE(seq_cst)
	MISSED(acquire)
	MISSED(seq_cst)
}

#define LOAD(order)                                                                                \
	if (is(how_load, "load-" #order))                                                          \
		value = atomic_load_explicit(&flag, memory_order_##order);
#define ADD(order)                                                                                 \
	if (is(how_load, "add-" #order))                                                           \
		value = atomic_fetch_add_explicit(&flag, 0, memory_order_##order);
#define FAIL(order)                                                                                \
	if (is(how_load, "fail-" #order))                                                          \
		atomic_compare_exchange_strong_explicit(&flag, &value, 100, memory_order_seq_cst,  \
							memory_order_##order);

static int flag_read(void)
{
	int value = 99;

	LOAD(relaxed)
	LOAD(consume)
	LOAD(acquire)
	LOAD(seq_cst)
	ADD(relaxed)
	ADD(acquire)
	ADD(release)
	ADD(acq_rel)
	ADD(seq_cst)
	FAIL(relaxed)
	FAIL(acquire)
	FAIL(seq_cst)
	return value;
}

static void *write_data(void *unused)
{
	data = 42;
	fence(fence_before);
	flag_set();
	if (is(between, "own"))
		atomic_store_explicit(&flag, 2, memory_order_relaxed);
	return unused;
}

static void *go_between(void *unused)
{
	if (atomic_load_explicit(&flag, memory_order_relaxed) != 1)
		return unused;
	if (is(between, "update"))
		atomic_fetch_add_explicit(&flag, 1, memory_order_relaxed);
	else
		atomic_store_explicit(&flag, 2, memory_order_relaxed);
	return unused;
}

static void *read_data(void *unused)
{
	int value = flag_read();

	fence(fence_after);
	if (value == (is(between, "direct") ? 1 : 2))
		got = data;
	return unused;
}

int main(int argc, char **argv)
{
	int third;
	pthread_t threads[3];

	if (argc != 6)
		return 2;
	how_store = argv[1];
	how_load = argv[2];
	fence_before = argv[3];
	fence_after = argv[4];
	between = argv[5];
	third = is(between, "update") || is(between, "other");
	pthread_create(&threads[0], NULL, write_data, NULL);
	pthread_create(&threads[1], NULL, read_data, NULL);
	if (third)
		pthread_create(&threads[2], NULL, go_between, NULL);
	for (int i = 0; i < 2 + third; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
