/*
 * spurious_if.c - a thread takes any end of its wait for the event that it waits for.
 *
 * Kind: a wait that is not safe from spurious wakeups. Assertion in the waiter.
 * Least preemptions: 0 with one spurious wakeup: the waiter goes first, waits, and goes on.
 * Without a spurious wakeup it never fails, so that a search by preemptions cannot find it.
 * Decisive pair: the waiter's read of `loaded` comes before its write.
 * Classes: 4, of which 1 fails: no wait; a wait that is ended by the signal, or for no reason
 * before the signal, or after it.
 */
#include "run.h"

#include <assert.h>
#include <stdbool.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool loaded;

static void *use(void *unused)
{
	pthread_mutex_lock(&lock);
#ifdef FIXED
	while (!loaded)
#else
	if (!loaded)
#endif
		pthread_cond_wait(&changed, &lock);
	assert(loaded);
	pthread_mutex_unlock(&lock);
	return unused;
}

static void *load(void *unused)
{
	pthread_mutex_lock(&lock);
	loaded = true;
	pthread_cond_signal(&changed);
	pthread_mutex_unlock(&lock);
	return unused;
}

int main(void)
{
	RUN(use, load);
	return 0;
}
