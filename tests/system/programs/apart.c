/* One thread comes by `here` and then sets `done`; the other looks at it between a lock and an
 * unlock that nobody else is interested in. Ends with 1 where it was set by then. */
#include <pthread.h>

static pthread_mutex_t alone = PTHREAD_MUTEX_INITIALIZER;
static int done, seen;

__attribute__((noinline)) void here(void)
{
	__asm__ volatile("");
}

static void *set(void *argument)
{
	here();
	done = 1;
	return argument;
}

static void *look(void *argument)
{
	pthread_mutex_lock(&alone);
	seen = done;
	pthread_mutex_unlock(&alone);
	return argument;
}

int main(void)
{
	pthread_t first, second;

	pthread_create(&first, NULL, look, NULL);
	pthread_create(&second, NULL, set, NULL);
	pthread_join(first, NULL);
	pthread_join(second, NULL);
	return seen;
}
