/*
 * nested_wait.c - a thread waits on a condition variable and keeps an outer lock that the
 * signalling thread needs.
 *
 * Kind: deadlock of a lock and a condition variable.
 * Least preemptions: 0. The receiver goes first and waits, which gives `queue` back but not
 * `registry`; the sender waits for that.
 * Decisive pair: the receiver's lock of `registry` comes before the sender's.
 * Classes: without spurious wakeups 2, of which 1 fails: either one has `registry` first.
 */
#include "run.h"

static pthread_mutex_t registry = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t queue = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t filled = PTHREAD_COND_INITIALIZER;
static int messages, seen;

static void *receive(void *unused)
{
	pthread_mutex_lock(&registry);
	seen++;
#ifdef FIXED
	pthread_mutex_unlock(&registry);
#endif
	pthread_mutex_lock(&queue);
	while (!messages)
		pthread_cond_wait(&filled, &queue);
	messages--;
	pthread_mutex_unlock(&queue);
#ifndef FIXED
	pthread_mutex_unlock(&registry);
#endif
	return unused;
}

static void *send_message(void *unused)
{
	pthread_mutex_lock(&registry);
	seen++;
	pthread_mutex_lock(&queue);
	messages++;
	pthread_cond_signal(&filled);
	pthread_mutex_unlock(&queue);
	pthread_mutex_unlock(&registry);
	return unused;
}

int main(void)
{
	RUN(receive, send_message);
	return 0;
}
