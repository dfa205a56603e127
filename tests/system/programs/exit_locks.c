/* A handler that runs at exit changes what two threads change, too: with `lock` it takes the lock
 * for it, so that it may have to wait for them. With `join` main waits for the first of them. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int guarded, unguarded;
static int locks;

static void handler(void)
{
	if (locks)
		pthread_mutex_lock(&mutex);
	guarded++;
	if (locks)
		pthread_mutex_unlock(&mutex);
}

static void *work(void *argument)
{
	pthread_mutex_lock(&mutex);
	guarded++;
	pthread_mutex_unlock(&mutex);
	unguarded++;
	return argument;
}

int main(int argc, char **argv)
{
	pthread_t first, second;

	locks = argc > 1 && !strcmp(argv[1], "lock");
	atexit(handler);
	pthread_create(&first, 0, work, 0);
	pthread_create(&second, 0, work, 0);
	if (argc > 1 && !strcmp(argv[1], "join"))
		pthread_join(first, 0);
	unguarded++;
	exit(0);
}
