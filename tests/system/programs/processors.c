/* How many processors it may use: exits with 1 where that is not the number that it is told. */
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

static int count(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : -1;
}

static void *in_thread(void *result)
{
	*(int *)result = count();
	return NULL;
}

int main(int argc, char **argv)
{
	int wanted = argc > 1 ? atoi(argv[1]) : 0, before = count(), inside = 0;
	pthread_t thread;

	pthread_create(&thread, NULL, in_thread, &inside);
	pthread_join(thread, NULL);
	printf("%d, in a thread %d\n", before, inside);
	return before != wanted || inside != wanted;
}
