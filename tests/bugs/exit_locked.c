/*
 * exit_locked.c - a thread that finds nothing to do returns, and forgets that it has the lock.
 *
 * Kind: a thread ends with a lock: a deadlock of the one that wants it.
 * Least preemptions: 0. The first choice is free, and the consumer may be it.
 * Decisive pair: the consumer's lock comes before the producer's.
 * Classes: 2, of which 1 fails: either one has the lock first.
 */
#include "run.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int items;

static void *consume(void *unused)
{
	pthread_mutex_lock(&lock);
	if (!items) {
#ifdef FIXED
		pthread_mutex_unlock(&lock);
#endif
		return unused;
	}
	items--;
	pthread_mutex_unlock(&lock);
	return unused;
}

static void *produce(void *unused)
{
	pthread_mutex_lock(&lock);
	items++;
	pthread_mutex_unlock(&lock);
	return unused;
}

int main(void)
{
	RUN(consume, produce);
	return 0;
}
