/*
 * order_violation.c - what one thread computes another one sends, and nothing makes that one wait.
 *
 * Kind: order violation. Assertion in the sender.
 * Least preemptions: 0. The first choice is free, and the sender may be it.
 * Decisive pair: the read of the result comes before its write.
 * Classes: 2, of which 1 fails: either section comes first.
 */
#include "run.h"

#include <assert.h>
#include <semaphore.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static sem_t computed;
static int result;

static void *compute(void *unused)
{
	pthread_mutex_lock(&lock);
	result = 42;
	pthread_mutex_unlock(&lock);
	sem_post(&computed);
	return unused;
}

static void *send_result(void *unused)
{
#ifdef FIXED
	sem_wait(&computed);
#endif
	pthread_mutex_lock(&lock);
	assert(result == 42);
	pthread_mutex_unlock(&lock);
	return unused;
}

int main(void)
{
	MUST(sem_init(&computed, 0, 0));
	RUN(compute, send_result);
	return 0;
}
