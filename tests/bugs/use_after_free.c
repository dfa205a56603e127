/*
 * use_after_free.c - a worker is told to stop, and its session is freed at once.
 *
 * Kind: use after free between threads, in the worker; the free also races with the use.
 * Least preemptions: 1. With none the worker comes to its end before main goes on, or sees `stop`.
 * With one: the worker, which may go first, is left after its look at `stop`.
 * Decisive pair: the free comes before the use.
 * Classes: 3, of which 1 fails: the worker looks after `stop` is set, or before; then the use
 * comes before or after the free.
 */
#include "run.h"

#include <stdatomic.h>
#include <stdbool.h>

struct session {
	int requests;
};

static struct session *session;
static atomic_bool stop;

static void *work(void *unused)
{
	if (!atomic_load(&stop))
		session->requests = 1;
	return unused;
}

int main(void)
{
	pthread_t worker;

	session = calloc(1, sizeof(*session));
	if (!session)
		return 1;
	MUST(pthread_create(&worker, NULL, work, NULL));
	atomic_store(&stop, true);
#ifdef FIXED
	MUST(pthread_join(worker, NULL));
	free(session);
#else
	free(session);
	MUST(pthread_join(worker, NULL));
#endif
	return 0;
}
