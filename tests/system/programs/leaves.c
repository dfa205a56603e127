/* Main returns, with the given status, while another thread is still to add one. With "exit" it
 * calls exit(); with "blocked" the other thread waits for ever; with "fails" its assertion does not
 * hold, once main has returned. */
#include <assert.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int sum;
static const char *how;
static sem_t never;

static void *work(void *arg)
{
	sum++;
	if (!strcmp(how, "blocked"))
		sem_wait(&never);
	assert(strcmp(how, "fails"));
	printf("the other has finished\n");
	return arg;
}

int main(int argc, char **argv)
{
	pthread_t thread;

	how = argc > 2 ? argv[2] : "";
	sem_init(&never, 0, 0);
	pthread_create(&thread, NULL, work, NULL);
	sum++;
	if (!strcmp(how, "exit"))
		exit(atoi(argv[1]));
	return atoi(argv[1]);
}
