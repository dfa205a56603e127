/*
 * sem_underflow.c - of a pool with one connection two are given out, because nobody looks whether
 * the semaphore was there to be taken.
 *
 * Kind: semaphore underflow: an ignored EAGAIN. Assertion in the thread that comes second.
 * Least preemptions: 1. With none a thread has given the connection back when the other one asks.
 * With one: the first thread is left while it has the connection.
 * Decisive pair: the second thread's `users + 1` comes before the first one's `users - 1`.
 */
#include "run.h"

#include <assert.h>
#include <semaphore.h>
#include <stdatomic.h>

static sem_t connections;
static atomic_int users;

static void *query(void *unused)
{
#ifdef FIXED
	if (sem_trywait(&connections) != 0)
		return unused;
#else
	sem_trywait(&connections);
#endif
	assert(atomic_fetch_add(&users, 1) == 0);
	atomic_fetch_sub(&users, 1);
	sem_post(&connections);
	return unused;
}

int main(void)
{
	MUST(sem_init(&connections, 0, 1));
	RUN(query, query);
	return 0;
}
