/*
 * pipe_token.c - as the jobs of make: who wants to work takes a token from a pipe, and puts it back
 * after the work. There is one token, so they work one after the other.
 *
 * Shows: a pipe as a lock. Who waits for the token waits in the kernel, and the other one goes on.
 * Fixed twin of: pipe_token_kept.c.
 *
 * Verdict: passed, under random, dfs and dpor.
 * Interleavings: whoever takes the token first puts it back before the other one can take it: 2.
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
	if (has_job)
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
