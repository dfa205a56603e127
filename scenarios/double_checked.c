/*
 * double_checked.c - an object is made on first use; the lock is only taken when it seems not to be
 * there yet.
 *
 * Shows: what the first check sees is not what the lock protects.
 * Bug: the pointer is stored before the object is filled in. Whoever checks in between skips the
 * lock and reads a field that has no value. (And the pointer is read without the lock and is not
 * atomic: a data race, even in the other order.)
 * Fixed twin: double_checked_fixed.c.
 *
 * Verdict: assertion, under random, dfs and dpor.
 * Interleavings: the one who makes it (2 ways) has the events check, lock, check, store pointer,
 * store answer, unlock, read answer. The other one checks
 * - before the pointer is stored, in 4 places; it can lock after the unlock, so its lock,
 *   check, unlock, read leave 5 places for the maker's read: 4 * 5 = 20;
 * - after the pointer is stored: its check and read stand anywhere among the maker's last 3 events:
 *   C(5, 2) = 10. In 1 of them both come before the store of the answer. Where the second thread is
 *   the maker, main then knows that the first one's answer is wrong while the maker has its 3
 *   events left, of which 0 to 3 are still carried out before the end: 4 in place of 1.
 * 2 * (20 + 10) + 3 = 63, of which 4 + 1 = 5 fail.
 * Classes: one makes it (2 ways); the other one checks before the pointer is stored, or after,
 * and then reads before or after the store of the answer: 2 * 3 = 6, of which 2 fail; one of these
 * is 4, by how far the maker still gets: 9, of which 5 fail.
 * Data races: the first check with the store of the pointer; the store of the answer with the read
 * of whoever skipped the lock.
 * Fewest preemptions: 1 (the maker is stopped between the two stores).
 */
#include "must.h"

#include <assert.h>
#include <pthread.h>
#include <stdint.h>

struct settings {
	int answer;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct settings storage;
static struct settings *instance;

/* The settings, made by whoever asks first. */
static struct settings *settings_get(void)
{
	struct settings *found = instance;

	if (found)
		return found;
	MUST(pthread_mutex_lock(&lock));
	found = instance;
	if (!found) {
		found = &storage;
		instance = found;
		found->answer = 42;
	}
	MUST(pthread_mutex_unlock(&lock));
	return found;
}

static void *ask(void *unused)
{
	(void)unused;
	return (void *)(intptr_t)settings_get()->answer;
}

int main(void)
{
	pthread_t threads[2];

	for (int i = 0; i < 2; i++)
		MUST(pthread_create(&threads[i], NULL, ask, NULL));
	for (int i = 0; i < 2; i++) {
		void *answer;

		MUST(pthread_join(threads[i], &answer));
		assert((intptr_t)answer == 42);
	}
	return 0;
}
