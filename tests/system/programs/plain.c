/* Two threads, each N times `counter++` without a lock, as any compiler makes it: where there is a
 * second argument through a pointer, but for the first time. */
#include <pthread.h>
#include <stdlib.h>

int counter;
int *volatile where;

static void *direct(void *argument)
{
	for (int i = *(int *)argument; i; i--) {
		counter++;
		__asm__ volatile("" ::: "memory");
	}
	return NULL;
}

static void *indirect(void *argument)
{
	counter++;
	for (int i = *(int *)argument; i > 1; i--)
		(*where)++;
	return NULL;
}

int main(int argc, char **argv)
{
	int times = argc > 1 ? atoi(argv[1]) : 1;
	pthread_t first, second;

	where = &counter;
	pthread_create(&first, NULL, argc > 2 ? indirect : direct, &times);
	pthread_create(&second, NULL, argc > 2 ? indirect : direct, &times);
	pthread_join(first, NULL);
	pthread_join(second, NULL);
	return counter != 2 * times;
}
