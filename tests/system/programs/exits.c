/* main exits while another thread is somewhere, as its argument says. */
#include <assert.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>

static pthread_barrier_t barrier;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static sem_t never;
static int flag;

/* It fails where it gets past the barrier before main is gone. */
static void *pass(void *argument)
{
	pthread_barrier_wait(&barrier);
	assert(argument);
	return 0;
}

static void *wait_twice(void *argument)
{
	pthread_mutex_lock(&mutex);
	while (!flag)
		pthread_cond_wait(&changed, &mutex);
	pthread_mutex_unlock(&mutex);
	sem_wait(&never);
	return argument;
}

static void set(void)
{
	pthread_mutex_lock(&mutex);
	flag = 1;
	pthread_cond_signal(&changed);
	pthread_mutex_unlock(&mutex);
}

int main(int argc, char **argv)
{
	pthread_t thread;

	assert(argc == 2);
	pthread_barrier_init(&barrier, 0, 2);
	sem_init(&never, 0, 0);
	if (!strcmp(argv[1], "pass")) {
		pthread_create(&thread, 0, pass, 0);
		pthread_barrier_wait(&barrier);
	} else {
		pthread_create(&thread, 0, wait_twice, 0);
		set();
	}
	exit(0);
}
