/*
 * futex_mutex.c - a lock made of one futex: mutex2 of Ulrich Drepper's "Futexes Are Tricky".
 *
 * The word is 0 while the lock is free, 1 while it is held, and 2 while it is held and somebody may
 * wait. Who finds it held makes that 2 and waits; who has waited takes it as 2, for there may be
 * others that wait; who gives it back from 2 wakes one. Threads have to be at the loop's exchange
 * or in the kernel while it is 2, so nobody is left behind.
 *
 * Arguments: how many threads, and how often each locks; 2 and 1 by default.
 * Verdict: none. futex_mutex_lost.c is the same without the third value. Interleavings of two
 * threads: 316, by enumeration; the counter is part of them, for that a lock made by hand orders
 * accesses to it is known of the execution only.
 */
#include "must.h"

#include <assert.h>
#include <linux/futex.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#define THREADS_MAX 8

enum { FREE, HELD, WAITED_FOR };

static atomic_int word;
static int counter, times = 1;

static void lock(void)
{
	int was = FREE;

	if (atomic_compare_exchange_strong(&word, &was, HELD))
		return;
	if (was != WAITED_FOR)
		was = atomic_exchange(&word, WAITED_FOR);
	while (was != FREE) {
		syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, WAITED_FOR, NULL, NULL, 0);
		was = atomic_exchange(&word, WAITED_FOR);
	}
}

static void unlock(void)
{
	if (atomic_fetch_sub(&word, 1) == HELD)
		return;
	atomic_store(&word, FREE);
	syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static void *work(void *unused)
{
	for (int i = 0; i < times; i++) {
		lock();
		counter++;
		unlock();
	}
	return unused;
}

int main(int argc, char **argv)
{
	pthread_t threads[THREADS_MAX];
	int count = argc > 1 ? atoi(argv[1]) : 2;

	times = argc > 2 ? atoi(argv[2]) : 1;
	for (int i = 0; i < count && i < THREADS_MAX; i++)
		MUST(pthread_create(&threads[i], NULL, work, NULL));
	for (int i = 0; i < count && i < THREADS_MAX; i++)
		MUST(pthread_join(threads[i], NULL));
	assert(counter == count * times);
	return 0;
}
