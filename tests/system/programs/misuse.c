/* Uses synchronisation objects in ways that POSIX gives no meaning to, `misuse CASE`, and in ways
 * that look like these and are right, `misuse CASE right`. */
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <threads.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER, m2 = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
static pthread_rwlock_t rw = PTHREAD_RWLOCK_INITIALIZER;
static pthread_barrier_t b;
static pthread_spinlock_t spin;
static sem_t sem, ready, done;
static mtx_t mtx;
static cnd_t cnd;
static bool right;
static int flag;

typedef void *body(void *argument);

static pthread_t go(body *function)
{
	pthread_t thread;

	if (pthread_create(&thread, 0, function, 0))
		abort();
	return thread;
}

static void join(pthread_t thread)
{
	pthread_join(thread, 0);
}

/* ---- what is not one's own */

static void *unlock_m(void *argument)
{
	sem_wait(&ready);
	if (right)
		pthread_mutex_lock(&m);
	pthread_mutex_unlock(&m);
	sem_post(&done);
	return argument;
}

static void foreign_unlock(void)
{
	pthread_t thread = go(unlock_m);

	pthread_mutex_lock(&m);
	sem_post(&ready);
	if (right)
		pthread_mutex_unlock(&m);
	join(thread);
}

static void unlock_twice(void)
{
	pthread_mutex_lock(&m);
	pthread_mutex_unlock(&m);
	if (right)
		pthread_mutex_lock(&m);
	pthread_mutex_unlock(&m);
}

static void *rwunlock(void *argument)
{
	sem_wait(&ready);
	if (right)
		pthread_rwlock_rdlock(&rw);
	pthread_rwlock_unlock(&rw);
	return argument;
}

static void foreign_rwunlock(void)
{
	pthread_t thread = go(rwunlock);

	pthread_rwlock_rdlock(&rw);
	sem_post(&ready);
	join(thread);
	pthread_rwlock_unlock(&rw);
}

static void *rwunlock_written(void *argument)
{
	sem_wait(&ready);
	if (!right)
		pthread_rwlock_unlock(&rw);
	return argument;
}

static void foreign_wrunlock(void)
{
	pthread_t thread = go(rwunlock_written);

	pthread_rwlock_wrlock(&rw);
	sem_post(&ready);
	join(thread);
	pthread_rwlock_unlock(&rw);
}

static void rwunlock_twice(void)
{
	pthread_rwlock_rdlock(&rw);
	pthread_rwlock_rdlock(&rw);
	pthread_rwlock_unlock(&rw);
	pthread_rwlock_unlock(&rw);
	if (!right)
		pthread_rwlock_unlock(&rw);
}

static void spin_unlock_free(void)
{
	if (right)
		pthread_spin_lock(&spin);
	pthread_spin_unlock(&spin);
}

/* ---- waits */

static void *signal_c(void *argument)
{
	pthread_mutex_lock(&m);
	flag = 1;
	pthread_cond_signal(&c);
	pthread_mutex_unlock(&m);
	return argument;
}

static void wait_unlocked(void)
{
	pthread_t thread = go(signal_c);

	pthread_mutex_lock(&m);
	if (!right)
		pthread_mutex_unlock(&m);
	while (!flag)
		pthread_cond_wait(&c, &m);
	if (right)
		pthread_mutex_unlock(&m);
	join(thread);
}

static void *wait_with(pthread_mutex_t *mutex)
{
	pthread_mutex_lock(mutex);
	while (!flag)
		pthread_cond_wait(&c, mutex);
	pthread_mutex_unlock(mutex);
	return 0;
}

static void *wait_m(void *argument)
{
	(void)argument;
	return wait_with(&m);
}

static void *wait_m2(void *argument)
{
	(void)argument;
	return wait_with(right ? &m : &m2);
}

static void two_mutexes(void)
{
	pthread_t one = go(wait_m), two = go(wait_m2);

	pthread_mutex_lock(&m);
	pthread_mutex_lock(&m2);
	flag = 1;
	pthread_cond_broadcast(&c);
	pthread_mutex_unlock(&m2);
	pthread_mutex_unlock(&m);
	join(one);
	join(two);
}

static void *wait_c(void *argument)
{
	pthread_mutex_lock(&m);
	sem_post(&ready);
	while (!flag)
		pthread_cond_wait(&c, &m);
	pthread_mutex_unlock(&m);
	return argument;
}

static void *signal_again(void *argument)
{
	pthread_mutex_lock(&m2);
	flag = 2;
	pthread_cond_broadcast(&c);
	pthread_mutex_unlock(&m2);
	return argument;
}

/* One after the other, each with its own mutex: the first has been woken when the second comes, and
 * cannot come back before that waits. */
static void mutex_after_mutex(void)
{
	pthread_t one = go(wait_c), two;

	sem_wait(&ready);
	pthread_mutex_lock(&m);
	pthread_mutex_lock(&m2);
	two = go(signal_again);
	if (right) {
		flag = 1;
		pthread_cond_signal(&c);
	}
	while (flag < 2)
		pthread_cond_wait(&c, &m2);
	pthread_mutex_unlock(&m2);
	pthread_mutex_unlock(&m);
	join(one);
	join(two);
}

