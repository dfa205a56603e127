/* N events of the kind KIND: `access` by a thread that is alone, `shared` by two that may go,
 * `yield` by two in turn, `loop`: a memory-heavy loop without heddle. */
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static volatile long shared;
static long times;

static void *access_memory(void *argument)
{
	for (long i = 0; i < times; i++)
		shared = i;
	return argument;
}

static void *yield(void *argument)
{
	for (long i = 0; i < times; i++)
		sched_yield();
	return argument;
}

static long table[4096];

static long loop(void)
{
	long sum = 0;

	for (long i = 0; i < times; i++) {
		table[i * 7 % 4096] += i;
		sum += table[i * 13 % 4096];
	}
	return sum;
}

int main(int argc, char **argv)
{
	const char *kind = argc > 2 ? argv[1] : "access";
	void *(*work)(void *) = strcmp(kind, "yield") ? access_memory : yield;
	int threads = strcmp(kind, "access") ? 2 : 1;
	pthread_t ids[2];

	times = (argc > 2 ? atol(argv[2]) : 1) / threads;
	if (!strcmp(kind, "loop")) {
		printf("%ld\n", loop());
		return 0;
	}
	for (int i = 0; i < threads; i++)
		pthread_create(&ids[i], 0, work, 0);
	for (int i = 0; i < threads; i++)
		pthread_join(ids[i], 0);
	return 0;
}
