/* Two threads add 1 to a counter under a mutex, ROUNDS times each; prints it at the end when there
 * is a second argument. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int counter, rounds = 2;

static void *work(void *argument)
{
	for (int i = 0; i < rounds; i++) {
		pthread_mutex_lock(&mutex);
		counter++;
		pthread_mutex_unlock(&mutex);
	}
	return argument;
}

int main(int argc, char **argv)
{
	pthread_t one, two;

	if (argc > 1)
		rounds = atoi(argv[1]);
	pthread_create(&one, 0, work, 0);
	pthread_create(&two, 0, work, 0);
	pthread_join(one, 0);
	pthread_join(two, 0);
	if (argc > 2)
		printf("%d\n", counter);
	return counter != 2 * rounds;
}
