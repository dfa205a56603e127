/* What POSIX says that the thread functions return: each row a call in a state that a portable
 * program can bring about, and the result that the standard gives for it. Where that leaves the
 * behaviour undefined there is no row, and none where it takes another process or a privilege.
 * Semaphores, which give their errors in errno, count as that. */
#include "conformance.h"

/* ---- condition variables */

static pthread_cond_t cond;

static long timedwait(int type, bool locks, struct timespec until)
{
	of_type(type);
	if (locks)
		pthread_mutex_lock(&mutex);
	pthread_cond_init(&cond, 0);
	return pthread_cond_timedwait(&cond, &mutex, &until);
}

static void *timedwait_orphan(void *argument)
{
	pthread_mutex_lock(&mutex);
	pthread_cond_signal(argument);
	return 0;
}

ROW(cond_timedwait, ETIMEDOUT, { return timedwait(PTHREAD_MUTEX_NORMAL, true, past()); });
ROW(cond_timedwait_wrong, EINVAL, { return timedwait(PTHREAD_MUTEX_NORMAL, true, wrong_time()); });
ROW(cond_timedwait_relocks, EBUSY, {
	timedwait(PTHREAD_MUTEX_NORMAL, true, past());
	return elsewhere(trylock, &mutex);
});
ROW(cond_timedwait_checking, EPERM, { return timedwait(PTHREAD_MUTEX_ERRORCHECK, false, past()); });
ROW(cond_wait_owner_dies, EOWNERDEAD, {
	pthread_t thread;
	long result;

	made(PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_ROBUST, PTHREAD_PRIO_NONE);
	pthread_cond_init(&cond, 0);
	pthread_mutex_lock(&mutex);
	pthread_create(&thread, 0, timedwait_orphan, &cond);
	result = pthread_cond_wait(&cond, &mutex);
	pthread_join(thread, 0);
	return result;
});
ROW(cond_clockwait, ETIMEDOUT, {
	struct timespec until = {.tv_sec = 0};

	pthread_cond_init(&cond, 0);
	return pthread_cond_clockwait(&cond, held(PTHREAD_MUTEX_NORMAL), CLOCK_MONOTONIC, &until);
});
ROW(cond_clockwait_wrong, EINVAL, {
	struct timespec until = past();

	pthread_cond_init(&cond, 0);
	return pthread_cond_clockwait(&cond, held(PTHREAD_MUTEX_NORMAL), 77, &until);
});
ROW(mutex_clocklock_wrong, EINVAL, {
	struct timespec until = past();

	return pthread_mutex_clocklock(of_type(PTHREAD_MUTEX_NORMAL), 77, &until);
});
ROW(cond_signal_nobody, 0, {
	pthread_cond_init(&cond, 0);
	return pthread_cond_signal(&cond);
});
ROW(cond_broadcast_nobody, 0, {
	pthread_cond_init(&cond, 0);
	return pthread_cond_broadcast(&cond);
});
ROW(cond_destroy, 0, {
	pthread_cond_init(&cond, 0);
	return pthread_cond_destroy(&cond);
});
ROW(condattr_clock, CLOCK_REALTIME, ATTR_IS(pthread_condattr, pthread_condattr_getclock));
ROW(condattr_clock_wrong, EINVAL,
    ATTR(pthread_condattr, pthread_condattr_setclock, CLOCK_PROCESS_CPUTIME_ID));
ROW(condattr_shared_wrong, EINVAL, ATTR(pthread_condattr, pthread_condattr_setpshared, 99));

/* ---- barriers, spin locks, once */

static pthread_barrier_t barrier;
static pthread_spinlock_t spin;

static void *barrier_wait(void *argument)
{
	return (void *)(long)(pthread_barrier_wait(argument) == PTHREAD_BARRIER_SERIAL_THREAD);
}

static void *spin_trylock(void *argument)
{
	(void)argument;
	return (void *)(long)pthread_spin_trylock(&spin);
}

