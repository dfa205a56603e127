/*
 * handler_locks.c - a signal handler takes a lock that the thread which it interrupts may have.
 *
 * Kind: signal handler race: a deadlock of a thread with itself.
 * Least preemptions: 1. With none the signal comes before the thread has the lock, or when it has
 * given it back. With one: it is left with the lock. A search by preemptions knows no signals and
 * says so.
 * Decisive pair: the thread's lock comes before the signal.
 */
#include "run.h"

#include <signal.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_t worker;
static int reloads;

static void count(void)
{
	pthread_mutex_lock(&lock);
	reloads++;
	pthread_mutex_unlock(&lock);
}

static void handle(int signal)
{
	(void)signal;
	count();
}

static void mask(int how)
{
	sigset_t set = {0};

	sigaddset(&set, SIGUSR1);
	pthread_sigmask(how, &set, NULL);
}

static void *work(void *unused)
{
#ifdef FIXED
	mask(SIG_BLOCK);
#endif
	count();
	mask(SIG_UNBLOCK);
	return unused;
}

int main(void)
{
	signal(SIGUSR1, handle);
#ifdef FIXED
	mask(SIG_BLOCK);
#endif
	MUST(pthread_create(&worker, NULL, work, NULL));
	MUST(pthread_kill(worker, SIGUSR1));
	MUST(pthread_join(worker, NULL));
	return 0;
}
