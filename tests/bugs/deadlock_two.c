/*
 * deadlock_two.c - two transfers between the same accounts, in opposite directions.
 *
 * Kind: deadlock of two threads.
 * Least preemptions: 1. With none a thread has both locks before the other one takes any. With
 * one: the first thread is left with one lock; the second one waits with the other one.
 * Decisive pair: the second thread's lock of `to` comes before the first one's.
 * Classes: 3, of which 1 fails: one after the other, in two orders, or each with one lock.
 */
#include "run.h"

struct account {
	pthread_mutex_t lock;
	int balance;
};

static struct account savings = {PTHREAD_MUTEX_INITIALIZER, 100};
static struct account checking = {PTHREAD_MUTEX_INITIALIZER, 100};

static void transfer(struct account *from, struct account *to, int amount)
{
#ifdef FIXED
	pthread_mutex_lock(from < to ? &from->lock : &to->lock);
	pthread_mutex_lock(from < to ? &to->lock : &from->lock);
#else
	pthread_mutex_lock(&from->lock);
	pthread_mutex_lock(&to->lock);
#endif
	from->balance -= amount;
	to->balance += amount;
	pthread_mutex_unlock(&to->lock);
	pthread_mutex_unlock(&from->lock);
}

static void *save(void *unused)
{
	transfer(&checking, &savings, 10);
	return unused;
}

static void *spend(void *unused)
{
	transfer(&savings, &checking, 20);
	return unused;
}

int main(void)
{
	RUN(save, spend);
	return 0;
}
