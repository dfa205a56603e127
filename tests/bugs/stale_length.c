/*
 * stale_length.c - a list's length is read before the lock is taken, and used under the lock.
 *
 * Kind: stale cached value: a heap overflow, when the list has been replaced by a shorter one.
 * Least preemptions: 1. With none the length is read and used without anything in between. With
 * one: the reader is left after it has read the length.
 * Decisive pair: the shortening's lock comes before the reader's, while its write of the length
 * comes after the reader's read.
 * Classes: 3, of which 1 fails: the section of the reader before that of the other thread, or
 * after it with the length read before or after the shortening.
 */
#include "run.h"

#include <stdatomic.h>

#define LONG  8
#define SHORT 2

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long *list;
static atomic_int length = LONG;

static void *last(void *unused)
{
#ifdef FIXED
	pthread_mutex_lock(&lock);
	list[atomic_load(&length) - 1]++;
#else
	int known = atomic_load(&length);

	pthread_mutex_lock(&lock);
	list[known - 1]++;
#endif
	pthread_mutex_unlock(&lock);
	return unused;
}

static void *shorten(void *unused)
{
	pthread_mutex_lock(&lock);
	free(list);
	list = calloc(SHORT, sizeof(*list));
	atomic_store(&length, SHORT);
	pthread_mutex_unlock(&lock);
	return unused;
}

int main(void)
{
	list = calloc(LONG, sizeof(*list));
	RUN(last, shorten);
	free(list);
	return 0;
}
