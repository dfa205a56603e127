/*
 * pipe_token_kept.c - as the jobs of make: who wants to work takes a token from a pipe, and puts it
 * back after the work. Who finds that there is nothing to do for it goes home with the token.
 *
 * Bug: the early return. It does no harm where that thread is the last one to come.
 * Shows: a deadlock in the kernel: nobody has the pipe but threads that wait or have ended.
 * Fixed twin: pipe_token.c.
 *
 * Verdict: deadlock, under random, dfs and dpor.
 * Interleavings: either one takes the token first: 2. Where it is the one without a job, the other
 * one waits for ever.
 * Classes: the same.
 */
#include "must.h"

#include <pthread.h>
#include <unistd.h>

static int tokens[2], done;

static void move(ssize_t moved)
{
	if (moved != 1)
		abort();
}

static void *work(void *has_job)
{
	char token;

	move(read(tokens[0], &token, 1));
	if (!has_job)
		return NULL;
	done++;
	move(write(tokens[1], &token, 1));
	return NULL;
}

int main(void)
{
	pthread_t threads[2];

	MUST(pipe(tokens));
	move(write(tokens[1], "+", 1));
	MUST(pthread_create(&threads[0], NULL, work, tokens));
	MUST(pthread_create(&threads[1], NULL, work, NULL));
	for (int i = 0; i < 2; i++)
		MUST(pthread_join(threads[i], NULL));
	return done != 1;
}
