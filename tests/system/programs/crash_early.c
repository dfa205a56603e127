/* main writes what the other thread would read, and crashes before that has begun: in the C
 * library, or with an argument in its own code. */
#include <pthread.h>
#include <string.h>

static int shared;
static char *volatile nowhere;

static void *work(void *argument)
{
	return shared ? argument : 0;
}

int main(int argc, char **argv)
{
	pthread_t thread;

	(void)argv;
	pthread_create(&thread, 0, work, 0);
	shared = 1;
	if (argc > 1)
		*nowhere = 1;
	memset(nowhere, 1, 1000);
	pthread_join(thread, 0);
	return 0;
}
