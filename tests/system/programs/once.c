/* Threads that come to a once control, whose initialiser notes who runs it. "c11": by call_once().
 * "events": the initialiser also adds to what the other threads add to. "fails": asserts that it is
 * the first thread. The number says how many threads. */
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <threads.h>

#define THREADS_MAX 4

static pthread_once_t once = PTHREAD_ONCE_INIT;
static once_flag flag = ONCE_FLAG_INIT;
static __thread long me;
static long who;
static int with_events, by_c11, total;

static void initialise(void)
{
	who = me;
	if (with_events)
		total++;
}

static void *work(void *arg)
{
	me = (long)arg;
	if (by_c11)
		call_once(&flag, initialise);
	else
		pthread_once(&once, initialise);
	return (void *)who;
}

int main(int argc, char **argv)
{
	pthread_t threads[THREADS_MAX];
	int count = atoi(argv[1]), fails = 0;

	for (int i = 2; i < argc; i++) {
		with_events |= !strcmp(argv[i], "events");
		by_c11 |= !strcmp(argv[i], "c11");
		fails |= !strcmp(argv[i], "fails");
	}
	for (long i = 0; i < count; i++)
		pthread_create(&threads[i], NULL, work, (void *)(i + 1));
	if (with_events)
		total++;
	for (int i = 0; i < count; i++) {
		void *seen;

		pthread_join(threads[i], &seen);
		assert((long)seen == who);
	}
	assert(!fails || who == 1);
	return 0;
}
