/* The cases of misuse.c in which objects are made and destroyed. */
#include "misuse.h"

static pthread_barrier_t b;
static sem_t sem;
static mtx_t mtx;
static cnd_t cnd;

static void *use_m(void *argument)
{
	pthread_mutex_lock(&m);
	flag++;
	pthread_mutex_unlock(&m);
	return argument;
}

void destroy_used(void)
{
	pthread_t thread = go(use_m);

	if (right)
		join(thread);
	pthread_mutex_destroy(&m);
	if (!right)
		join(thread);
}

/* The last to use it destroys it, right after it has unlocked it. */
static void *use_and_tell(void *argument)
{
	bool last;

	pthread_mutex_lock(&m);
	last = ++flag == 2;
	pthread_mutex_unlock(&m);
	if (last && right)
		pthread_mutex_destroy(&m);
	if (!last && !right)
		pthread_mutex_destroy(&m);
	return argument;
}

void destroy_last(void)
{
	pthread_t one = go(use_and_tell), two = go(use_and_tell);

	join(one);
	join(two);
}

void destroy_held(void)
{
	pthread_mutex_lock(&m);
	if (right)
		pthread_mutex_unlock(&m);
	pthread_mutex_destroy(&m);
}

void lock_destroyed(void)
{
	pthread_mutex_destroy(&m);
	if (right)
		pthread_mutex_init(&m, 0);
	pthread_mutex_lock(&m);
	pthread_mutex_unlock(&m);
}

void destroy_twice(void)
{
	pthread_mutex_destroy(&m);
	if (right)
		memset(&m, 0, sizeof(m));
	pthread_mutex_destroy(&m);
}

void init_held(void)
{
	pthread_mutex_lock(&m);
	if (right) {
		pthread_mutex_unlock(&m);
		pthread_mutex_destroy(&m);
	}
	pthread_mutex_init(&m, 0);
}

/* Heap memory, given back with a mutex in it that is held, is another mutex. */
void init_in_heap(void)
{
	pthread_mutex_t *one = malloc(sizeof(*one));

	pthread_mutex_init(one, 0);
	pthread_mutex_lock(one);
	if (!right)
		pthread_mutex_destroy(one);
	free(one);
	one = malloc(sizeof(*one));
	pthread_mutex_init(one, 0);
	pthread_mutex_lock(one);
	pthread_mutex_unlock(one);
	pthread_mutex_destroy(one);
	free(one);
}

static __attribute__((noinline)) void on_stack(bool destroys)
{
	pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
	pthread_cond_t cond = PTHREAD_COND_INITIALIZER;

	pthread_mutex_lock(&mutex);
	pthread_cond_signal(&cond);
	if (destroys) {
		pthread_mutex_unlock(&mutex);
		pthread_cond_destroy(&cond);
		pthread_mutex_destroy(&mutex);
	}
	if (destroys && !right)
		pthread_cond_broadcast(&cond);
}

void stack(void)
{
	on_stack(right);
	on_stack(true);
	on_stack(false);
}

/* Right is to wake all first, also where they have not come back yet. */
void destroy_waited(void)
{
	pthread_t one = go(wait_c), two = go(wait_c);

	sem_wait(&ready);
	sem_wait(&ready);
	pthread_mutex_lock(&m);
	flag = 1;
	if (right)
		pthread_cond_broadcast(&c);
	else
		pthread_cond_signal(&c);
	pthread_cond_destroy(&c);
	memset(&c, 0, sizeof(c));
	pthread_mutex_unlock(&m);
	join(one);
	join(two);
}

static void *pass(void *argument)
{
	pthread_barrier_wait(&b);
	return argument;
}

void destroy_barrier(void)
{
	pthread_t thread;

	pthread_barrier_init(&b, 0, 2);
	thread = go(pass);
	if (right)
		pthread_barrier_wait(&b);
	pthread_barrier_destroy(&b);
	memset(&b, 0, sizeof(b));
	join(thread);
}

static void *pass_and_look(void *argument)
{
	pthread_barrier_wait(&b);
	pthread_mutex_lock(&m);
	if (!flag && !right)
		abort();
	pthread_mutex_unlock(&m);
	return argument;
}

/* Made anew before the other one has gone on, who may still come first to what follows. */
void barrier_again(void)
{
	pthread_t thread;

	pthread_barrier_init(&b, 0, 2);
	thread = go(pass_and_look);
	pthread_barrier_wait(&b);
	pthread_barrier_destroy(&b);
	pthread_barrier_init(&b, 0, 1);
	pthread_mutex_lock(&m);
	flag = 1;
	pthread_mutex_unlock(&m);
	pthread_barrier_wait(&b);
	join(thread);
}

void barrier_unmade(void)
{
	if (right)
		pthread_barrier_init(&b, 0, 1);
	pthread_barrier_wait(&b);
}

static void *wait_sem(void *argument)
{
	sem_wait(&sem);
	if (right)
		sem_destroy(&sem);
	return argument;
}

void destroy_sem(void)
{
	pthread_t thread;

	sem_init(&sem, 0, 0);
	thread = go(wait_sem);
	if (!right)
		sem_destroy(&sem);
	else
		sem_post(&sem);
	join(thread);
}

void post_destroyed(void)
{
	sem_init(&sem, 0, 1);
	sem_destroy(&sem);
	if (right)
		sem_init(&sem, 0, 1);
	sem_post(&sem);
}

static void *read_rw(void *argument)
{
	pthread_rwlock_rdlock(&rw);
	pthread_rwlock_unlock(&rw);
	return argument;
}

void destroy_rwlock(void)
{
	pthread_t thread = go(read_rw);

	if (right)
		join(thread);
	pthread_rwlock_destroy(&rw);
	pthread_rwlock_init(&rw, 0);
	if (!right)
		join(thread);
}

void destroy_spin(void)
{
	pthread_spin_init(&spin, 0);
	pthread_spin_lock(&spin);
	if (right)
		pthread_spin_unlock(&spin);
	pthread_spin_destroy(&spin);
}

void spin_destroyed(void)
{
	pthread_spin_destroy(&spin);
	if (right)
		pthread_spin_init(&spin, 0);
	pthread_spin_lock(&spin);
	pthread_spin_unlock(&spin);
}

void c11(void)
{
	mtx_init(&mtx, mtx_plain);
	cnd_init(&cnd);
	mtx_lock(&mtx);
	cnd_signal(&cnd);
	mtx_unlock(&mtx);
	cnd_destroy(&cnd);
	mtx_destroy(&mtx);
	if (!right)
		mtx_lock(&mtx);
}
