/* Adds to one of two counters, as the time stamp counter of the processor has it: no program that
 * can be searched. */
#include <pthread.h>
#include <stdatomic.h>
#include <x86intrin.h>

static atomic_int even, odd;

static void *add(void *unused)
{
	for (int i = 0; i < 4; i++)
		atomic_fetch_add(__rdtsc() >> 4 & 1 ? &odd : &even, 1);
	return unused;
}

int main(void)
{
	pthread_t threads[2];

	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, add, NULL);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
