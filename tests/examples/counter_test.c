/* counter_test.c - a test without a framework: one counter with a lock, and one without, in which
 * heddle has to find what is wrong. */
#include <heddle.h>

#include <assert.h>
#include <pthread.h>
#include <stdio.h>

#define THREADS 3

struct counter {
	pthread_mutex_t lock;
	int locks;
	int number;
};

static void *count(void *argument)
{
	struct counter *counter = argument;

	if (counter->locks)
		pthread_mutex_lock(&counter->lock);
	counter->number++;
	if (counter->locks)
		pthread_mutex_unlock(&counter->lock);
	return NULL;
}

static void count_in_threads(void *argument)
{
	struct counter *counter = argument;
	pthread_t threads[THREADS];

	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, count, counter);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	assert(counter->number == THREADS);
}

static int expect(const char *what, int locks, int expected)
{
	struct counter counter = {.lock = PTHREAD_MUTEX_INITIALIZER, .locks = locks};
	heddle_report_t report;
	int result = heddle_explore(count_in_threads, &counter, NULL, &report);

	printf("%s: %llu executions, %s\n", what, report.executions, report.reason);
	if (result != expected)
		fputs(report.text, stderr);
	heddle_report_free(&report);
	return result != expected;
}

int main(void)
{
	return expect("with a lock", 1, HEDDLE_PASSED) | expect("without", 0, HEDDLE_FAILED);
}
