/* test_mutex.c - a mutex of each kind, in the C library's places, gives what POSIX says and what
 * the C library gives. */
#include "model/mutex.h"

#include "base/rng.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <pthread.h>
#include <stddef.h>
#include <string.h>

#define KINDS 4

static const enum mutex_kind kinds[KINDS] = {MUTEX_NORMAL, MUTEX_RECURSIVE, MUTEX_ERRORCHECK,
					     MUTEX_ADAPTIVE};

Test(mutex, lies_over_the_c_library_s)
{
	cr_expect(sizeof(struct mutex) <= sizeof(pthread_mutex_t));
	cr_expect(offsetof(struct mutex, lock) == offsetof(pthread_mutex_t, __data.__lock));
	cr_expect(offsetof(struct mutex, count) == offsetof(pthread_mutex_t, __data.__count));
	cr_expect(offsetof(struct mutex, owner) == offsetof(pthread_mutex_t, __data.__owner));
	cr_expect(offsetof(struct mutex, kind) == offsetof(pthread_mutex_t, __data.__kind));
}

static void expect_initialiser(const pthread_mutex_t *mutex, enum mutex_kind kind)
{
	struct mutex model;

	memcpy(&model, mutex, sizeof(model));
	cr_expect(mutex_kind(&model) == kind, "%d", kind);
	cr_expect(mutex_is_free(&model) && mutex_owner(&model) == -1);
}

Test(mutex, static_initialisers_mean_what_they_should)
{
	static const pthread_mutex_t plain = PTHREAD_MUTEX_INITIALIZER;
	static const pthread_mutex_t recursive = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
	static const pthread_mutex_t checking = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;
	static const pthread_mutex_t adaptive = PTHREAD_ADAPTIVE_MUTEX_INITIALIZER_NP;

	expect_initialiser(&plain, MUTEX_NORMAL);
	expect_initialiser(&recursive, MUTEX_RECURSIVE);
	expect_initialiser(&checking, MUTEX_ERRORCHECK);
	expect_initialiser(&adaptive, MUTEX_ADAPTIVE);
}

/* What a mutex that is held gives to its holder (0) and to another thread (1). */
static const struct {
	enum mutex_kind kind;
	int relock[2], try[2], release[2];
} held[KINDS] = {
	{MUTEX_NORMAL, {-1, -1}, {EBUSY, EBUSY}, {0, 0}},
	{MUTEX_RECURSIVE, {0, -1}, {0, EBUSY}, {0, EPERM}},
	{MUTEX_ERRORCHECK, {EDEADLK, -1}, {EBUSY, EBUSY}, {0, EPERM}},
	{MUTEX_ADAPTIVE, {-1, -1}, {EBUSY, EBUSY}, {0, 0}},
};

Test(mutex, held_one_gives_what_posix_says)
{
	for (int k = 0; k < KINDS; k++)
		for (uint32_t thread = 0; thread < 2; thread++) {
			struct mutex mutex = {.kind = (int32_t)held[k].kind};

			mutex_acquire(&mutex, 0);
			cr_expect(mutex_relock(&mutex, thread) == held[k].relock[thread]);
			mutex = (struct mutex){.kind = (int32_t)held[k].kind};
			mutex_acquire(&mutex, 0);
			cr_expect(mutex_try(&mutex, thread) == held[k].try[thread]);
			cr_expect(mutex_owner(&mutex) == 0);
			mutex = (struct mutex){.kind = (int32_t)held[k].kind};
			mutex_acquire(&mutex, 0);
			cr_expect(mutex_release(&mutex, thread) == held[k].release[thread]);
			cr_expect(mutex_is_free(&mutex) == !held[k].release[thread]);
		}
}

Test(mutex, free_one_gives_what_posix_says)
{
	for (int k = 0; k < KINDS; k++) {
		struct mutex mutex = {.kind = (int32_t)kinds[k]};
		bool checks = kinds[k] == MUTEX_RECURSIVE || kinds[k] == MUTEX_ERRORCHECK;

		cr_expect(mutex_relock(&mutex, 0) == -1);
		cr_expect(mutex_release(&mutex, 0) == (checks ? EPERM : 0));
		cr_expect(mutex_is_free(&mutex));
		cr_expect(mutex_try(&mutex, 5) == 0);
		cr_expect(mutex.lock == 1 && mutex.owner == 6 && mutex.count == 1);
		cr_expect(mutex_owner(&mutex) == 5);
	}
}

