/*
 * choose_withdraw_locked.c - two threads each withdraw 0, 1 or 2 from an account that holds 2, as
 * far as there is enough: which, a search tries all.
 *
 * Shows: it looks whether there is enough and withdraws without giving the lock back in between.
 * Fixed twin of: choose_withdraw.c.
 *
 * Verdict: passed, under random, dfs and dpor.
 * Classes: 9 pairs of amounts, times 2 orders: 18. Interleavings: the same, for who has the lock is
 * alone with the account.
 */
#include "must.h"

#include <heddle.h>
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int balance = 2;

static void *withdraw(void *unused)
{
	int amount = heddle_choose(3);

	MUST(pthread_mutex_lock(&lock));
	if (balance >= amount)
		balance -= amount;
	MUST(pthread_mutex_unlock(&lock));
	return unused;
}

int main(void)
{
	pthread_t threads[2];

	for (int i = 0; i < 2; i++)
		MUST(pthread_create(&threads[i], NULL, withdraw, NULL));
	for (int i = 0; i < 2; i++)
		MUST(pthread_join(threads[i], NULL));
	heddle_assert(balance >= 0);
	heddle_outcome("%d left", balance);
	return 0;
}
