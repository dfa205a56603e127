/* Time that passes while threads run: pace spin yield|lock|read SECONDS | order | enough | timer |
 * busy | handled. Ends with 0. */
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define WAITERS 6
#define STEP_MS 5

static atomic_int done;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void *sleep_then_end(void *seconds)
{
	sleep((unsigned)(uintptr_t)seconds);
	done = 1;
	return NULL;
}

static void lock_once(void)
{
	pthread_mutex_lock(&mutex);
	pthread_mutex_unlock(&mutex);
}

/* Nothing but the passing of time ends that loop. */
static void spin(const char *how, unsigned seconds)
{
	pthread_t thread;

	pthread_create(&thread, NULL, sleep_then_end, (void *)(uintptr_t)seconds);
	while (!done) {
		if (!strcmp(how, "yield"))
			sched_yield();
		else if (!strcmp(how, "lock"))
			lock_once();
	}
	pthread_join(thread, NULL);
}

/* ---- deadlines pass in their order */

static pthread_mutex_t held = PTHREAD_MUTEX_INITIALIZER, own = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t written = PTHREAD_RWLOCK_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static sem_t none;
static atomic_int over;

static int wait_until(int kind, const struct timespec *until)
{
	int error = 0;

	switch (kind) {
	case 0:
		return pthread_mutex_timedlock(&held, until);
	case 1:
		return sem_timedwait(&none, until) ? errno : 0;
	case 2:
		pthread_mutex_lock(&own);
		while (!error)
			error = pthread_cond_timedwait(&cond, &own, until);
		pthread_mutex_unlock(&own);
		return error;
	case 3:
		return pthread_rwlock_timedrdlock(&written, until);
	case 4:
		return pthread_rwlock_timedwrlock(&written, until);
	default:
		error = clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, until, NULL);
		return error ? error : ETIMEDOUT;
	}
}

static struct timespec start;

/* The first of all has the last deadline. */
static void *wait_in_turn(void *number)
{
	int kind = (int)(intptr_t)number, turn = WAITERS - 1 - kind;
	struct timespec until = start, now;

	until.tv_nsec += (turn + 1) * STEP_MS * 1000000l;
	assert(wait_until(kind, &until) == ETIMEDOUT);
	clock_gettime(CLOCK_REALTIME, &now);
	assert(now.tv_sec == until.tv_sec && now.tv_nsec >= until.tv_nsec);
	assert(over++ == turn);
	return NULL;
}

static void order(void)
{
	pthread_t threads[WAITERS];

	sem_init(&none, 0, 0);
	pthread_mutex_lock(&held);
	pthread_rwlock_wrlock(&written);
	clock_gettime(CLOCK_REALTIME, &start);
	for (intptr_t i = 0; i < WAITERS; i++)
		pthread_create(&threads[i], NULL, wait_in_turn, (void *)i);
	while (over < WAITERS)
		lock_once();
	for (int i = 0; i < WAITERS; i++)
		pthread_join(threads[i], NULL);
}

/* ---- time that is enough is enough */

static int ready;

static void *prepare(void *unused)
{
	for (int i = 0; i < 100000; i++)
		lock_once();
	pthread_mutex_lock(&own);
	ready = 1;
	pthread_cond_signal(&cond);
	pthread_mutex_unlock(&own);
	return unused;
}

static void enough(void)
{
	struct timespec until;
	pthread_t thread;

	pthread_create(&thread, NULL, prepare, NULL);
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += 10;
	pthread_mutex_lock(&own);
	while (!ready)
		assert(pthread_cond_timedwait(&cond, &own, &until) == 0);
	pthread_mutex_unlock(&own);
	pthread_join(thread, NULL);
}

/* ---- a timer goes off while another thread works */

static void *read_timer(void *unused)
{
	struct itimerspec value = {.it_value = {.tv_nsec = 5000000}};
	int fd = timerfd_create(CLOCK_MONOTONIC, 0);
	uint64_t times;

	assert(fd >= 0 && timerfd_settime(fd, 0, &value, NULL) == 0);
	assert(read(fd, &times, sizeof(times)) == sizeof(times) && times == 1);
	close(fd);
	done = 1;
	return unused;
}

static void timer(void)
{
	pthread_t thread;
	long before = 0;

	pthread_create(&thread, NULL, read_timer, NULL);
	while (!done) {
		lock_once();
		before++;
	}
	assert(before > 100);
	pthread_join(thread, NULL);
}

/* ---- processor time: that of the work, without the sleep */

static int64_t ns_of(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * 1000000000l + now.tv_nsec;
}

static void busy(void)
{
	int64_t used = ns_of(CLOCK_PROCESS_CPUTIME_ID), now = ns_of(CLOCK_MONOTONIC);

	for (int i = 0; i < 10000; i++)
		lock_once();
	sleep(1);
	used = ns_of(CLOCK_PROCESS_CPUTIME_ID) - used;
	now = ns_of(CLOCK_MONOTONIC) - now;
	assert(used > 10000000 && used < 100000000);
	assert(now > used + 999000000 && now < used + 1001000000);
}

/* ---- a sleep is over before a signal comes from outside */

static int ends[2];

static void handle(int signal)
{
	(void)signal;
}

static void *write_late(void *unused)
{
	sleep(36000);
	assert(write(ends[1], "x", 1) == 1);
	return unused;
}

static void handled(void)
{
	pthread_t thread;
	char byte;

	signal(SIGINT, handle);
	assert(!pipe(ends));
	pthread_create(&thread, NULL, write_late, NULL);
	assert(read(ends[0], &byte, 1) == 1);
	pthread_join(thread, NULL);
}

int main(int argc, char **argv)
{
	assert(argc > 1);
	if (!strcmp(argv[1], "spin")) {
		assert(argc == 4);
		spin(argv[2], (unsigned)atoi(argv[3]));
	} else if (!strcmp(argv[1], "order")) {
		order();
	} else if (!strcmp(argv[1], "enough")) {
		enough();
	} else if (!strcmp(argv[1], "timer")) {
		timer();
	} else if (!strcmp(argv[1], "handled")) {
		handled();
	} else {
		busy();
	}
	return 0;
}
