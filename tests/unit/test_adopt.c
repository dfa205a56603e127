/* Objects that the C library has operated mean to the model what they are. */
#include "model/adopt.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

Test(adopt, a_lock_that_was_written_is_free)
{
	pthread_rwlock_t object = PTHREAD_RWLOCK_INITIALIZER;
	struct rwlock *lock;

	pthread_rwlock_wrlock(&object);
	pthread_rwlock_unlock(&object);
	cr_assert(((struct rwlock *)&object)->readers, "nothing to adopt: another C library?");
	lock = rwlock_adopt(&object);
	cr_expect(rwlock_may_write(lock));
	cr_expect(rwlock_read(lock) == 0 && !rwlock_may_write(lock));
	/* The second time it is the model's. */
	cr_expect(!rwlock_may_write(rwlock_adopt(&object)) && lock->readers == 1);
}

Test(adopt, a_lock_that_is_held_stays_so)
{
	pthread_rwlock_t read = PTHREAD_RWLOCK_INITIALIZER, written = PTHREAD_RWLOCK_INITIALIZER;

	pthread_rwlock_rdlock(&read);
	pthread_rwlock_rdlock(&read);
	pthread_rwlock_wrlock(&written);
	cr_expect(rwlock_adopt(&read)->readers == 2);
	cr_expect(rwlock_may_read(rwlock_adopt(&read)) && !rwlock_may_write(rwlock_adopt(&read)));
	cr_expect(!rwlock_may_read(rwlock_adopt(&written)));
}

Test(adopt, nobody_waits_at_a_condition)
{
	pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
	const struct timespec past = {.tv_sec = 1};
	pthread_condattr_t attr;
	pthread_cond_t object;
	struct cond *cond;
	uint32_t number;

	for (int monotonic = 0; monotonic < 2; monotonic++) {
		pthread_condattr_init(&attr);
		pthread_condattr_setclock(&attr, monotonic ? CLOCK_MONOTONIC : CLOCK_REALTIME);
		pthread_cond_init(&object, &attr);
		pthread_mutex_lock(&mutex);
		for (int i = 0; i < 3; i++)
			pthread_cond_timedwait(&object, &mutex, &past);
		pthread_mutex_unlock(&mutex);
		cond = cond_adopt(&object);
		cr_expect(cond->waiters == 0 && cond->tokens == 0);
		cr_expect((cond->clock & 1) == (uint32_t)monotonic);
		number = cond_enqueue(cond);
		cr_expect(!cond_may_wake(cond, number));
		cr_expect(cond_issue(cond_adopt(&object), 1) == 0 && cond_may_wake(cond, number));
	}
}

static void *pass(void *barrier)
{
	pthread_barrier_wait(barrier);
	return NULL;
}

Test(adopt, a_barrier_begins_anew)
{
	pthread_barrier_t object;
	pthread_t thread;
	struct barrier *barrier;
	bool serial;
	uint32_t generation;

	pthread_barrier_init(&object, NULL, 2);
	for (int i = 0; i < 3; i++) {
		pthread_create(&thread, NULL, pass, &object);
		pass(&object);
		pthread_join(thread, NULL);
	}
	cr_assert(((struct barrier *)&object)->arrived, "nothing to adopt: another C library?");
	barrier = barrier_adopt(&object);
	generation = barrier_arrive(barrier, 0, &serial);
	cr_expect(!barrier_may_pass(barrier_adopt(&object), generation));
	cr_expect(barrier_arrive(barrier_adopt(&object), 1, &serial) == generation);
	cr_expect(barrier_may_pass(barrier, generation));
}
