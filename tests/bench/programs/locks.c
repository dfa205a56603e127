/* Ten million lock-unlock pairs in all, by THREADS threads. */
#include <pthread.h>
#include <stdlib.h>

#define PAIRS	    10000000
#define THREADS_MAX 64

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static long counter, each;

static void *work(void *argument)
{
	for (long i = 0; i < each; i++) {
		pthread_mutex_lock(&mutex);
		counter++;
		pthread_mutex_unlock(&mutex);
	}
	return argument;
}

int main(int argc, char **argv)
{
	int threads = argc > 1 ? atoi(argv[1]) : 1;
	pthread_t ids[THREADS_MAX];

	each = PAIRS / threads;
	for (int i = 0; i < threads; i++)
		pthread_create(&ids[i], 0, work, 0);
	for (int i = 0; i < threads; i++)
		pthread_join(ids[i], 0);
	return counter != each * threads;
}
