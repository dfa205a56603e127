/*
 * once_inverted.c - an initialiser that runs once takes a lock which others hold while they ask
 * for it.
 *
 * Kind: misuse of pthread_once: a deadlock of the initialiser and a lock.
 * Least preemptions: 1. With none the thread that goes first has made the table (the lock is
 * recursive) and given all back. With one: the thread in the initialiser is left before it has the
 * lock; the other one takes the lock and waits for the initialiser to end.
 * Decisive pair: the reload's lock comes before the initialiser's.
 * Classes: 3, of which 1 fails: the initialiser has the lock first, or the reload has it and comes
 * to the initialiser first, or each is first at one of them.
 */
#include "run.h"

static pthread_mutex_t lock;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static int table;

static void make_table(void)
{
	pthread_mutex_lock(&lock);
	table = 1;
	pthread_mutex_unlock(&lock);
}

static void *use(void *unused)
{
	pthread_once(&once, make_table);
	return unused;
}

static void *reload(void *unused)
{
#ifdef FIXED
	pthread_once(&once, make_table);
	pthread_mutex_lock(&lock);
#else
	pthread_mutex_lock(&lock);
	pthread_once(&once, make_table);
#endif
	table++;
	pthread_mutex_unlock(&lock);
	return unused;
}

int main(void)
{
	pthread_mutexattr_t recursive;

	MUST(pthread_mutexattr_init(&recursive));
	MUST(pthread_mutexattr_settype(&recursive, PTHREAD_MUTEX_RECURSIVE));
	MUST(pthread_mutex_init(&lock, &recursive));
	RUN(use, reload);
	return 0;
}
