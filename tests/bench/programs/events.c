/* N events of the kind KIND: `access` by a thread while main is blocked, `shared` by two threads
 * that may both go, `yield` by two in turn. */
#include <pthread.h>
#include <sched.h>
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

int main(int argc, char **argv)
{
	const char *kind = argc > 2 ? argv[1] : "access";
	void *(*work)(void *) = strcmp(kind, "yield") ? access_memory : yield;
	int threads = strcmp(kind, "access") ? 2 : 1;
	pthread_t ids[2];

	times = (argc > 2 ? atol(argv[2]) : 1) / threads;
	for (int i = 0; i < threads; i++)
		pthread_create(&ids[i], 0, work, 0);
	for (int i = 0; i < threads; i++)
		pthread_join(ids[i], 0);
	return 0;
}
