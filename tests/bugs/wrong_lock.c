/*
 * wrong_lock.c - two threads count under a lock, each under another one.
 *
 * Kind: wrong lock: a lost update, which main's assertion finds, and three data races (of the
 * writes, and of each read with the other write).
 * Least preemptions: 1. With none a thread has written before the other one reads. With one: the
 * first thread is left between its read and its write.
 * Decisive pair: the second thread's read comes before the first one's write.
 * Classes: 4, of which 2 fail: with the reads r, R and the writes w, W: r w R W and R W r w; where
 * both read first, the order of the writes counts.
 */
#include "run.h"

#include <assert.h>

static pthread_mutex_t send_lock = PTHREAD_MUTEX_INITIALIZER;
#ifndef FIXED
static pthread_mutex_t receive_lock = PTHREAD_MUTEX_INITIALIZER;
#else
#define receive_lock send_lock
#endif
static int packets;

static void *count_sent(void *unused)
{
	pthread_mutex_lock(&send_lock);
	packets++;
	pthread_mutex_unlock(&send_lock);
	return unused;
}

static void *count_received(void *unused)
{
	pthread_mutex_lock(&receive_lock);
	packets++;
	pthread_mutex_unlock(&receive_lock);
	return unused;
}

int main(void)
{
	RUN(count_sent, count_received);
	assert(packets == 2);
	return 0;
}
