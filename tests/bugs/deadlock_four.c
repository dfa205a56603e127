/*
 * deadlock_four.c - four shards, each with a thread that moves entries into the next one.
 *
 * Kind: deadlock of four threads.
 * Least preemptions: 1. Each has to be left with its own lock. The first one to be left finds the
 * next lock free: 1. When 3 is left so, 2 waits for its lock with its own one, then 1 for that of
 * 2, then 0, then 3 for that of 0: free.
 * Decisive pair: the lock of shard 0 by its own thread comes before that by thread 3.
 * Classes: 15, of which 1 fails: at each of the four locks its own thread comes first or the one
 * before, 2^4 ways, but it cannot be that one everywhere: each would be through before the next.
 */
#include "run.h"

#include <stdint.h>

#define SHARDS 4

static struct {
	pthread_mutex_t lock;
	int entries;
} shards[SHARDS];

static void *move(void *number)
{
	unsigned one = (unsigned)(uintptr_t)number, other = (one + 1) % SHARDS;

#ifdef FIXED
	pthread_mutex_lock(&shards[one < other ? one : other].lock);
	pthread_mutex_lock(&shards[one < other ? other : one].lock);
#else
	pthread_mutex_lock(&shards[one].lock);
	pthread_mutex_lock(&shards[other].lock);
#endif
	shards[one].entries--;
	shards[other].entries++;
	pthread_mutex_unlock(&shards[other].lock);
	pthread_mutex_unlock(&shards[one].lock);
	return NULL;
}

int main(void)
{
	pthread_t threads[SHARDS];

	for (unsigned i = 0; i < SHARDS; i++)
		MUST(pthread_mutex_init(&shards[i].lock, NULL));
	for (uintptr_t i = 0; i < SHARDS; i++)
		MUST(pthread_create(&threads[i], NULL, move, (void *)i));
	for (unsigned i = 0; i < SHARDS; i++)
		MUST(pthread_join(threads[i], NULL));
	return 0;
}
