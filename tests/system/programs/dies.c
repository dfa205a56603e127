/* A thread that comes before main's write ends the process in a way that nobody can announce: in
 * the middle of what two threads do to a counter. */
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

static volatile int written, counter;

static void *look(void *argument)
{
	counter++;
	if (!written)
		kill(getpid(), SIGKILL);
	counter++;
	return argument;
}

static void *count(void *argument)
{
	counter++;
	counter++;
	return argument;
}

int main(void)
{
	pthread_t first, second;

	pthread_create(&first, 0, look, 0);
	pthread_create(&second, 0, count, 0);
	written = 1;
	pthread_join(first, 0);
	pthread_join(second, 0);
	return 0;
}
