/*
 * shutdown_push.c - a job is accepted while the queue is open, and put when it has been emptied
 * for the last time.
 *
 * Kind: shutdown race. Assertion in main: a job was accepted and never done.
 * Least preemptions: 1. With none the job is put before the queue is emptied, or refused. With
 * one: the submitter is left after it has seen the queue open.
 * Decisive pair: the emptying of the queue comes before the put.
 * Classes: 3, of which 1 fails: the emptying before, between or after the two sections.
 */
#include "run.h"

#include <assert.h>
#include <stdbool.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool closed;
static int queued, accepted, done;

static void *submit(void *unused)
{
	bool open;

	pthread_mutex_lock(&lock);
	open = !closed;
#ifndef FIXED
	pthread_mutex_unlock(&lock);
	pthread_mutex_lock(&lock);
#endif
	if (open) {
		queued++;
		accepted++;
	}
	pthread_mutex_unlock(&lock);
	return unused;
}

static void *shut_down(void *unused)
{
	pthread_mutex_lock(&lock);
	closed = true;
	done += queued;
	queued = 0;
	pthread_mutex_unlock(&lock);
	return unused;
}

int main(void)
{
	RUN(submit, shut_down);
	assert(done == accepted);
	return 0;
}
