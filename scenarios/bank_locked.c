/*
 * bank_locked.c - one thread moves money between two accounts, another one adds them up. Both hold
 * both locks meanwhile.
 *
 * Shows: a lock held over the whole of what has to stay together. Both take the locks in the same
 * order.
 * Fixed twin of: bank_torn.c.
 *
 * Verdict: passed, under random, dfs and dpor.
 * Interleavings: whoever locks the first account goes through to the end before the other can do
 * anything: 2.
 * Classes: the same.
 */
#include "must.h"

#include <assert.h>
#include <pthread.h>

struct account {
	pthread_mutex_t lock;
	int balance;
};

static struct account savings = {PTHREAD_MUTEX_INITIALIZER, 100};
static struct account current = {PTHREAD_MUTEX_INITIALIZER, 100};
static int audited;

static void *transfer(void *unused)
{
	MUST(pthread_mutex_lock(&savings.lock));
	MUST(pthread_mutex_lock(&current.lock));
	savings.balance -= 30;
	current.balance += 30;
	MUST(pthread_mutex_unlock(&current.lock));
	MUST(pthread_mutex_unlock(&savings.lock));
	return unused;
}

static void *audit(void *unused)
{
	int total;

	MUST(pthread_mutex_lock(&savings.lock));
	MUST(pthread_mutex_lock(&current.lock));
	total = savings.balance + current.balance;
	MUST(pthread_mutex_unlock(&current.lock));
	MUST(pthread_mutex_unlock(&savings.lock));
	audited = total;
	return unused;
}

int main(void)
{
	pthread_t clerk, auditor;

	MUST(pthread_create(&clerk, NULL, transfer, NULL));
	MUST(pthread_create(&auditor, NULL, audit, NULL));
	MUST(pthread_join(clerk, NULL));
	MUST(pthread_join(auditor, NULL));
	assert(audited == 200);
	return 0;
}
