/*
 * ordered.c - two threads and one variable, in the order that some means of synchronisation makes.
 * There is no race; with `without` as the second argument the means is left out, and there is one.
 */
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <threads.h>
#include <unistd.h>

#define DO(call)                                                                                   \
	do {                                                                                       \
		if (!without)                                                                      \
			(call);                                                                    \
	} while (0)

static int without, data, ready;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_spinlock_t spin;
static pthread_barrier_t barrier;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static sem_t sem;
static mtx_t mtx;
static atomic_flag spinning = ATOMIC_FLAG_INIT;
static pthread_t first;

static void *with_mutex(void *unused)
{
	DO(pthread_mutex_lock(&mutex));
	data++;
	DO(pthread_mutex_unlock(&mutex));
	return unused;
}

static void *with_trylock(void *unused)
{
	if (without || !pthread_mutex_trylock(&mutex)) {
		data++;
		DO(pthread_mutex_unlock(&mutex));
	}
	return unused;
}

static void *with_mtx(void *unused)
{
	DO(mtx_lock(&mtx));
	data++;
	DO(mtx_unlock(&mtx));
	return unused;
}

static void *with_spin(void *unused)
{
	DO(pthread_spin_lock(&spin));
	data++;
	DO(pthread_spin_unlock(&spin));
	return unused;
}

static void *with_flag(void *unused)
{
	if (without || !atomic_flag_test_and_set_explicit(&spinning, memory_order_acquire)) {
		data++;
		DO(atomic_flag_clear_explicit(&spinning, memory_order_release));
	}
	return unused;
}

/* Readers do not exclude each other, and need not. */
static void *with_rwlock(void *writes)
{
	if (writes)
		DO(pthread_rwlock_wrlock(&rwlock));
	else
		DO(pthread_rwlock_rdlock(&rwlock));
	if (writes)
		data++;
	else
		(void)*(volatile int *)&data;
	DO(pthread_rwlock_unlock(&rwlock));
	return NULL;
}

static void *with_cond(void *waits)
{
	pthread_mutex_lock(&mutex);
	if (waits) {
		while (!ready)
			pthread_cond_wait(&cond, &mutex);
	} else {
		if (without) {
			pthread_mutex_unlock(&mutex);
			data++;
			pthread_mutex_lock(&mutex);
		}
		ready = 1;
		pthread_cond_signal(&cond);
		if (without)
			pthread_mutex_unlock(&mutex);
	}
	data++;
	if (waits || !without)
		pthread_mutex_unlock(&mutex);
	return NULL;
}

static void *with_semaphore(void *waits)
{
	if (waits)
		DO(sem_wait(&sem));
	data++;
	if (!waits)
		DO(sem_post(&sem));
	return NULL;
}

/* Twice, so that one time at the barrier does not stand for the other. */
static void *with_barrier(void *second)
{
	for (int i = 0; i < 2; i++) {
		if (!second == !i)
			data++;
		DO(pthread_barrier_wait(&barrier));
	}
	return NULL;
}

/* Between two times at the barrier nothing orders them. */
static void *between_barriers(void *unused)
{
	pthread_barrier_wait(&barrier);
	data++;
	pthread_barrier_wait(&barrier);
	return unused;
}

static void initialise(void)
{
	data++;
}

static void *with_once(void *unused)
{
	if (without)
		initialise();
	else
		pthread_once(&once, initialise);
	(void)*(volatile int *)&data;
	return unused;
}

/* The second one joins the first. */
static void *with_join(void *second)
{
	if (second)
		DO(pthread_join(first, NULL));
	data++;
	return NULL;
}

/* Blocks of one size, each given back by whoever made it, or by the other thread. */
static void *with_heap(void *unused)
{
	for (int i = 0; i < 3; i++) {
		int *block = malloc(32);

		*block = i;
		free(block);
	}
	DO(unused = NULL);
	if (without)
		data++;
	return unused;
}

/* Detached threads use a stack again that another one had, and its thread-local variables. */
static _Thread_local int local;

static void *with_stack(void *unused)
{
	volatile int here[4] = {1, 2, 3, 4};
	int *volatile there = &local;

	*there += here[0];
	if (without)
		data++;
	sem_post(&sem);
	return unused;
}

static const struct {
	const char *name;
	void *(*work)(void *);
} works[] = {{"mutex", with_mutex}, {"trylock", with_trylock},	   {"mtx", with_mtx},
	     {"spin", with_spin},   {"flag", with_flag},	   {"rwlock", with_rwlock},
	     {"cond", with_cond},   {"semaphore", with_semaphore}, {"barrier", with_barrier},
	     {"once", with_once},   {"join", with_join},	   {"heap", with_heap},
	     {"stack", with_stack}, {"between", between_barriers}};

static void run(void *(*work)(void *))
{
	pthread_t second;

	pthread_create(&first, NULL, work, NULL);
	pthread_create(&second, NULL, work, (void *)works);
	if (work != with_join || without)
		pthread_join(first, NULL);
	pthread_join(second, NULL);
}

/* Some are created when others have ended, whose stacks are theirs now; nobody has waited for
 * those. */
static void run_detached(void)
{
	pthread_attr_t attr;
	pthread_t thread;

	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	for (int i = 0; i < 6; i++) {
		pthread_create(&thread, &attr, with_stack, NULL);
		sched_yield();
	}
	for (int i = 0; i < 6; i++)
		sem_wait(&sem);
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return 2;
	without = argc > 2;
	pthread_spin_init(&spin, 0);
	pthread_barrier_init(&barrier, NULL, 2);
	sem_init(&sem, 0, 0);
	mtx_init(&mtx, mtx_plain);
	for (size_t i = 0; i < sizeof(works) / sizeof(*works); i++) {
		if (strcmp(works[i].name, argv[1]))
			continue;
		if (works[i].work == with_stack)
			run_detached();
		else
			run(works[i].work);
		return 0;
	}
	return 2;
}