/* A thread that gave it up is not taken for the owner still. */
Test(mutex, owner_is_forgotten)
{
	for (int k = 0; k < KINDS; k++) {
		struct mutex mutex = {.kind = (int32_t)kinds[k]};

		mutex_acquire(&mutex, 3);
		cr_expect(mutex_release(&mutex, 3) == 0);
		cr_expect(mutex.owner == 0 && mutex.count == 0 && mutex_owner(&mutex) == -1);
		cr_expect(mutex_relock(&mutex, 3) == -1);
	}
}

Test(mutex, greatest_depth)
{
	struct mutex mutex = {.kind = MUTEX_RECURSIVE};

	mutex_acquire(&mutex, 0);
	mutex.count = UINT32_MAX - 1;
	cr_expect(mutex_relock(&mutex, 0) == 0);
	cr_expect(mutex_relock(&mutex, 0) == EAGAIN && mutex_try(&mutex, 0) == EAGAIN);
	cr_expect(mutex.count == UINT32_MAX);
	cr_expect(mutex_release(&mutex, 0) == 0 && mutex_relock(&mutex, 0) == 0);
}

/* Robust, priority and shared ones keep their bits. */
Test(mutex, other_bits_of_the_kind_are_kept)
{
	for (int k = 0; k < KINDS; k++) {
		struct mutex mutex = {.kind = (int32_t)kinds[k] | 0xb0};

		cr_expect(mutex_kind(&mutex) == kinds[k]);
		mutex_acquire(&mutex, 0);
		mutex_relock(&mutex, 0);
		mutex_release(&mutex, 0);
		mutex_release_all(&mutex);
		cr_expect(mutex.kind == ((int32_t)kinds[k] | 0xb0));
	}
}

Test(mutex, wait_gives_it_up_whole_and_takes_it_back)
{
	for (int k = 0; k < KINDS; k++)
		for (uint32_t depth = 1; depth <= (kinds[k] == MUTEX_RECURSIVE ? 4 : 1); depth++) {
			struct mutex mutex = {.kind = (int32_t)kinds[k]};

			mutex_acquire(&mutex, 2);
			for (uint32_t i = 1; i < depth; i++)
				cr_expect(mutex_relock(&mutex, 2) == 0);
			cr_expect(mutex_release_all(&mutex) == depth);
			cr_expect(mutex_is_free(&mutex) && mutex_try(&mutex, 4) == 0);
			cr_expect(mutex_release(&mutex, 4) == 0);
			mutex_retake(&mutex, 2, depth);
			for (uint32_t i = 0; i < depth; i++) {
				cr_expect(mutex_owner(&mutex) == 2);
				cr_expect(mutex_release(&mutex, 2) == 0);
			}
			cr_expect(mutex_is_free(&mutex));
		}
}

/* A mutex that the program had not locked is waited with, too: it is held once afterwards. */
Test(mutex, wait_with_a_free_one_holds_it_once)
{
	struct mutex mutex = {.kind = MUTEX_RECURSIVE};

	mutex_retake(&mutex, 0, mutex_release_all(&mutex));
	cr_expect(mutex_owner(&mutex) == 0 && mutex.count == 1);
}

static void native_make(pthread_mutex_t *native, enum mutex_kind kind)
{
	pthread_mutexattr_t attributes;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_settype(&attributes, (int)kind);
	pthread_mutex_init(native, &attributes);
	pthread_mutexattr_destroy(&attributes);
}

/* One thread's locks and unlocks: the same results as from the C library. To unlock a normal mutex
 * that is free is undefined there, and to lock one that is held does not return. */
Test(mutex, c_library_gives_the_same)
{
	struct rng rng = rng_stream(1, 1);

	for (int round = 0; round < 400; round++) {
		enum mutex_kind kind = kinds[round % KINDS];
		bool checks = kind == MUTEX_RECURSIVE || kind == MUTEX_ERRORCHECK;
		struct mutex mutex = {.kind = (int32_t)kind};
		pthread_mutex_t native;

		native_make(&native, kind);
		for (int i = 0; i < 50; i++) {
			uint32_t what = rng_below(&rng, 3);
			bool is_free = mutex_is_free(&mutex);

			if (what == 0) {
				int expected = pthread_mutex_trylock(&native);

				cr_assert(mutex_try(&mutex, 0) == expected);
			} else if (what == 1 && (!is_free || checks)) {
				int expected = pthread_mutex_unlock(&native);

				cr_assert(mutex_release(&mutex, 0) == expected);
			} else if (what == 2 && !is_free && checks) {
				int expected = pthread_mutex_lock(&native);

				cr_assert(mutex_relock(&mutex, 0) == expected);
			}
		}
	}
}
