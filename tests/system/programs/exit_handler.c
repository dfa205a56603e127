/* What runs at the end of the process has events, too: which of them comes before and after those
 * of the other threads is a matter of order until exit(), and not from then on. */
#include <pthread.h>
#include <stdlib.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int sum;

static void add(void)
{
	pthread_mutex_lock(&mutex);
	sum++;
	pthread_mutex_unlock(&mutex);
}

static void *work(void *argument)
{
	add();
	return argument;
}

int main(void)
{
	pthread_t thread;

	atexit(add);
	pthread_create(&thread, 0, work, 0);
	exit(0);
}
