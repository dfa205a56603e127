/* Two threads sleep, and then want the lock that the other one may hold. */
#include <assert.h>
#include <pthread.h>
#include <stddef.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int inside;

static void *work(void *argument)
{
	for (int i = 0; i < 100; i++) {
		usleep(10);
		pthread_mutex_lock(&mutex);
		assert(!inside);
		inside = 1;
		usleep(20);
		inside = 0;
		pthread_mutex_unlock(&mutex);
	}
	return argument;
}

int main(void)
{
	pthread_t one, two;

	pthread_create(&one, NULL, work, NULL);
	pthread_create(&two, NULL, work, NULL);
	pthread_join(one, NULL);
	pthread_join(two, NULL);
	return 0;
}
