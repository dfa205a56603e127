/*
 * futex_mutex_lost.c - a lock made of one futex that forgets who waits: futex_mutex.c with two
 * values instead of three.
 *
 * The word is 0 while the lock is free and 1 while it is held, and a count beside it tells whether
 * anybody waits, so that a lock that nobody else wants needs no system call. Who gives the lock
 * back looks at the count first and frees the word then. Between these two somebody else finds the
 * word held, counts itself and waits; the word is freed, nobody is woken, and it waits for ever.
 *
 * Arguments: how many threads, and how often each locks; 2 and 1 by default.
 * Verdict: deadlock, with one preemption: T1 between the look and the store. Interleavings of two
 * threads: 154, of which 8 fail, by enumeration.
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

enum { FREE, HELD };

static atomic_int word, waiters;
static int counter, times = 1;

static void lock(void)
{
	while (atomic_exchange(&word, HELD) == HELD) {
		atomic_fetch_add(&waiters, 1);
		syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, HELD, NULL, NULL, 0);
		atomic_fetch_sub(&waiters, 1);
	}
}

static void unlock(void)
{
	int waited_for = atomic_load(&waiters);

	atomic_store(&word, FREE);
	if (waited_for)
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
