/*
 * timeout_success.c - a thread that has waited until its deadline goes on as if it had been woken.
 *
 * Kind: a timeout taken for success. Assertion in the waiter.
 * Least preemptions: 0, with one timeout: the waiter goes first, and its wait ends when the time
 * is over. A search by preemptions lets nobody time out while another thread can go, and says so.
 * Decisive pair: the end of the wait comes before the write of the answer.
 */
#include "run.h"

#include <assert.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t answered = PTHREAD_COND_INITIALIZER;
static int answer;

static void *ask(void *unused)
{
	struct timespec deadline;
	int code = 0;

	clock_gettime(CLOCK_REALTIME, &deadline);
	deadline.tv_sec++;
	pthread_mutex_lock(&lock);
	while (!answer && !code)
		code = pthread_cond_timedwait(&answered, &lock, &deadline);
#ifdef FIXED
	if (answer)
#endif
		assert(answer == 42);
	pthread_mutex_unlock(&lock);
	return unused;
}

static void *reply(void *unused)
{
	pthread_mutex_lock(&lock);
	answer = 42;
	pthread_cond_signal(&answered);
	pthread_mutex_unlock(&lock);
	return unused;
}

int main(void)
{
	RUN(ask, reply);
	return 0;
}
