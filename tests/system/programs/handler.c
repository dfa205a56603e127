/* Main exits while two threads each take a lock and give it back; an exit handler takes it, too,
 * and may have to wait for a thread that was cut off. With an argument they take a second one after
 * that, and the handler takes that one. */
#include <pthread.h>
#include <stdlib.h>

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER, second = PTHREAD_MUTEX_INITIALIZER;
static int both;

static void take(pthread_mutex_t *mutex)
{
	pthread_mutex_lock(mutex);
	pthread_mutex_unlock(mutex);
}

static void handler(void)
{
	take(both ? &second : &first);
}

static void *work(void *arg)
{
	take(&first);
	if (both)
		take(&second);
	return arg;
}

int main(int argc, char **argv)
{
	pthread_t thread;

	(void)argv;
	both = argc > 1;
	atexit(handler);
	pthread_create(&thread, NULL, work, NULL);
	pthread_create(&thread, NULL, work, NULL);
	return 0;
}
