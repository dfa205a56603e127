/*
 * two_variables.c - how many requests there were and how long they took, each under the lock, but
 * not both at once.
 *
 * Kind: atomicity violation of two variables. Assertion in the thread that takes the average.
 * Least preemptions: 1. With none the request is recorded before or after the average. With one:
 * the recording thread is left between its two sections.
 * Decisive pair: the look at the sum comes before the addition to it.
 * Classes: 3, of which 1 fails: the one section of the reader before, between or after the two of
 * the writer.
 */
#include "run.h"

#include <assert.h>

#define MS 10

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long requests, sum_ms;

static void *record(void *unused)
{
	pthread_mutex_lock(&lock);
	requests++;
#ifndef FIXED
	pthread_mutex_unlock(&lock);
	pthread_mutex_lock(&lock);
#endif
	sum_ms += MS;
	pthread_mutex_unlock(&lock);
	return unused;
}

static void *average(void *unused)
{
	pthread_mutex_lock(&lock);
	if (requests)
		assert(sum_ms / requests == MS);
	pthread_mutex_unlock(&lock);
	return unused;
}

int main(void)
{
	RUN(record, average);
	return 0;
}
