/*
 * torn_struct.c - a position is written and read as a whole in the source, but not in the machine.
 *
 * Kind: torn struct. Assertion in main, and a data race for each of the three numbers.
 * Least preemptions: 1. With none the position is read before or after it is written. With one:
 * the writer is left between two of the numbers.
 * Decisive pair: the read of `z` comes before its write, while that of `x` comes after its own.
 * Classes: 8, of which 6 fail: each of the three numbers is read before or after it is written.
 */
#include "run.h"

#include <assert.h>

struct position {
	long x, y, z;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct position shared, seen;

static void copy(struct position *to, const struct position *from)
{
	to->x = from->x;
	to->y = from->y;
	to->z = from->z;
}

static void *move(void *unused)
{
	const struct position next = {1, 1, 1};

#ifdef FIXED
	pthread_mutex_lock(&lock);
#endif
	copy(&shared, &next);
#ifdef FIXED
	pthread_mutex_unlock(&lock);
#endif
	return unused;
}

static void *look(void *unused)
{
	pthread_mutex_lock(&lock);
	copy(&seen, &shared);
	pthread_mutex_unlock(&lock);
	return unused;
}

int main(void)
{
	RUN(move, look);
	assert(seen.x == seen.y && seen.y == seen.z);
	return 0;
}
