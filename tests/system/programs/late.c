/* Loads the library that its first argument names, with another argument once there has been a
 * second thread, and has two threads work in it. */
#include <dlfcn.h>
#include <pthread.h>

static void *nothing(void *argument)
{
	return argument;
}

int main(int argc, char **argv)
{
	void *(*work)(void *);
	pthread_t threads[2];

	if (argc > 2) {
		pthread_create(&threads[0], 0, nothing, 0);
		pthread_join(threads[0], 0);
	}
	*(void **)&work = dlsym(dlopen(argv[1], RTLD_NOW), "work");
	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], 0, work, 0);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], 0);
	return 0;
}