/* ---- ends */

static void *use_m(void *argument)
{
	pthread_mutex_lock(&m);
	flag++;
	pthread_mutex_unlock(&m);
	return argument;
}

static void destroy_used(void)
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

static void destroy_last(void)
{
	pthread_t one = go(use_and_tell), two = go(use_and_tell);

	join(one);
	join(two);
}

static void destroy_held(void)
{
	pthread_mutex_lock(&m);
	if (right)
		pthread_mutex_unlock(&m);
	pthread_mutex_destroy(&m);
}

static void lock_destroyed(void)
{
	pthread_mutex_destroy(&m);
	if (right)
		pthread_mutex_init(&m, 0);
	pthread_mutex_lock(&m);
	pthread_mutex_unlock(&m);
}

static void destroy_twice(void)
{
	pthread_mutex_destroy(&m);
	if (right)
		memset(&m, 0, sizeof(m));
	pthread_mutex_destroy(&m);
}

static void init_held(void)
{
	pthread_mutex_lock(&m);
	if (right) {
		pthread_mutex_unlock(&m);
		pthread_mutex_destroy(&m);
	}
	pthread_mutex_init(&m, 0);
}

/* Heap memory, given back with a mutex in it that is held, is another mutex. */
static void init_in_heap(void)
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

static void stack(void)
{
	on_stack(right);
	on_stack(true);
	on_stack(false);
}

/* Right is to wake all first, also where they have not come back yet. */
static void destroy_waited(void)
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

static void destroy_barrier(void)
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

static void barrier_unmade(void)
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

static void destroy_sem(void)
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

static void post_destroyed(void)
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

static void destroy_rwlock(void)
{
	pthread_t thread = go(read_rw);

	if (right)
		join(thread);
	pthread_rwlock_destroy(&rw);
	pthread_rwlock_init(&rw, 0);
	if (!right)
		join(thread);
}

static void destroy_spin(void)
{
	pthread_spin_init(&spin, 0);
	pthread_spin_lock(&spin);
	if (right)
		pthread_spin_unlock(&spin);
	pthread_spin_destroy(&spin);
}

static void spin_destroyed(void)
{
	pthread_spin_destroy(&spin);
	if (right)
		pthread_spin_init(&spin, 0);
	pthread_spin_lock(&spin);
	pthread_spin_unlock(&spin);
}

static void c11(void)
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

/* ---- threads */

static void *nothing(void *argument)
{
	return argument;
}

static void join_twice(void)
{
	pthread_t thread = go(nothing);

	join(thread);
	if (!right)
		join(thread);
}

static void join_detached(void)
{
	pthread_t thread = go(nothing);

	if (!right)
		pthread_detach(thread);
	join(thread);
}

static void *detach_self(void *argument)
{
	if (!right)
		pthread_detach(pthread_self());
	return argument;
}

static void detach_joined(void)
{
	join(go(detach_self));
}

static void detach_twice(void)
{
	pthread_t thread = go(nothing);

	pthread_detach(thread);
	if (!right)
		pthread_detach(thread);
}

/* ---- what is no misuse, but ends badly */

static void relock(void)
{
	pthread_mutex_lock(&m);
	if (!right)
		pthread_mutex_lock(&m);
}

static void write_reader(void)
{
	pthread_rwlock_rdlock(&rw);
	if (!right)
		pthread_rwlock_wrlock(&rw);
}

static const struct {
	const char *name;
	void (*function)(void);
} cases[] = {
#define CASE(name)                                                                                 \
	{                                                                                          \
#name, name                                                                        \
	}
	CASE(foreign_unlock),
	CASE(unlock_twice),
	CASE(foreign_rwunlock),
	CASE(foreign_wrunlock),
	CASE(rwunlock_twice),
	CASE(spin_unlock_free),
	CASE(wait_unlocked),
	CASE(two_mutexes),
	CASE(mutex_after_mutex),
	CASE(destroy_used),
	CASE(destroy_last),
	CASE(destroy_held),
	CASE(lock_destroyed),
	CASE(destroy_twice),
	CASE(init_held),
	CASE(init_in_heap),
	CASE(stack),
	CASE(destroy_waited),
	CASE(destroy_barrier),
	CASE(barrier_unmade),
	CASE(destroy_sem),
	CASE(post_destroyed),
	CASE(destroy_rwlock),
	CASE(destroy_spin),
	CASE(spin_destroyed),
	CASE(c11),
	CASE(join_twice),
	CASE(join_detached),
	CASE(detach_joined),
	CASE(detach_twice),
	CASE(relock),
	CASE(write_reader),
};

int main(int argc, char **argv)
{
	right = argc > 2;
	sem_init(&ready, 0, 0);
	sem_init(&done, 0, 0);
	pthread_spin_init(&spin, 0);
	for (size_t i = 0; argc > 1 && i < sizeof(cases) / sizeof(*cases); i++) {
		if (strcmp(cases[i].name, argv[1]))
			continue;
		cases[i].function();
		return 0;
	}
	return 2;
}