ROW(barrier_init_nobody, EINVAL, { return pthread_barrier_init(&barrier, 0, 0); });
ROW(barrier_alone, PTHREAD_BARRIER_SERIAL_THREAD, {
	pthread_barrier_init(&barrier, 0, 1);
	return pthread_barrier_wait(&barrier);
});
ROW(barrier_one_serial, 1, {
	pthread_t thread;
	void *other;
	long own;

	pthread_barrier_init(&barrier, 0, 2);
	pthread_create(&thread, 0, barrier_wait, &barrier);
	own = (long)barrier_wait(&barrier);
	pthread_join(thread, &other);
	return own + (long)other;
});
ROW(barrier_destroy, 0, {
	pthread_barrier_init(&barrier, 0, 1);
	return pthread_barrier_destroy(&barrier);
});
ROW(barrierattr_shared_wrong, EINVAL,
    ATTR(pthread_barrierattr, pthread_barrierattr_setpshared, 99));
ROW(spin_lock, 0, {
	pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
	return pthread_spin_lock(&spin);
});
ROW(spin_trylock_held, EBUSY, {
	memset((void *)&spin, 0, sizeof(spin));
	pthread_spin_init(&spin, PTHREAD_PROCESS_SHARED);
	pthread_spin_lock(&spin);
	return elsewhere(spin_trylock, 0);
});
ROW(spin_unlock, 0, {
	memset((void *)&spin, 0, sizeof(spin));
	pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
	pthread_spin_lock(&spin);
	return pthread_spin_unlock(&spin);
});
ROW(spin_destroy, 0, {
	memset((void *)&spin, 0, sizeof(spin));
	pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
	return pthread_spin_destroy(&spin);
});

static int times;

static void count(void)
{
	times++;
}

ROW(once_twice, 1, {
	static pthread_once_t control = PTHREAD_ONCE_INIT;

	pthread_once(&control, count);
	pthread_once(&control, count);
	return times;
});

/* ---- semaphores */

static sem_t sem;

static sem_t *with(unsigned value)
{
	sem_init(&sem, 0, value);
	return &sem;
}

static long sem_until(unsigned value, struct timespec until)
{
	return error_of(sem_timedwait(with(value), &until));
}

ROW(sem_init_too_large, EINVAL,
    { return error_of(sem_init(&sem, 0, (unsigned)SEM_VALUE_MAX + 1)); });
ROW(sem_wait_1, 0, { return error_of(sem_wait(with(1))); });
ROW(sem_trywait_0, EAGAIN, { return error_of(sem_trywait(with(0))); });
ROW(sem_trywait_1, 0, { return error_of(sem_trywait(with(1))); });
ROW(sem_timedwait_0, ETIMEDOUT, { return sem_until(0, past()); });
ROW(sem_timedwait_1, 0, { return sem_until(1, past()); });
ROW(sem_timedwait_wrong, EINVAL, { return sem_until(0, wrong_time()); });
ROW(sem_timedwait_wrong_1, 0, {
	(void)sem_until(1, past());
	return error_of(sem_post(&sem)) || sem_wait(&sem);
});
ROW(sem_post_most, EOVERFLOW, { return error_of(sem_post(with(SEM_VALUE_MAX))); });
ROW(sem_getvalue_3, 3, {
	int value = 0;

	sem_getvalue(with(3), &value);
	return value;
});
ROW(sem_destroy_free, 0, { return error_of(sem_destroy(with(0))); });

/* ---- thread-specific data */

ROW(key_most, EAGAIN, {
	static pthread_key_t keys[PTHREAD_KEYS_MAX + 1];
	int error = 0, made_keys = 0;

	while (made_keys <= PTHREAD_KEYS_MAX && !error)
		error = pthread_key_create(&keys[made_keys++], 0);
	for (int i = 0; i + 1 < made_keys; i++)
		pthread_key_delete(keys[i]);
	return error;
});
ROW(key_new_is_null, 0, {
	pthread_key_t key;
	void *value;

	pthread_key_create(&key, 0);
	value = pthread_getspecific(key);
	pthread_key_delete(key);
	return value != NULL;
});
ROW(key_set, 5, {
	pthread_key_t key;
	void *value;

	pthread_key_create(&key, 0);
	pthread_setspecific(key, (void *)5);
	value = pthread_getspecific(key);
	pthread_key_delete(key);
	return (long)value;
});

