/* Waits with a deadline: timeouts KIND. Fails by an assertion of the line that only one outcome of
 * a wait comes to, or not at all: what each has to be found to do is in test_timeouts.c. */
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <string.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static sem_t semaphore;
static int ready, timed_out, rounds;

static struct timespec after(time_t seconds)
{
	struct timespec at;

	clock_gettime(CLOCK_REALTIME, &at);
	at.tv_sec += seconds;
	return at;
}

/* After a timeout the clock is there. */
static void check_clock(const struct timespec *until)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	assert(now.tv_sec >= until->tv_sec);
}

static void *hold_mutex(void *unused)
{
	pthread_mutex_lock(&mutex);
	ready++;
	pthread_mutex_unlock(&mutex);
	return unused;
}

static void wait_mutex(void)
{
	struct timespec until = after(5);

	timed_out = pthread_mutex_timedlock(&mutex, &until) == ETIMEDOUT;
	if (timed_out)
		check_clock(&until);
	else
		pthread_mutex_unlock(&mutex);
}

static void *post(void *unused)
{
	sem_post(&semaphore);
	return unused;
}

static void wait_semaphore(void)
{
	struct timespec until = after(5);

	timed_out = sem_timedwait(&semaphore, &until) == -1;
	assert(!timed_out || errno == ETIMEDOUT);
	if (timed_out)
		check_clock(&until);
}

static void *hold_rwlock(void *unused)
{
	pthread_rwlock_wrlock(&rwlock);
	pthread_rwlock_unlock(&rwlock);
	return unused;
}

static void wait_reader(void)
{
	struct timespec until = after(5);

	timed_out = pthread_rwlock_timedrdlock(&rwlock, &until) == ETIMEDOUT;
	if (!timed_out)
		pthread_rwlock_unlock(&rwlock);
}

static void *hold_reader(void *unused)
{
	pthread_rwlock_rdlock(&rwlock);
	pthread_rwlock_unlock(&rwlock);
	return unused;
}

static void wait_writer(void)
{
	struct timespec until = after(5);

	timed_out = pthread_rwlock_timedwrlock(&rwlock, &until) == ETIMEDOUT;
	if (!timed_out)
		pthread_rwlock_unlock(&rwlock);
}

static void *set(void *unused)
{
	pthread_mutex_lock(&mutex);
	ready = 1;
	pthread_cond_signal(&cond);
	pthread_mutex_unlock(&mutex);
	return unused;
}

static void *set_silently(void *unused)
{
	pthread_mutex_lock(&mutex);
	ready = 1;
	pthread_mutex_unlock(&mutex);
	return unused;
}

static void wait_cond(void)
{
	struct timespec until = after(5);

	pthread_mutex_lock(&mutex);
	while (!ready && !timed_out)
		timed_out = pthread_cond_timedwait(&cond, &mutex, &until) == ETIMEDOUT;
	if (timed_out)
		check_clock(&until);
	timed_out = timed_out && ready;
	pthread_mutex_unlock(&mutex);
}

/* Looks again after each timeout, for ever. */
static void wait_loop(void)
{
	pthread_mutex_lock(&mutex);
	while (!ready) {
		struct timespec until = after(1);

		rounds += pthread_cond_timedwait(&cond, &mutex, &until) == ETIMEDOUT;
	}
	timed_out = rounds > 1;
	pthread_mutex_unlock(&mutex);
}

static void wait_lock_loop(void)
{
	struct timespec until = after(1);

	while (pthread_mutex_timedlock(&mutex, &until))
		until = after(1);
	pthread_mutex_unlock(&mutex);
}

/* Its time is over before it begins. */
static void wait_past(void)
{
	struct timespec past = {0, 0};

	pthread_mutex_lock(&mutex);
	assert(pthread_cond_timedwait(&cond, &mutex, &past) == ETIMEDOUT);
	pthread_mutex_unlock(&mutex);
}

/* Nobody else ever comes near: it takes its time, and no choice. */
static void wait_alone(void)
{
	struct timespec until = after(7200);

	pthread_mutex_lock(&mutex);
	while (pthread_cond_timedwait(&cond, &mutex, &until) != ETIMEDOUT)
		;
	pthread_mutex_unlock(&mutex);
	check_clock(&until);
}

static void *nothing(void *unused)
{
	return unused;
}

static const struct {
	const char *name;
	void *(*other)(void *);
	void (*wait)(void);
} kinds[] = {
	{"mutex", hold_mutex, wait_mutex},
	{"semaphore", post, wait_semaphore},
	{"reader", hold_rwlock, wait_reader},
	{"writer", hold_reader, wait_writer},
	{"cond", set, wait_cond},
	{"silent", set_silently, wait_loop},
	{"loop", set, wait_loop},
	{"lock_loop", hold_mutex, wait_lock_loop},
	{"past", set, wait_past},
	{"alone", nothing, wait_alone},
};

int main(int argc, char **argv)
{
	int never = argc > 2 && !strcmp(argv[2], "never");

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		pthread_t thread;

		if (strcmp(argv[1], kinds[i].name))
			continue;
		pthread_create(&thread, NULL, kinds[i].other, NULL);
		kinds[i].wait();
		pthread_join(thread, NULL);
		assert(!never || !timed_out);
	}
	return 0;
}
