/* What cancellation does: cancels RULE. The exit status is 10 + 2 * n, and one more where the
 * thread was cancelled; which there are for each rule is in test_cancel.c. */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static sem_t sem;
static int held, ready, done, initialised, woken;
static pthread_t other;
static int status;
static void tell(int canceled, int n)
{
	status = 10 + 2 * n + canceled;
}

static void unlock(void *unused)
{
	(void)unused;
	held = pthread_mutex_trylock(&mutex) == EBUSY;
	pthread_mutex_unlock(&mutex);
}
static void *cond_waiter(void *unused)
{
	pthread_mutex_lock(&mutex);
	pthread_cleanup_push(unlock, NULL);
	while (!ready)
		pthread_cond_wait(&cond, &mutex);
	pthread_cleanup_pop(1);
	return unused;
}

static void rule_cond(void)
{
	pthread_t t;
	void *result;

	pthread_create(&t, NULL, cond_waiter, NULL);
	pthread_cancel(t);
	pthread_mutex_lock(&mutex);
	ready = 1;
	pthread_cond_signal(&cond);
	pthread_mutex_unlock(&mutex);
	pthread_join(t, &result);
	assert(!pthread_mutex_trylock(&mutex));
	tell(result == PTHREAD_CANCELED, held);
}

static void *sem_waiter(void *unused)
{
	sem_wait(&sem);
	done = 1;
	return unused;
}
static void rule_sem(void)
{
	pthread_t t;
	void *result;
	int value;

	sem_init(&sem, 0, 0);
	pthread_create(&t, NULL, sem_waiter, NULL);
	sem_post(&sem);
	pthread_cancel(t);
	pthread_join(t, &result);
	sem_getvalue(&sem, &value);
	assert(value + done == 1);
	tell(result == PTHREAD_CANCELED, value);
}

/* ---- the rules */

static void *spinner(void *unused)
{
	for (;;)
		pthread_testcancel();
	return unused;
}
static void *sleeper(void *unused)
{
	for (;;)
		sleep(1);
	return unused;
}
static void cancel_one(void *(*body)(void *))
{
	pthread_t t;
	void *result;

	pthread_create(&t, NULL, body, NULL);
	pthread_cancel(t);
	pthread_join(t, &result);
	tell(result == PTHREAD_CANCELED, 0);
}

static void rule_test(void)
{
	cancel_one(spinner);
}
static void rule_sleep(void)
{
	cancel_one(sleeper);
}
static void *joiner(void *unused)
{
	void *r;

	pthread_join(other, &r);
	done = 1;
	return unused;
}
static void *poster(void *unused)
{
	sem_wait(&sem);
	return unused;
}
static void rule_join(void)
{
	pthread_t t;
	void *result;

	sem_init(&sem, 0, 0);
	pthread_create(&other, NULL, poster, NULL);
	pthread_create(&t, NULL, joiner, NULL);
	sem_post(&sem);
	pthread_cancel(t);
	pthread_join(t, &result);
	if (result == PTHREAD_CANCELED)
		pthread_join(other, NULL);
	tell(result == PTHREAD_CANCELED, done);
}

static void *disabled(void *unused)
{
	int old;

	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
	assert(old == PTHREAD_CANCEL_ENABLE);
	sem_wait(&sem);
	sleep(1);
	pthread_testcancel();
	done = 1;
	pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &old);
	pthread_testcancel();
	return unused;
}

static void rule_disabled(void)
{
	pthread_t t;
	void *result;

	sem_init(&sem, 0, 0);
	pthread_create(&t, NULL, disabled, NULL);
	sem_post(&sem);
	pthread_cancel(t);
	pthread_join(t, &result);
	assert(done);
	tell(result == PTHREAD_CANCELED, 0);
}

static void *async(void *unused)
{
	int old;

	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &old);
	pthread_mutex_lock(&mutex);
	pthread_mutex_unlock(&mutex);
	done = 1;
	pthread_mutex_lock(&mutex);
	pthread_mutex_unlock(&mutex);
	done = 2;
	return unused;
}

static void rule_async(void)
{
	pthread_t t;
	void *result;

	pthread_create(&t, NULL, async, NULL);
	pthread_cancel(t);
	pthread_join(t, &result);
	tell(result == PTHREAD_CANCELED, done);
}

