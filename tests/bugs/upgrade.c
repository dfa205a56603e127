/*
 * upgrade.c - a reader that wants to write waits until it is the only reader; two of them wait for
 * each other.
 *
 * Kind: reader-writer upgrade deadlock, in the wait for the others to leave.
 * Least preemptions: 1. With none a thread is alone and has left when the other one comes. With
 * one: the first thread is left when it has begun to read; the second one waits for it.
 * Decisive pair: the second thread's `readers++` comes before the first one's look at `readers`.
 */
#include "run.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t left = PTHREAD_COND_INITIALIZER;
static int readers;

static void read_begin(void)
{
	pthread_mutex_lock(&lock);
	readers++;
	pthread_mutex_unlock(&lock);
}

static void read_end(void)
{
	pthread_mutex_lock(&lock);
	readers--;
	pthread_cond_broadcast(&left);
	pthread_mutex_unlock(&lock);
}

static void upgrade(void)
{
#ifdef FIXED
	read_end();
	pthread_mutex_lock(&lock);
	while (readers)
		pthread_cond_wait(&left, &lock);
	readers++;
#else
	pthread_mutex_lock(&lock);
	while (readers > 1)
		pthread_cond_wait(&left, &lock);
#endif
	pthread_mutex_unlock(&lock);
}

static void *work(void *unused)
{
	read_begin();
	upgrade();
	read_end();
	return unused;
}

int main(void)
{
	RUN(work, work);
	return 0;
}
