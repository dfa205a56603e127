/*
 * lost_wakeup.c - the flag is set and the signal sent without the lock.
 *
 * Kind: lost wakeup: a deadlock in pthread_cond_wait.
 * Least preemptions: 1. With none the waiter waits before the signal, or sees the flag. With one:
 * it is left between its look at the flag and the wait.
 * Decisive pair: the signal comes before the wait.
 */
#include "run.h"

#include <stdatomic.h>
#include <stdbool.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static atomic_bool ready;

static void *wait_until_ready(void *unused)
{
	pthread_mutex_lock(&lock);
	while (!atomic_load(&ready))
		pthread_cond_wait(&changed, &lock);
	pthread_mutex_unlock(&lock);
	return unused;
}

static void *make_ready(void *unused)
{
#ifdef FIXED
	pthread_mutex_lock(&lock);
#endif
	atomic_store(&ready, true);
	pthread_cond_signal(&changed);
#ifdef FIXED
	pthread_mutex_unlock(&lock);
#endif
	return unused;
}

int main(void)
{
	RUN(wait_until_ready, make_ready);
	return 0;
}
