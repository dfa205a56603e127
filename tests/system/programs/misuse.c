/* Uses synchronisation objects in ways that POSIX gives no meaning to, `misuse CASE`, and in ways
 * that look like these and are right, `misuse CASE right`. */
#include "misuse.h"

pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER, m2 = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t c = PTHREAD_COND_INITIALIZER;
pthread_rwlock_t rw = PTHREAD_RWLOCK_INITIALIZER;
pthread_spinlock_t spin;
sem_t ready;
static sem_t done;
bool right;
int flag;

pthread_t go(body *function)
{
	pthread_t thread;

	if (pthread_create(&thread, 0, function, 0))
		abort();
	return thread;
}

void join(pthread_t thread)
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

void *wait_c(void *argument)
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
	CASE(foreign_unlock),	CASE(unlock_twice),   CASE(foreign_rwunlock),
	CASE(foreign_wrunlock), CASE(rwunlock_twice), CASE(spin_unlock_free),
	CASE(wait_unlocked),	CASE(two_mutexes),    CASE(mutex_after_mutex),
	CASE(destroy_used),	CASE(destroy_last),   CASE(destroy_held),
	CASE(lock_destroyed),	CASE(destroy_twice),  CASE(init_held),
	CASE(init_in_heap),	CASE(stack),	      CASE(destroy_waited),
	CASE(destroy_barrier),	CASE(barrier_again),  CASE(barrier_unmade),
	CASE(destroy_sem),	CASE(post_destroyed), CASE(destroy_rwlock),
	CASE(destroy_spin),	CASE(spin_destroyed), CASE(c11),
	CASE(join_twice),	CASE(join_detached),  CASE(detach_joined),
	CASE(detach_twice),	CASE(relock),	      CASE(write_reader),
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
