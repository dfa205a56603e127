/* Two threads, of which each writes a file of its own after the first scheduling choice: what only
 * the kernel knows changes. */
#include <assert.h>
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int turns;

static void *work(void *name)
{
	FILE *file;

	pthread_mutex_lock(&mutex);
	turns++;
	pthread_mutex_unlock(&mutex);
	file = fopen(name, "w");
	assert(file);
	fprintf(file, "%d\n", turns);
	fclose(file);
	return 0;
}

int main(int argc, char **argv)
{
	pthread_t threads[2];

	assert(argc == 3);
	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], 0, work, argv[1 + i]);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], 0);
	return 0;
}
