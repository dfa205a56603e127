/*
 * choose_withdraw.c - two threads each withdraw 0, 1 or 2 from an account that holds 2: which, a
 * search tries all.
 *
 * Shows: a test's input can be chosen by the search as well as its schedule. Most amounts and most
 * schedules are harmless together.
 * Bug: whether there is enough is looked up under the lock, but the lock is given back before the
 * withdrawal: both find enough, and the account is overdrawn.
 * Fixed twin: choose_withdraw_locked.c.
 *
 * Verdict: assertion, under random, dfs and dpor.
 * Classes: 54, of which 12 fail. There are 9 pairs of amounts. The sections under the lock are a
 * look (L) and a withdrawal (W) of each thread, and there are 6 orders of L1 W1 and L2 W2. Where
 * the amounts are at most 2 together (6 pairs) all are possible and none fails. Where they are more
 * (3 pairs), a look after the other's withdrawal finds too little, and no second withdrawal
 * follows: L1 W1 L2 and L2 W2 L1; in the 4 orders in which both look first, both withdraw.
 * Interleavings: the same, for who has the lock is alone with the account.
 * Fewest preemptions: 1 (the first thread is stopped after its look).
 */
#include "must.h"

#include <heddle.h>
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int balance = 2;

static void *withdraw(void *unused)
{
	int amount = heddle_choose(3), is_enough;

	MUST(pthread_mutex_lock(&lock));
	is_enough = balance >= amount;
	MUST(pthread_mutex_unlock(&lock));
	if (!is_enough)
		return unused;
	MUST(pthread_mutex_lock(&lock));
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
