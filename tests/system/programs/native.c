/* What is to be seen on real processors. */
#include <assert.h>
#include <heddle.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int processors[2];
static volatile int counter;
static atomic_int flag;
static int raced;

static int is_real(void)
{
	return time(NULL) > 1750000000;
}

static void *look(void *argument)
{
	processors[(long)argument] = sched_getcpu();
	return argument;
}

static void *add(void *argument)
{
	for (int i = 0; i < 2000; i++)
		counter++;
	return argument;
}

static void *set(void *argument)
{
	atomic_store_explicit(&flag, 1, memory_order_relaxed);
	return argument;
}

static void *race(void *argument)
{
	raced = 1;
	return argument;
}

static void both(void *(*routine)(void *))
{
	pthread_t threads[2];

	for (long i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, routine, (void *)i);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
}

static int end(int way)
{
	heddle_assume(way != 0);
	if (way == 1)
		assert(way == 0);
	if (way == 2)
		raise(SIGSEGV);
	if (way == 3)
		return 3;
	if (way == 4)
		pause();
	if (way == 5)
		abort();
	if (way == 6)
		heddle_outcome("passed");
	return 0;
}

int main(int argc, char **argv)
{
	const char *mode = argc > 1 ? argv[1] : "";

	if (!strcmp(mode, "ends"))
		return end(heddle_choose(8));
	if (!strcmp(mode, "apart")) {
		both(look);
		heddle_outcome(processors[0] == processors[1] ? "together" : "apart");
	}
	if (!strcmp(mode, "lost")) {
		/* Where a search would take too long, one thread is enough. */
		if (is_real())
			both(add);
		heddle_outcome(is_real() && counter < 4000 ? "lost" : "kept");
	}
	if (!strcmp(mode, "relaxed") || !strcmp(mode, "raced")) {
		both(*mode == 'r' && mode[1] == 'e' ? set : race);
		heddle_outcome(is_real() && raced < 2 ? "real" : "virtual");
	}
	if (!strcmp(mode, "child"))
		heddle_outcome("%s",
			       system("test -z \"$LD_PRELOAD$HEDDLE_NATIVE\"") ? "left" : "clean");
	return 0;
}
