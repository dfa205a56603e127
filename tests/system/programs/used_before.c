/* used_before.c - uses locks and the like in threads that nobody controls, as a framework or a
 * fixture may, and then explores what uses them, too: there is nothing wrong with it. */
#include <heddle.h>

#include <assert.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <threads.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER, recursive;
static pthread_cond_t turned = PTHREAD_COND_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_spinlock_t spin;
static pthread_barrier_t barrier;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static sem_t sem;
static mtx_t mtx;
static int turn, onces;

static void count(void)
{
	onces++;
}

static void take_turns(int me)
{
	pthread_mutex_lock(&mutex);
	while (turn != me)
		pthread_cond_wait(&turned, &mutex);
	turn = !me;
	pthread_cond_broadcast(&turned);
	pthread_mutex_unlock(&mutex);
}

static void *use(void *argument)
{
	pthread_once(&once, count);
	take_turns(argument != NULL);
	pthread_mutex_lock(&recursive);
	pthread_mutex_lock(&recursive);
	pthread_mutex_unlock(&recursive);
	pthread_mutex_unlock(&recursive);
	pthread_rwlock_rdlock(&rwlock);
	pthread_rwlock_unlock(&rwlock);
	pthread_rwlock_wrlock(&rwlock);
	pthread_rwlock_unlock(&rwlock);
	pthread_spin_lock(&spin);
	pthread_spin_unlock(&spin);
	sem_wait(&sem);
	sem_post(&sem);
	mtx_lock(&mtx);
	mtx_unlock(&mtx);
	pthread_barrier_wait(&barrier);
	return NULL;
}

static void two(void *argument)
{
	pthread_t one, other;
	int value;

	pthread_create(&one, NULL, use, argument);
	pthread_create(&other, NULL, use, &other);
	pthread_join(one, NULL);
	pthread_join(other, NULL);
	assert(sem_getvalue(&sem, &value) == 0 && value == 1 && onces == 1);
}

static void make(void)
{
	pthread_mutexattr_t attr;

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_RECURSIVE);
	pthread_mutex_init(&recursive, &attr);
	pthread_barrier_init(&barrier, NULL, 2);
	pthread_spin_init(&spin, 0);
	sem_init(&sem, 0, 1);
	mtx_init(&mtx, mtx_plain);
}

int main(void)
{
	const heddle_options_t options = {.preemptions = 1};
	heddle_report_t report;

	make();
	for (int i = 0; i < 5; i++)
		two(NULL);
	heddle_explore(two, NULL, &options, &report);
	puts(report.text);
	heddle_report_free(&report);
	return 0;
}
