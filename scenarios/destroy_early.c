/*
 * destroy_early.c - a task tells that it is done, and its owner tears the task down.
 *
 * Shows: a mutex may be destroyed as soon as nobody uses it any more; and who has said under it
 * that all is done still uses it, until its unlock is over. Bug: the owner learns that the task is
 * done by a look without the lock, so it destroys the lock while the task holds it. Nothing of that
 * is seen in most executions: the C library's destroy just marks the mutex, and the task's unlock
 * goes well, or writes to memory that is something else by then. Fixed twin:
 * destroy_after_unlock.c.
 *
 * Verdict: misuse, under random, dfs and dpor: the mutex is destroyed while the task holds it.
 * Interleavings: the task's lock, its store of `done` and its unlock, and the owner's loads of
 * `done`, of which the last comes after the store; a load that finds 0 costs one event, as the loop
 * looks again only after a change. So there is one before the store or none; after the store come
 * the load, the destroy and, where that is a misuse, the end of the process.
 * - No load before the store: lock, store. Then unlock and load in any order with destroy after the
 *   load. Load and destroy first: then the end, which cuts the unlock off or comes after it: 2. The
 *   unlock between them: 1. Before them: 1. (4, of which 2 fail)
 * - A load before the store, in any place: before the lock or after it: 2 * 4. (8, of which 4 fail)
 * 12 in all, of which 6 fail.
 * Classes: the load before the store and the lock can change places, and so can the unlock and the
 * load after the store.
 * - Destroy before the unlock: 2, for the end depends on everything. After it: 1.
 * 3 with a load before the store, and 3 without: 6, of which 4 fail.
 * Fewest preemptions: 1 (the task is stopped after its store).
 */
#include "must.h"

#include <pthread.h>
#include <stdatomic.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_int done;

static void *task(void *unused)
{
	MUST(pthread_mutex_lock(&lock));
	atomic_store(&done, 1);
	MUST(pthread_mutex_unlock(&lock));
	return unused;
}

int main(void)
{
	pthread_t thread;

	MUST(pthread_create(&thread, NULL, task, NULL));
	while (!atomic_load(&done))
		;
	MUST(pthread_mutex_destroy(&lock));
	MUST(pthread_join(thread, NULL));
	return 0;
}
