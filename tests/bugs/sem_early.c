/*
 * sem_early.c - a slot is announced before it is filled.
 *
 * Kind: wrong order around a semaphore. Assertion in the consumer.
 * Least preemptions: 0. Until the post only the producer can go, so that the first choice, which
 * is free, comes after it.
 * Decisive pair: the read of the slot comes before its write.
 * Classes: 3, of which 2 fail: the slot is read after it is written, or before; then the
 * assertion, which is the end of everything, comes before or after the write.
 */
#include "run.h"

#include <assert.h>
#include <semaphore.h>
#include <stdatomic.h>

static sem_t filled;
static atomic_int slot;

static void *produce(void *unused)
{
#ifdef FIXED
	atomic_store(&slot, 7);
	sem_post(&filled);
#else
	sem_post(&filled);
	atomic_store(&slot, 7);
#endif
	return unused;
}

static void *consume(void *unused)
{
	sem_wait(&filled);
	assert(atomic_load(&slot) == 7);
	return unused;
}

int main(void)
{
	MUST(sem_init(&filled, 0, 0));
	RUN(produce, consume);
	return 0;
}
