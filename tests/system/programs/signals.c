/* What signals between threads do: signals RULE. The exit status tells; which there are for each
 * rule is in test_cancel.c. */
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
static int status;
static sem_t sem;
static pthread_t main_thread;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static volatile sig_atomic_t got;
static pthread_t handled_in;
static int seen, ready;
static void handler(int n)
{
	got = n;
	handled_in = pthread_self();
}

static void install(int flags)
{
	struct sigaction a;
	memset(&a, 0, sizeof a);
	a.sa_handler = handler;
	a.sa_flags = flags;
	sigaction(SIGUSR1, &a, NULL);
}

static void *sem_body(void *u)
{
	int r = sem_wait(&sem);
	seen = r ? errno : 0;
	return u;
}

static void rule_eintr(void)
{
	pthread_t t;
	install(0);
	sem_init(&sem, 0, 0);
	pthread_create(&t, NULL, sem_body, NULL);
	pthread_kill(t, SIGUSR1);
	sem_post(&sem);
	pthread_join(t, NULL);
	assert(seen == 0 || seen == EINTR);
	assert(!got || pthread_equal(handled_in, t));
	status = 10 + (seen == EINTR) * 2 + !!got;
}

static void rule_restart(void)
{
	pthread_t t;
	install(SA_RESTART);
	sem_init(&sem, 0, 0);
	pthread_create(&t, NULL, sem_body, NULL);
	pthread_kill(t, SIGUSR1);
	sem_post(&sem);
	pthread_join(t, NULL);
	assert(seen == 0);
	status = 10 + !!got;
}

static void *mutex_body(void *u)
{
	int r = pthread_mutex_lock(&mutex);
	assert(!r);
	seen = got;
	pthread_mutex_unlock(&mutex);
	return u;
}

static void rule_mutex(void)
{
	pthread_t t;
	install(0);
	pthread_mutex_lock(&mutex);
	pthread_create(&t, NULL, mutex_body, NULL);
	pthread_kill(t, SIGUSR1);
	pthread_mutex_unlock(&mutex);
	pthread_join(t, NULL);
	status = 10 + !!got + 2 * !!seen;
}

static void *cond_body(void *u)
{
	pthread_mutex_lock(&mutex);
	while (!ready)
		assert(!pthread_cond_wait(&cond, &mutex));
	seen = got;
	pthread_mutex_unlock(&mutex);
	return u;
}

static void rule_cond(void)
{
	pthread_t t;
	install(0);
	pthread_create(&t, NULL, cond_body, NULL);
	pthread_kill(t, SIGUSR1);
	pthread_mutex_lock(&mutex);
	ready = 1;
	pthread_cond_signal(&cond);
	pthread_mutex_unlock(&mutex);
	pthread_join(t, NULL);
	status = 10 + !!got + 2 * !!seen;
}

static void *wait_body(void *u)
{
	sigset_t s;
	int n;
	sigemptyset(&s);
	sigaddset(&s, SIGUSR1);
	sigaddset(&s, SIGUSR2);
	assert(!sigwait(&s, &n));
	seen = n;
	return u;
}

static void rule_sigwait(void)
{
	pthread_t t;
	sigset_t s;
	sigemptyset(&s);
	sigaddset(&s, SIGUSR1);
	sigaddset(&s, SIGUSR2);
	pthread_sigmask(SIG_BLOCK, &s, NULL);
	pthread_create(&t, NULL, wait_body, NULL);
	pthread_kill(t, SIGUSR2);
	pthread_kill(t, SIGUSR1);
	pthread_join(t, NULL);
	status = 10 + (seen == SIGUSR1);
}

static void *masked_body(void *u)
{
	sigset_t s, o;
	sigemptyset(&s);
	sigaddset(&s, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &s, &o);
	sem_wait(&sem);
	seen = got;
	sigset_t p;
	sigpending(&p);
	ready = sigismember(&p, SIGUSR1);
	pthread_sigmask(SIG_SETMASK, &o, NULL);
	status = got;
	return u;
}

