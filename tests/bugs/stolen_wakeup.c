/*
 * stolen_wakeup.c - a consumer that was woken does not look whether the item is still there.
 *
 * Kind: stolen wakeup, by an `if` where a `while` has to stand. Assertion in the consumer that
 * waited.
 * Least preemptions: 1. With none the producer has put both items when anybody else goes on, and
 * there is one for each. With one: a consumer waits; the producer is left after the first item;
 * the other consumer takes it, and then the one that was woken gets the lock.
 * Decisive pair: the other consumer's `items--` comes before that of the woken one.
 */
#include "run.h"

#include <assert.h>

#define ITEMS 2

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t filled = PTHREAD_COND_INITIALIZER;
static int items;

static void *take(void *unused)
{
	pthread_mutex_lock(&lock);
#ifdef FIXED
	while (!items)
#else
	if (!items)
#endif
		pthread_cond_wait(&filled, &lock);
	assert(items > 0);
	items--;
	pthread_mutex_unlock(&lock);
	return unused;
}

static void *put(void *unused)
{
	for (int i = 0; i < ITEMS; i++) {
		pthread_mutex_lock(&lock);
		items++;
		pthread_cond_signal(&filled);
		pthread_mutex_unlock(&lock);
	}
	return unused;
}

int main(void)
{
	RUN(take, take, put);
	return 0;
}
