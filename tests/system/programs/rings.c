/* Main returns while two threads do what the argument says: they may by then wait for each other
 * for ever, or one for what nobody will give back ("self", "dead"); or they are blocked, or slow,
 * but that can still end ("ordered" to "timed"). With a second argument main lets them go first. */
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t ra = PTHREAD_RWLOCK_INITIALIZER, rb = PTHREAD_RWLOCK_INITIALIZER;
static pthread_spinlock_t sa, sb;
static pthread_cond_t never = PTHREAD_COND_INITIALIZER;
static sem_t none;
static const char *how;

static int is(const char *word)
{
	return !strcmp(how, word);
}

static void *lock(pthread_mutex_t *first, pthread_mutex_t *second)
{
	struct timespec far = {.tv_sec = time(NULL) + 1000};

	pthread_mutex_lock(first);
	if (is("timed")) {
		if (pthread_mutex_timedlock(second, &far))
			return NULL;
	} else {
		pthread_mutex_lock(second);
	}
	pthread_mutex_unlock(second);
	pthread_mutex_unlock(first);
	return NULL;
}

static void *spin(pthread_spinlock_t *first, pthread_spinlock_t *second)
{
	pthread_spin_lock(first);
	pthread_spin_lock(second);
	pthread_spin_unlock(second);
	pthread_spin_unlock(first);
	return NULL;
}

static void *share(pthread_rwlock_t *first, pthread_rwlock_t *second)
{
	pthread_rwlock_wrlock(first);
	pthread_rwlock_rdlock(second);
	pthread_rwlock_unlock(second);
	pthread_rwlock_unlock(first);
	return NULL;
}

static void *locked(void *arg)
{
	pthread_mutex_lock(&a);
	pthread_mutex_unlock(&a);
	return arg;
}

static void *join(void)
{
	pthread_t thread;

	pthread_mutex_lock(&a);
	pthread_create(&thread, NULL, locked, NULL);
	pthread_join(thread, NULL);
	return NULL;
}

static void *wait(void)
{
	if (is("cond")) {
		pthread_mutex_lock(&a);
		for (;;)
			pthread_cond_wait(&never, &a);
	} else {
		sem_wait(&none);
	}
	return NULL;
}

static void *one(void *arg)
{
	if (is("spin"))
		return spin(&sa, &sb);
	if (is("rwlock"))
		return share(&ra, &rb);
	if (is("join"))
		return join();
	if (is("dead"))
		return pthread_mutex_lock(&a), arg;
	if (is("cond") || is("sem"))
		return wait();
	return is("self") ? lock(&a, &a) : lock(&a, &b);
}

static void *two(void *arg)
{
	if (is("spin"))
		return spin(&sb, &sa);
	if (is("rwlock"))
		return share(&rb, &ra);
	if (is("join") || is("self"))
		return arg;
	if (is("dead"))
		return locked(arg);
	if (is("cond") || is("sem"))
		return wait();
	return is("ordered") || is("main") ? lock(&a, &b) : lock(&b, &a);
}

int main(int argc, char **argv)
{
	pthread_t thread;

	how = argv[1];
	pthread_spin_init(&sa, 0);
	pthread_spin_init(&sb, 0);
	sem_init(&none, 0, 0);
	if (is("main"))
		pthread_mutex_lock(&a);
	pthread_create(&thread, NULL, one, NULL);
	pthread_create(&thread, NULL, two, NULL);
	for (int i = 2; i < argc; i++)
		for (int turn = 0; turn < 100; turn++)
			sched_yield();
	printf("main returns\n");
	return 0;
}