static void rule_mask(void)
{
	pthread_t t;
	install(0);
	sem_init(&sem, 0, 0);
	pthread_create(&t, NULL, masked_body, NULL);
	sem_post(&sem);
	pthread_kill(t, SIGUSR1);
	pthread_join(t, NULL);
	status = 10 + !!got + 2 * !!seen + 4 * !!ready;
}

static void rule_raise(void)
{
	sigset_t s, o;
	install(0);
	raise(SIGUSR1);
	assert(got);
	got = 0;
	sigemptyset(&s);
	sigaddset(&s, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &s, &o);
	raise(SIGUSR1);
	assert(!got);
	pthread_sigmask(SIG_SETMASK, &o, NULL);
	assert(got);
	got = 0;
	pthread_kill(pthread_self(), SIGUSR1);
	assert(got);
	status = 10;
}

static void *sleep_body(void *u)
{
	unsigned r = sleep(2);
	seen = r > 0;
	return u;
}

static void rule_sleep(void)
{
	pthread_t t;
	install(SA_RESTART);
	pthread_create(&t, NULL, sleep_body, NULL);
	pthread_kill(t, SIGUSR1);
	pthread_join(t, NULL);
	status = 10 + !!got + 2 * seen;
}

static void *pause_body(void *u)
{
	int r = pause();
	assert(r == -1 && errno == EINTR && got);
	return u;
}

static void rule_pause(void)
{
	pthread_t t;
	install(0);
	pthread_create(&t, NULL, pause_body, NULL);
	pthread_kill(t, SIGUSR1);
	pthread_join(t, NULL);
	status = 10 + !!got;
}

static void *suspend_body(void *u)
{
	sigset_t s, o;
	sigemptyset(&s);
	sigaddset(&s, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &s, &o);
	sem_post(&sem);
	while (!got)
		sigsuspend(&o);
	return u;
}

static void rule_suspend(void)
{
	pthread_t t;
	sigset_t s;
	install(0);
	sem_init(&sem, 0, 0);
	sigemptyset(&s);
	sigaddset(&s, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &s, NULL);
	pthread_sigmask(SIG_UNBLOCK, &s, NULL);
	pthread_create(&t, NULL, suspend_body, NULL);
	sem_wait(&sem);
	pthread_kill(t, SIGUSR1);
	pthread_join(t, NULL);
	status = 10 + !!got;
}

static void rule_kill(void)
{
	install(0);
	kill(getpid(), SIGUSR1);
	assert(got && pthread_equal(handled_in, main_thread));
	status = 10;
}

static void *kill_body(void *u)
{
	pthread_kill(main_thread, SIGUSR1);
	return u;
}

static void rule_main(void)
{
	pthread_t t;
	install(0);
	pthread_create(&t, NULL, kill_body, NULL);
	pthread_join(t, NULL);
	int after = got;
	assert(!got || pthread_equal(handled_in, main_thread));
	status = 10 + !!after;
}

static void *timed_body(void *u)
{
	sigset_t s;
	sigemptyset(&s);
	sigaddset(&s, SIGUSR2);
	struct timespec d = {1, 0};
	int n = sigtimedwait(&s, NULL, &d);
	seen = n < 0 ? errno : n;
	return u;
}

static void rule_timed(void)
{
	pthread_t t;
	pthread_create(&t, NULL, timed_body, NULL);
	pthread_join(t, NULL);
	assert(seen == EAGAIN);
	status = 10;
}

static const struct {
	const char *name;
	void (*rule)(void);
} rules[] = {{"eintr", rule_eintr},	{"restart", rule_restart}, {"mutex", rule_mutex},
	     {"cond", rule_cond},	{"sigwait", rule_sigwait}, {"mask", rule_mask},
	     {"raise", rule_raise},	{"sleep", rule_sleep},	   {"pause", rule_pause},
	     {"suspend", rule_suspend}, {"kill", rule_kill},	   {"main", rule_main},
	     {"timed", rule_timed}};
int main(int c, char **v)
{
	main_thread = pthread_self();
	for (size_t i = 0; c > 1 && i < sizeof rules / sizeof *rules; i++)
		if (!strcmp(rules[i].name, v[1]))
			rules[i].rule();
	return status;
}
