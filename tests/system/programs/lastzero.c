/* lastzero N: thread J of N (at most 16) sets the J-th place of an array to one more than the place
 * before it; another thread looks for the last place with a zero, from the end downwards. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>

#define PLACES_MAX 16

static int places;
static atomic_int array[PLACES_MAX + 1];

static void *fill(void *argument)
{
	int place = (int)(intptr_t)argument;

	atomic_store(&array[place], atomic_load(&array[place - 1]) + 1);
	return NULL;
}

static void *search(void *unused)
{
	int place = places;

	while (atomic_load(&array[place]) != 0)
		place--;
	return unused;
}

int main(int argc, char **argv)
{
	pthread_t threads[PLACES_MAX + 1];

	places = argc > 1 ? atoi(argv[1]) : 1;
	if (places > PLACES_MAX)
		return 2;
	pthread_create(&threads[0], NULL, search, NULL);
	for (int i = 1; i <= places; i++)
		pthread_create(&threads[i], NULL, fill, (void *)(intptr_t)i);
	for (int i = 0; i <= places; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
