/* words.c [TEXT] - prints TEXT and fails: what the program says, and how it was called, may hold
 * any bytes. A thread that does nothing gives a search something to do. */
#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

static void *nothing(void *unused)
{
	return unused;
}

int main(int argc, char **argv)
{
	pthread_t thread;

	pthread_create(&thread, NULL, nothing, NULL);
	pthread_join(thread, NULL);
	puts(argc > 1 ? argv[1] : "");
	assert(strcmp("<&>\"'%,:#\\]]>", "") == 0);
	return 0;
}