/* ---- threads */

static void *nothing(void *argument)
{
	return argument;
}

static void *wait_for_mutex(void *argument)
{
	pthread_mutex_lock(argument);
	pthread_mutex_unlock(argument);
	return 0;
}

static void *exits(void *argument)
{
	pthread_exit(argument);
}

static void *join_parent(void *argument)
{
	return (void *)(long)pthread_equal(*(pthread_t *)argument, pthread_self());
}

ROW(create_and_join, 6, { return elsewhere(nothing, (void *)6); });
ROW(exit_and_join, 8, { return elsewhere(exits, (void *)8); });
ROW(join_self, EDEADLK, { return pthread_join(pthread_self(), 0); });
ROW(not_equal, 0, {
	pthread_t self = pthread_self();

	return elsewhere(join_parent, &self);
});
ROW(detach, 0, {
	pthread_t thread;

	pthread_create(&thread, 0, nothing, 0);
	return pthread_detach(thread);
});
ROW(tryjoin_running, EBUSY, {
	pthread_t thread;
	int error;

	held(PTHREAD_MUTEX_NORMAL);
	pthread_create(&thread, 0, wait_for_mutex, &mutex);
	error = pthread_tryjoin_np(thread, 0);
	pthread_mutex_unlock(&mutex);
	pthread_join(thread, 0);
	return error;
});
ROW(attr_detached_wrong, EINVAL, ATTR(pthread_attr, pthread_attr_setdetachstate, 99));
ROW(attr_stack_small, EINVAL, ATTR(pthread_attr, pthread_attr_setstacksize, 1));
ROW(attr_policy_wrong, EINVAL, ATTR(pthread_attr, pthread_attr_setschedpolicy, 99));
ROW(attr_inherit_wrong, EINVAL, ATTR(pthread_attr, pthread_attr_setinheritsched, 99));
ROW(attr_scope_wrong, EINVAL, ATTR(pthread_attr, pthread_attr_setscope, 99));
ROW(attr_scope_process, ENOTSUP, ATTR(pthread_attr, pthread_attr_setscope, PTHREAD_SCOPE_PROCESS));
ROW(attr_detached, PTHREAD_CREATE_JOINABLE, ATTR_IS(pthread_attr, pthread_attr_getdetachstate));
ROW(attr_guard, 1, {
	pthread_attr_t attr;
	size_t bytes = 0;

	pthread_attr_init(&attr);
	pthread_attr_getguardsize(&attr, &bytes);
	return bytes > 0;
});
ROW(attr_stack, 0, {
	pthread_attr_t attr;
	pthread_t thread;
	int error;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, PTHREAD_STACK_MIN + 65536);
	error = pthread_create(&thread, &attr, nothing, 0);
	pthread_join(thread, 0);
	return error;
});
ROW(priority_wrong, EINVAL, {
	struct sched_param param = {.sched_priority = 1000};

	return pthread_setschedparam(pthread_self(), SCHED_FIFO, &param);
});
ROW(policy_is_other, SCHED_OTHER, {
	struct sched_param param;
	int policy = -1;

	pthread_getschedparam(pthread_self(), &policy, &param);
	return policy;
});

int main(void)
{
	int wrong = 0, rows = 0;

	for (const struct row *row = __start_rows; row < __stop_rows; row++, rows++) {
		long got = row->call();

		printf("%s %ld\n", row->name, got);
		if (got == row->wanted)
			continue;
		printf("  that is not %ld\n", row->wanted);
		wrong++;
	}
	printf("%d rows, %d wrong\n", rows, wrong);
	return wrong != 0;
}
