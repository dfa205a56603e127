/*
 * double_checked_fixed.c - an object is made on first use; the lock is only taken when it seems not
 * to be there yet.
 *
 * Shows: fill in first, then publish, with an atomic store (release) that the unlocked check reads
 * (acquire).
 * Fixed twin of: double_checked.c.
 *
 * Verdict: passed, under random, dfs and dpor.
 * Interleavings: the one who makes it (2 ways) has the events check, lock, check, store answer,
 * store pointer, unlock, read answer. The other one checks
 * - before the pointer is stored, in 5 places; it can lock after the unlock, so its lock,
 *   check, unlock, read leave 5 places for the maker's read: 5 * 5 = 25;
 * - after the pointer is stored: its check and read stand anywhere among the maker's last 2 events:
 *   C(4, 2) = 6.
 * 2 * (25 + 6) = 62.
 * Classes: one makes it (2 ways), and the other one checks before the pointer is stored or
 * after: 4.
 */
#include "must.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

struct settings {
	int answer;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct settings storage;
static struct settings *_Atomic instance;

/* The settings, made by whoever asks first. */
static struct settings *settings_get(void)
{
	struct settings *found = atomic_load_explicit(&instance, memory_order_acquire);

	if (found)
		return found;
	MUST(pthread_mutex_lock(&lock));
	found = atomic_load_explicit(&instance, memory_order_relaxed);
	if (!found) {
		found = &storage;
		found->answer = 42;
		atomic_store_explicit(&instance, found, memory_order_release);
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
