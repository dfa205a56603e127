/* test_models.c - the models of synchronisation objects: POSIX's results, and exactly the wakeups
 * that POSIX allows. */
#include "base/bitset.h"
#include "base/text.h"
#include "model/barrier.h"
#include "model/cond.h"
#include "model/footprint.h"
#include "model/mutex.h"
#include "model/rwlock.h"
#include "model/word.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

Test(models, normal_mutex)
{
	struct mutex mutex = {.kind = MUTEX_NORMAL};

	cr_expect(mutex_is_free(&mutex) && mutex_owner(&mutex) == -1);
	cr_expect(mutex_relock(&mutex, 3) == -1);
	mutex_acquire(&mutex, 3);
	cr_expect(mutex_owner(&mutex) == 3);
	/* Waits for itself, as POSIX has it. */
	cr_expect(mutex_relock(&mutex, 3) == -1);
	cr_expect(mutex_try(&mutex, 3) == EBUSY && mutex_try(&mutex, 4) == EBUSY);
	cr_expect(mutex_release(&mutex, 4) == 0 && mutex_is_free(&mutex));
}

Test(models, recursive_mutex)
{
	struct mutex mutex = {.kind = MUTEX_RECURSIVE};

	mutex_acquire(&mutex, 0);
	cr_expect(mutex_relock(&mutex, 0) == 0 && mutex_try(&mutex, 0) == 0);
	cr_expect(mutex_relock(&mutex, 1) == -1 && mutex_try(&mutex, 1) == EBUSY);
	cr_expect(mutex_release(&mutex, 1) == EPERM);
	for (int i = 0; i < 3; i++) {
		cr_expect(!mutex_is_free(&mutex));
		cr_expect(mutex_release(&mutex, 0) == 0);
	}
	cr_expect(mutex_is_free(&mutex));
	cr_expect(mutex_release(&mutex, 0) == EPERM);
}

Test(models, a_wait_gives_a_recursive_mutex_up_whole)
{
	struct mutex mutex = {.kind = MUTEX_RECURSIVE};
	uint32_t depth;

	mutex_acquire(&mutex, 0);
	mutex_relock(&mutex, 0);
	depth = mutex_release_all(&mutex);
	cr_expect(depth == 2 && mutex_is_free(&mutex));
	mutex_retake(&mutex, 0, depth);
	cr_expect(mutex_release(&mutex, 0) == 0 && !mutex_is_free(&mutex));
	cr_expect(mutex_release(&mutex, 0) == 0 && mutex_is_free(&mutex));
}

Test(models, checking_mutex)
{
	struct mutex mutex = {.kind = MUTEX_ERRORCHECK};

	cr_expect(mutex_release(&mutex, 0) == EPERM);
	mutex_acquire(&mutex, 0);
	cr_expect(mutex_relock(&mutex, 0) == EDEADLK);
	cr_expect(mutex_try(&mutex, 0) == EBUSY);
	cr_expect(mutex_release(&mutex, 1) == EPERM);
	cr_expect(mutex_release(&mutex, 0) == 0);
}

Test(models, any_waiter_may_take_a_signal_but_no_later_one)
{
	struct cond cond = {.waiters = 0};
	uint32_t first = cond_enqueue(&cond), second = cond_enqueue(&cond), late;

	cr_expect(!cond_may_wake(&cond, first));
	cond_issue(&cond, 1);
	late = cond_enqueue(&cond);
	cr_expect(cond_may_wake(&cond, first) && cond_may_wake(&cond, second));
	cr_expect(!cond_may_wake(&cond, late));
	cond_wake(&cond, second);
	cr_expect(!cond_may_wake(&cond, first));
}

Test(models, a_signal_without_a_waiter_is_lost)
{
	struct cond cond = {.waiters = 0};
	uint32_t waiter;

	cond_issue(&cond, 1);
	waiter = cond_enqueue(&cond);
	cr_expect(!cond_may_wake(&cond, waiter));
	/* One waiter, one token, however many signals. */
	cond_issue(&cond, 1);
	cond_issue(&cond, 1);
	cr_expect(cond.tokens == 1);
}

Test(models, a_broadcast_is_for_all_who_wait)
{
	struct cond cond = {.waiters = 0};
	uint32_t numbers[5], late;

	for (int i = 0; i < 5; i++)
		numbers[i] = cond_enqueue(&cond);
	cond_issue(&cond, UINT32_MAX);
	late = cond_enqueue(&cond);
	for (int i = 5; i-- > 0;) {
		cr_expect(cond_may_wake(&cond, numbers[i]));
		cond_wake(&cond, numbers[i]);
	}
	cr_expect(!cond_may_wake(&cond, late) && cond.waiters == 1 && cond.tokens == 0);
	cond_leave(&cond);
	cr_expect(cond.waiters == 0);
}

/* The oldest token is taken, so that a younger one stays for those who came later. */
Test(models, tokens_are_taken_oldest_first)
{
	struct cond cond = {.waiters = 0};
	uint32_t first = cond_enqueue(&cond), second;

	cond_issue(&cond, 1);
	second = cond_enqueue(&cond);
	cond_issue(&cond, 1);
	cond_wake(&cond, first);
	cr_expect(cond_may_wake(&cond, second));
}

Test(models, tokens_beyond_the_inline_ones)
{
	struct cond cond = {.waiters = 0};
	uint32_t number;

	for (int i = 0; i < COND_TOKENS_INLINE; i++) {
		cond_enqueue(&cond);
		cr_assert(cond_issue(&cond, 1) == 0);
	}
	number = cond_enqueue(&cond);
	cr_expect(cond_issue(&cond, 1) == -1);
	cond.more = calloc(1, sizeof(*cond.more) + 4 * sizeof(struct cond_tokens));
	cond.more->room = 4;
	cr_expect(cond_issue(&cond, 1) == 0 && cond_may_wake(&cond, number));
	free(cond.more);
}

