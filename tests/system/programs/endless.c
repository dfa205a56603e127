/* A loop that does more than wait: each turn is another state, so there is no end to executions. */
#include <pthread.h>
#include <stdatomic.h>

static atomic_int flag, turns;

static void *wait(void *argument)
{
	while (!flag)
		turns++;
	return argument;
}

int main(void)
{
	pthread_t thread;

	pthread_create(&thread, 0, wait, 0);
	while (turns < 2)
		turns++;
	flag = 1;
	pthread_join(thread, 0);
	return 0;
}
