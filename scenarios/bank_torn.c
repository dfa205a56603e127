/*
 * bank_torn.c - one thread moves money between two accounts, another one adds them up. Each balance
 * has its lock.
 *
 * Shows: every access is under its lock, so there is no data race, and still the sum is wrong. What
 * has to stay together is the pair.
 * Bug: between the withdrawal and the deposit the money is nowhere, and the audit can see that. Or
 * it sees the old balance of the first account and the new one of the second: too much.
 * Fixed twin: bank_locked.c.
 *
 * Verdict: assertion, under random, dfs and dpor.
 * Interleavings: the transfer has lock, read, write, unlock twice, the audit lock, read, unlock
 * twice. Who is first at each account? - The transfer at both: its second section (4 events) and
 * the audit's first (3) overlap freely: C(7, 3) = 35.
 * - The audit at both: its second section (3) and the transfer's first (4) overlap freely: C(7, 3)
 *   = 35.
 * - The transfer at the first, the audit at the second account, or the other way round: 1 way each;
 *   both fail.
 * 35 + 35 + 1 + 1 = 72, of which 2 fail.
 * Classes: which of the two is first at each account, 2 * 2 = 4, of which 2 fail.
 * Fewest preemptions: 1 (the transfer is stopped between its sections).
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
	savings.balance -= 30;
	MUST(pthread_mutex_unlock(&savings.lock));
	MUST(pthread_mutex_lock(&current.lock));
	current.balance += 30;
	MUST(pthread_mutex_unlock(&current.lock));
	return unused;
}

static void *audit(void *unused)
{
	int total;

	MUST(pthread_mutex_lock(&savings.lock));
	total = savings.balance;
	MUST(pthread_mutex_unlock(&savings.lock));
	MUST(pthread_mutex_lock(&current.lock));
	total += current.balance;
	MUST(pthread_mutex_unlock(&current.lock));
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
