/*
 * native.c - the library finds its board; random numbers and time.
 *
 * Nothing here makes a run repeat: the machine decides. Seeds differ from run to run so that the
 * delays do.
 */
#include "native/native.h"

#include "base/rng.h"
#include "native/pages.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

/* A delay: once in so many calls, and for so long at most. */
#define DELAY_ONE_IN  4u
#define DELAY_MOST_NS 2000u
/* Once in so many delays the processor is given up. */
#define YIELD_ONE_IN 8u

struct native_board *native_board;
_Thread_local uint32_t native_thread;

static _Thread_local struct rng rng;

static __attribute__((constructor(101))) void native_begin(void)
{
	const char *fd = getenv(NATIVE_ENV), *preloaded = getenv(NATIVE_ENV "_PRELOAD");
	void *at;

	if (!fd)
		return;
	at = mmap(NULL, sizeof(*native_board), PROT_READ | PROT_WRITE, MAP_SHARED, atoi(fd), 0);
	unsetenv(NATIVE_ENV);
	if (preloaded)
		setenv("LD_PRELOAD", preloaded, 1);
	else
		unsetenv("LD_PRELOAD");
	unsetenv(NATIVE_ENV "_PRELOAD");
	if (at == MAP_FAILED)
		return;
	native_board = at;
	native_random_begin(0);
	native_pages_touch();
}

void native_random_begin(uint32_t thread)
{
	native_thread = thread;
	rng = rng_stream(native_board->seed, thread);
}

uint64_t native_random(void)
{
	return rng_next(&rng);
}

uint64_t native_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void native_delay(void)
{
	uint64_t end;

	if (!native_board || native_random() % DELAY_ONE_IN)
		return;
	if (!(native_random() % YIELD_ONE_IN))
		sched_yield();
	end = native_now() + native_random() % DELAY_MOST_NS;
	while (native_now() < end)
		__builtin_ia32_pause();
}
