/*
 * double_checked.c - a table is made by the first who needs it, and called ready before it is
 * filled.
 *
 * Kind: double-checked initialisation. Assertion in the thread that did not make the table.
 * Least preemptions: 1. With none the first thread has filled the table when the other one looks.
 * With one: it is left between the two writes.
 * Decisive pair: the other thread's look at the table comes before the write that fills it.
 */
#include "run.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdbool.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_bool ready;
static atomic_int table;

static void make(void)
{
	pthread_mutex_lock(&lock);
	if (!atomic_load(&ready)) {
#ifndef FIXED
		atomic_store(&ready, true);
#endif
		atomic_store(&table, 7);
#ifdef FIXED
		atomic_store(&ready, true);
#endif
	}
	pthread_mutex_unlock(&lock);
}

static void *use(void *unused)
{
	if (!atomic_load(&ready))
		make();
	assert(atomic_load(&table) == 7);
	return unused;
}

int main(void)
{
	RUN(use, use);
	return 0;
}
