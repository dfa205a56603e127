/* Virtual time: clocks hour | monotone | ask | huge | join. Ends with 0, and within a moment. */
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void *sleep_hour(void *hours)
{
	struct timespec left = {0, 0}, hour = {3600, 0}, until;
	time_t before = time(NULL);

	for (intptr_t i = 0; i < (intptr_t)hours; i++)
		assert(nanosleep(&hour, &left) == 0);
	assert(time(NULL) >= before + 3600 * (intptr_t)hours);
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += 10;
	assert(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == 0);
	assert(sleep(1) == 0 && usleep(1000000) == 0);
	return NULL;
}

static void hour(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, sleep_hour, (void *)24);
	sleep_hour((void *)1);
	pthread_join(thread, NULL);
}

/* No clock goes back, whoever looks. */
static uint64_t last[16];

static void *look(void *unused)
{
	static const clockid_t clocks[] = {
		CLOCK_REALTIME,		 CLOCK_MONOTONIC,     CLOCK_PROCESS_CPUTIME_ID,
		CLOCK_THREAD_CPUTIME_ID, CLOCK_MONOTONIC_RAW, CLOCK_REALTIME_COARSE,
		CLOCK_MONOTONIC_COARSE,	 CLOCK_BOOTTIME,      CLOCK_TAI};

	for (int i = 0; i < 2; i++) {
		pthread_mutex_lock(&mutex);
		for (size_t c = 0; c < sizeof(clocks) / sizeof(*clocks); c++) {
			struct timespec now;
			uint64_t ns;

			assert(clock_gettime(clocks[c], &now) == 0);
			ns = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
			assert(ns >= last[c]);
			last[c] = ns;
			if (c == 4)
				usleep(10);
		}
		pthread_mutex_unlock(&mutex);
	}
	return unused;
}

static void monotone(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, look, NULL);
	look(NULL);
	pthread_join(thread, NULL);
}

/* They agree with each other, processor time does not pass in sleep, and all is printed. */
static void ask(void)
{
	struct timespec real, utc, processor;
	struct timeval day;
	struct tms used;
	clock_t ticks = times(&used), before = clock();

	sleep(1000);
	assert(clock() - before < CLOCKS_PER_SEC);
	assert(times(&used) - ticks >= 1000 * sysconf(_SC_CLK_TCK));
	clock_gettime(CLOCK_REALTIME, &real);
	assert(timespec_get(&utc, TIME_UTC) == TIME_UTC && gettimeofday(&day, NULL) == 0);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &processor);
	assert(utc.tv_sec == real.tv_sec && day.tv_sec == real.tv_sec && processor.tv_sec == 0);
	assert(clock_gettime(99, &real) == -1 && errno == EINVAL);
	assert(clock_nanosleep(CLOCK_MONOTONIC, 0, &(struct timespec){0, -1}, NULL) == EINVAL);
	printf("%ld.%09ld %ld.%09ld %ld\n", (long)utc.tv_sec, utc.tv_nsec, (long)processor.tv_sec,
	       processor.tv_nsec, (long)used.tms_utime);
}

static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static int done;

static void *set(void *unused)
{
	pthread_mutex_lock(&mutex);
	done = 1;
	pthread_cond_signal(&cond);
	pthread_mutex_unlock(&mutex);
	return unused;
}

/* A deadline beyond all reckoning is one all the same. */
static void huge(void)
{
	struct timespec never = {INT64_MAX, 0};
	pthread_t thread;
	int error = 0;

	pthread_create(&thread, NULL, set, NULL);
	pthread_mutex_lock(&mutex);
	while (!done && !error)
		error = pthread_cond_timedwait(&cond, &mutex, &never);
	assert(done || error == ETIMEDOUT);
	pthread_mutex_unlock(&mutex);
	pthread_join(thread, NULL);
}

static void *hold(void *unused)
{
	pthread_mutex_lock(&mutex);
	pthread_mutex_unlock(&mutex);
	return unused;
}

/* The one that is joined waits for what this one gives back only later. */
static void join(void)
{
	struct timespec until;
	pthread_t thread;

	pthread_mutex_lock(&mutex);
	pthread_create(&thread, NULL, hold, NULL);
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += 5;
	assert(pthread_timedjoin_np(thread, NULL, &until) == ETIMEDOUT);
	assert(time(NULL) >= until.tv_sec);
	pthread_mutex_unlock(&mutex);
	until.tv_sec += 5;
	assert(pthread_timedjoin_np(thread, NULL, &until) == 0);
}

int main(int argc, char **argv)
{
	assert(argc == 2);
	if (!strcmp(argv[1], "hour"))
		hour();
	else if (!strcmp(argv[1], "monotone"))
		monotone();
	else if (!strcmp(argv[1], "ask"))
		ask();
	else if (!strcmp(argv[1], "huge"))
		huge();
	else
		join();
	return 0;
}
