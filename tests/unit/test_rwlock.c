/* test_rwlock.c - a read-write lock is granted whenever its state allows it, and gives what POSIX
 * says. */
#include "model/rwlock.h"

#include "base/rng.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <pthread.h>
#include <stddef.h>
#include <string.h>

Test(rwlock, lies_over_the_c_library_s)
{
	static const pthread_rwlock_t initialised = PTHREAD_RWLOCK_INITIALIZER;
	static const struct rwlock none;

	cr_expect(sizeof(struct rwlock) <= sizeof(pthread_rwlock_t));
	cr_expect(!memcmp(&initialised, &none, sizeof(none)));
	cr_expect(offsetof(struct rwlock, writer) ==
		  offsetof(pthread_rwlock_t, __data.__cur_writer));
}

Test(rwlock, readers_share)
{
	struct rwlock lock = {.readers = 0};

	for (int i = 0; i < 10; i++) {
		cr_expect(rwlock_may_read(&lock));
		cr_expect(rwlock_read(&lock) == 0);
		cr_expect(!rwlock_may_write(&lock));
	}
	for (uint32_t i = 0; i < 10; i++) {
		cr_expect(!rwlock_may_write(&lock));
		cr_expect(rwlock_release(&lock, i) == 0);
	}
	cr_expect(rwlock_may_write(&lock) && rwlock_release(&lock, 0) == EPERM);
}

Test(rwlock, writer_is_alone)
{
	for (uint32_t writer = 0; writer < 3; writer++) {
		struct rwlock lock = {.readers = 0};

		rwlock_write(&lock, writer);
		cr_expect(!rwlock_may_read(&lock) && !rwlock_may_write(&lock));
		for (uint32_t thread = 0; thread < 3; thread++) {
			int misuse = thread == writer ? EDEADLK : 0;

			cr_expect(rwlock_misuse(&lock, thread) == misuse);
			if (thread != writer)
				cr_expect(rwlock_release(&lock, thread) == EPERM);
		}
		cr_expect(!rwlock_may_read(&lock));
		cr_expect(rwlock_release(&lock, writer) == 0);
		cr_expect(rwlock_may_read(&lock) && rwlock_may_write(&lock));
		cr_expect(rwlock_misuse(&lock, writer) == 0);
	}
}

Test(rwlock, nobody_holds_a_free_one)
{
	struct rwlock lock = {.readers = 0};

	for (uint32_t thread = 0; thread < 3; thread++) {
		cr_expect(rwlock_misuse(&lock, thread) == 0);
		cr_expect(rwlock_release(&lock, thread) == EPERM);
	}
	cr_expect(rwlock_may_read(&lock) && rwlock_may_write(&lock));
}

Test(rwlock, greatest_number_of_readers)
{
	struct rwlock lock = {.readers = UINT32_MAX - 1};

	cr_expect(rwlock_read(&lock) == 0);
	cr_expect(rwlock_read(&lock) == EAGAIN && lock.readers == UINT32_MAX);
	cr_expect(rwlock_release(&lock, 0) == 0 && rwlock_read(&lock) == 0);
}

/* One thread's locks: granted when the C library grants them, refused with the same number. To
 * unlock one that is free is undefined there. */
Test(rwlock, c_library_grants_the_same)
{
	struct rng rng = rng_stream(1, 1);

	for (int round = 0; round < 200; round++) {
		pthread_rwlock_t native = PTHREAD_RWLOCK_INITIALIZER;
		struct rwlock lock = {.readers = 0};

		for (int i = 0; i < 50; i++) {
			uint32_t what = rng_below(&rng, 4);

			if (what == 0) {
				cr_assert(rwlock_may_read(&lock) ==
					  !pthread_rwlock_tryrdlock(&native));
				if (rwlock_may_read(&lock))
					cr_assert(rwlock_read(&lock) == 0);
			} else if (what == 1) {
				cr_assert(rwlock_may_write(&lock) ==
					  !pthread_rwlock_trywrlock(&native));
				if (rwlock_may_write(&lock))
					rwlock_write(&lock, 0);
			} else if (!rwlock_may_write(&lock)) {
				int expected = pthread_rwlock_unlock(&native);

				cr_assert(rwlock_release(&lock, 0) == expected);
			}
		}
	}
}