static void init(void)
{
	initialised++;
	pthread_testcancel();
	sem_wait(&sem);
	done = 1;
}
static void *initialiser(void *unused)
{
	pthread_once(&once, init);
	return unused;
}
static void rule_once(void)
{
	pthread_t t;
	void *result;

	sem_init(&sem, 0, 1);
	pthread_create(&t, NULL, initialiser, NULL);
	pthread_cancel(t);
	pthread_once(&once, init);
	assert(done);
	pthread_join(t, &result);
	tell(result == PTHREAD_CANCELED, initialised);
}

static pthread_key_t key;
static int rounds;
static void destroy(void *value)
{
	rounds++;
	if ((long)value < 3)
		pthread_setspecific(key, (void *)((long)value + 1));
	pthread_testcancel();
}
static void *keyed(void *unused)
{
	pthread_setspecific(key, (void *)1);
	sem_wait(&sem);
	return unused;
}
static void rule_keys(void)
{
	pthread_key_create(&key, destroy);
	sem_init(&sem, 0, 0);
	cancel_one(keyed);
	tell(1, rounds);
}

static void *two(void *unused)
{
	pthread_mutex_lock(&mutex);
	pthread_cleanup_push(unlock, NULL);
	pthread_cond_wait(&cond, &mutex);
	woken++;
	pthread_cleanup_pop(1);
	return unused;
}

static void rule_pass(void)
{
	pthread_t a, b;
	void *ra, *rb;
	pthread_create(&a, NULL, two, NULL);
	pthread_create(&b, NULL, two, NULL);
	pthread_cond_signal(&cond);
	pthread_cancel(a);
	pthread_cancel(b);
	pthread_join(a, &ra);
	pthread_join(b, &rb);
	tell(ra == PTHREAD_CANCELED, 1 + 2 * (rb == PTHREAD_CANCELED) + 4 * woken);
}

static void *caller(void *unused)
{
	char byte;
	int file = open("/dev/null", O_RDONLY);

	done = 1;
	done += read(file, &byte, 1) == 0;
	close(file);
	done++;
	return unused;
}

static void rule_calls(void)
{
	cancel_one(caller);
	tell(status & 1, done);
}

static void *self_canceller(void *unused)
{
	pthread_cancel(pthread_self());
	done = 1;
	sleep(1);
	done = 2;
	return unused;
}

static void rule_self(void)
{
	cancel_one(self_canceller);
	tell(status & 1, done);
}

static void *main_joiner(void *unused)
{
	void *result;

	pthread_join(other, &result);
	assert(result == PTHREAD_CANCELED);
	exit(10);
	return unused;
}

/* The first thread is cancelled, and the others go on. */
static void rule_main(void)
{
	pthread_t t;
	other = pthread_self();
	pthread_create(&t, NULL, main_joiner, NULL);
	pthread_cancel(pthread_self());
	pthread_testcancel();
	assert(0);
}

static void rule_timed(void)
{
	struct timespec until;
	void *result;
	pthread_t t;
	sem_init(&sem, 0, 0);
	pthread_create(&t, NULL, sem_waiter, NULL);
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec++;
	assert(pthread_timedjoin_np(t, &result, &until) == ETIMEDOUT);
	assert(pthread_tryjoin_np(t, &result) == EBUSY);
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec++;
	assert(pthread_clockjoin_np(t, &result, CLOCK_MONOTONIC, &until) == ETIMEDOUT);
	pthread_cancel(t);
	assert(!pthread_join(t, &result) && result == PTHREAD_CANCELED);
	tell(1, 0);
}

static const struct {
	const char *name;
	void (*rule)(void);
} rules[] = {{"cond", rule_cond},   {"sem", rule_sem},	   {"test", rule_test},
	     {"sleep", rule_sleep}, {"join", rule_join},   {"disabled", rule_disabled},
	     {"async", rule_async}, {"once", rule_once},   {"keys", rule_keys},
	     {"pass", rule_pass},   {"calls", rule_calls}, {"self", rule_self},
	     {"main", rule_main},   {"timed", rule_timed}};
int main(int argc, char **argv)
{
	(void)argc;
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		if (!strcmp(rules[i].name, argv[1]))
			rules[i].rule();
	return status;
}