Test(models, rwlock)
{
	struct rwlock lock = {.readers = 0};

	cr_expect(rwlock_release(&lock, 0) == EPERM);
	cr_expect(rwlock_read(&lock) == 0 && rwlock_read(&lock) == 0);
	cr_expect(rwlock_may_read(&lock) && !rwlock_may_write(&lock));
	cr_expect(rwlock_release(&lock, 0) == 0 && rwlock_release(&lock, 1) == 0);
	rwlock_write(&lock, 2);
	cr_expect(!rwlock_may_read(&lock) && !rwlock_may_write(&lock));
	cr_expect(rwlock_misuse(&lock, 2) == EDEADLK && rwlock_misuse(&lock, 1) == 0);
	cr_expect(rwlock_release(&lock, 2) == 0 && rwlock_may_write(&lock));
}

/* Also by main, whose number is 0; and the C library's own code takes it for held. */
Test(models, spin_lock_knows_its_owner)
{
	int32_t lock = SPIN_FREE;

	cr_expect(spin_is_free(&lock) && spin_owner(&lock) == -1);
	for (uint32_t thread = 0; thread < 3; thread++) {
		spin_acquire(&lock, thread);
		cr_expect(!spin_is_free(&lock) && spin_owner(&lock) == thread);
		cr_expect(pthread_spin_trylock(&lock) == EBUSY);
		spin_acquire(&lock, thread);
		pthread_spin_unlock(&lock);
		cr_expect(spin_is_free(&lock));
	}
}

Test(models, barrier)
{
	struct barrier barrier = {.count = 3};
	bool serial;
	uint32_t generation = barrier_arrive(&barrier, 5, &serial);

	cr_expect(barrier_arrive(&barrier, 2, &serial) == generation && !serial);
	cr_expect(!barrier_may_pass(&barrier, generation));
	cr_expect(barrier_arrive(&barrier, 7, &serial) == generation && !serial);
	cr_expect(barrier_may_pass(&barrier, generation));
	/* Whoever arrives first or last: the lowest number is the serial thread. */
	cr_expect(!barrier_pass(&barrier, 5) && barrier_pass(&barrier, 2));
	cr_expect(!barrier_pass(&barrier, 7));
	cr_expect(barrier_arrive(&barrier, 2, &serial) == generation + 1);
	cr_expect(!barrier_may_pass(&barrier, generation + 1));
}

static bool dependent(enum foot_mode one, enum foot_mode other)
{
	struct footprint a = {.count = 0}, b = {.count = 0};

	footprint_add_object(&a, (void *)64, one);
	footprint_add_object(&b, (void *)64, other);
	return footprint_is_dependent(&a, &b);
}

Test(models, equal_modes_commute_but_for_writes)
{
	for (int a = FOOT_READ; a <= FOOT_WRITE; a++)
		for (int b = FOOT_READ; b <= FOOT_WRITE; b++)
			cr_expect(dependent((enum foot_mode)a, (enum foot_mode)b) ==
				  (a != b || a == FOOT_WRITE));
}

static bool memory_conflict(unsigned long at, unsigned bytes, unsigned long other, unsigned size)
{
	struct footprint a, b;

	footprint_of(&a, OP_WRITE, (void *)at, 0, bytes, true);
	footprint_of(&b, OP_READ, (void *)other, 0, size, true);
	return footprint_is_dependent(&a, &b);
}

Test(models, memory_conflicts_by_bytes)
{
	cr_expect(memory_conflict(64, 4, 64, 4));
	cr_expect(!memory_conflict(64, 4, 68, 4));
	cr_expect(memory_conflict(64, 8, 71, 1));
	cr_expect(memory_conflict(70, 4, 73, 1) && !memory_conflict(70, 4, 74, 1));
	cr_expect(memory_conflict(64, 16, 72, 8) && !memory_conflict(64, 16, 80, 8));
	/* Too large to be told byte by byte: with everything. */
	cr_expect(memory_conflict(64, 1000, 5000, 1));
}

Test(models, outcomes_change_footprints)
{
	struct footprint lock, failed, done;

	footprint_of(&lock, OP_TRYLOCK, (void *)64, 0, 0, false);
	footprint_of(&failed, OP_TRYLOCK, (void *)64, 0, 0, false);
	footprint_of(&done, OP_TRYLOCK, (void *)64, 0, 0, true);
	cr_expect(!footprint_is_dependent(&lock, &failed));
	cr_expect(footprint_is_dependent(&lock, &done));
	cr_expect(footprint_may_wait(OP_LOCK) && !footprint_may_wait(OP_TRYLOCK));
}

Test(models, bitset)
{
	static struct bitset set;

	bitset_add(&set, 3);
	bitset_add(&set, 700);
	bitset_add(&set, 64);
	bitset_add(&set, 64);
	cr_expect(set.count == 3 && bitset_has(&set, 700) && !bitset_has(&set, 4));
	cr_expect(bitset_at(&set, 0) == 3 && bitset_at(&set, 1) == 64 && bitset_at(&set, 2) == 700);
	cr_expect(bitset_rank(&set, 64) == 1 && bitset_rank(&set, 701) == 3);
	bitset_remove(&set, 64);
	bitset_remove(&set, 64);
	cr_expect(set.count == 2 && bitset_at(&set, 1) == 700);
}

Test(models, text_is_cut_at_its_room)
{
	char buffer[8];
	struct text text = text_over(buffer, sizeof(buffer));

	text_add(&text, "abc");
	text_add_number(&text, 1234567890);
	cr_expect_str_eq(buffer, "abc1234");
}
