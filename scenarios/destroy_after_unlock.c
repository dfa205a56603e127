/*
 * destroy_after_unlock.c - the fixed twin of destroy_early.c: who wants to know whether the task is
 * done asks for it under the lock, so the task has given the lock back when the answer is yes.
 *
 * POSIX makes that legal ("an implementation is required to allow an object to be destroyed and
 * freed and potentially unmapped immediately after the object is unlocked"): reference counts are
 * built so.
 *
 * Verdict: passed.
 * Interleavings: both sides' sections under one lock; the loop's turn in vain costs its events
 * once. The task's section is before or after the owner's first one: 2. Classes: the same.
 */
#include "must.h"

#include <pthread.h>
#include <stdbool.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool done;

static void *task(void *unused)
{
	MUST(pthread_mutex_lock(&lock));
	done = true;
	MUST(pthread_mutex_unlock(&lock));
	return unused;
}

static bool is_done(void)
{
	bool is;

	MUST(pthread_mutex_lock(&lock));
	is = done;
	MUST(pthread_mutex_unlock(&lock));
	return is;
}

int main(void)
{
	pthread_t thread;

	MUST(pthread_create(&thread, NULL, task, NULL));
	while (!is_done())
		;
	MUST(pthread_mutex_destroy(&lock));
	MUST(pthread_join(thread, NULL));
	return 0;
}
