/* Two threads find a mutex and a read-write lock held, from before there were any threads. */
#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

static void *work(void *argument)
{
	if (pthread_mutex_trylock(&mutex) == 0)
		pthread_mutex_unlock(&mutex);
	pthread_rwlock_wrlock(&lock);
	pthread_rwlock_unlock(&lock);
	return argument;
}

int main(void)
{
	pthread_t thread;

	pthread_mutex_lock(&mutex);
	pthread_rwlock_rdlock(&lock);
	pthread_create(&thread, 0, work, 0);
	pthread_mutex_unlock(&mutex);
	pthread_rwlock_unlock(&lock);
	pthread_join(thread, 0);
	return 0;
}
