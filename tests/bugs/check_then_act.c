/*
 * check_then_act.c - an account is looked at in one critical section and charged in the next one.
 *
 * Kind: check-then-act. Each section is locked, but what the first one found out does not hold any
 * more in the second one. Assertion in main.
 * Least preemptions: 1. With none a thread pays before the other one looks, and that one finds too
 * little. With one: the first thread is left between its sections.
 * Decisive pair: the other thread's look comes before the first one's charge.
 * Classes: 6, of which 4 fail: all have the lock, so the orders of the sections count. Both look,
 * then both pay: 2 * 2. One has paid when the other one looks: 2.
 */
#include "run.h"

#include <assert.h>
#include <stdbool.h>

#define PRICE 80

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int balance = 100;

#ifndef FIXED
static bool is_covered(void)
{
	bool covered;

	pthread_mutex_lock(&lock);
	covered = balance >= PRICE;
	pthread_mutex_unlock(&lock);
	return covered;
}
#endif

static void *pay(void *unused)
{
#ifdef FIXED
	pthread_mutex_lock(&lock);
	if (balance >= PRICE)
		balance -= PRICE;
	pthread_mutex_unlock(&lock);
#else
	if (!is_covered())
		return unused;
	pthread_mutex_lock(&lock);
	balance -= PRICE;
	pthread_mutex_unlock(&lock);
#endif
	return unused;
}

int main(void)
{
	RUN(pay, pay);
	assert(balance >= 0);
	return 0;
}
