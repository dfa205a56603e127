/*
 * missed_broadcast.c - two threads wait for the start, and the signal wakes one of them.
 *
 * Kind: missed broadcast: a deadlock in pthread_cond_wait.
 * Least preemptions: 0. Both waiters go first and wait; leaving them is free.
 * Decisive pair: the second wait comes before the signal.
 */
#include "run.h"

#include <stdbool.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t started = PTHREAD_COND_INITIALIZER;
static bool go;

static void *run(void *unused)
{
	pthread_mutex_lock(&lock);
	while (!go)
		pthread_cond_wait(&started, &lock);
	pthread_mutex_unlock(&lock);
	return unused;
}

static void *start(void *unused)
{
	pthread_mutex_lock(&lock);
	go = true;
#ifdef FIXED
	pthread_cond_broadcast(&started);
#else
	pthread_cond_signal(&started);
#endif
	pthread_mutex_unlock(&lock);
	return unused;
}

int main(void)
{
	RUN(run, run, start);
	return 0;
}
