/* futexes.c - syscall(SYS_futex, ...): the first argument says what.
 *
 * errors: what calls return for which nobody has to wait, a line each.
 * timeouts NS: the same for waits that nobody ends, of NS at most; whether time has passed.
 * random: a number. writes: two threads write a letter each. All by syscall(), as everything here.
 * early, late: a flag and a wake, in the right order and in the wrong one.
 * requeue N: N wait at one word, and are moved to that of a lock.
 * script WAITERS CALL...: so many wait at a word each as its letter says, a to c with bit 1, A to C
 *     with bit 2; then the calls: wN wakes N, bN those of bit 1, rWM wakes W and moves M of 'a' to
 *     'b' (cWM the same with a comparison), oWM wakes W at 'a' and M at 'b' by an operation, sX
 *     stores X at 'a', vN wakes N at 'b'. The exit status says what came of it.
 */
#include <assert.h>
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static atomic_int words[3], through;

static long futex(atomic_int *word, int operation, int value, void *timeout, atomic_int *other,
		  unsigned third)
{
	return syscall(SYS_futex, word, operation, value, timeout, other, third);
}

/* ---- errors */

static void show(const char *what, long result)
{
	printf("%s: %ld %s\n", what, result, result < 0 ? strerrorname_np(errno) : "");
}

#define SHOW(...) show(#__VA_ARGS__, futex(__VA_ARGS__))

static int errors(void)
{
	atomic_int *a = &words[0], *b = &words[1], *odd = (atomic_int *)((char *)a + 2);
	struct timespec bad = {.tv_nsec = 1000000000}, negative = {.tv_sec = -1}, none = {0};
	unsigned set = FUTEX_OP(FUTEX_OP_SET, 7, FUTEX_OP_CMP_EQ, 0);

	SHOW(a, FUTEX_WAIT, 1, NULL, NULL, 0);
	SHOW(a, FUTEX_WAIT_PRIVATE, 1, NULL, NULL, 0);
	SHOW(odd, FUTEX_WAIT, 1, NULL, NULL, 0);
	SHOW(NULL, FUTEX_WAIT_PRIVATE, 1, NULL, NULL, 0);
	SHOW(a, FUTEX_WAIT, 1, &bad, NULL, 0);
	SHOW(a, FUTEX_WAIT, 1, &negative, NULL, 0);
	SHOW(a, FUTEX_WAIT, 1, (void *)8, NULL, 0);
	SHOW(a, FUTEX_WAIT | FUTEX_CLOCK_REALTIME, 1, &none, NULL, 0);
	SHOW(a, FUTEX_WAIT_BITSET, 1, NULL, NULL, 0);
	SHOW(a, FUTEX_WAIT_BITSET, 1, NULL, NULL, 4);
	SHOW(a, FUTEX_WAKE, 1, NULL, NULL, 0);
	SHOW(odd, FUTEX_WAKE, 1, NULL, NULL, 0);
	SHOW(a, FUTEX_WAKE_BITSET, 1, NULL, NULL, 0);
	SHOW(a, FUTEX_WAKE_BITSET, 1, NULL, NULL, 1);
	SHOW(a, FUTEX_WAKE | FUTEX_CLOCK_REALTIME, 1, NULL, NULL, 0);
	SHOW(a, FUTEX_REQUEUE, 1, (void *)1, b, 0);
	SHOW(a, FUTEX_REQUEUE, -1, (void *)1, b, 0);
	SHOW(a, FUTEX_REQUEUE, 1, (void *)-1, b, 0);
	SHOW(a, FUTEX_CMP_REQUEUE, 1, (void *)1, b, 0);
	SHOW(a, FUTEX_CMP_REQUEUE, 1, (void *)1, b, 1);
	SHOW(a, FUTEX_CMP_REQUEUE, 1, (void *)1, odd, 0);
	SHOW(a, FUTEX_WAKE_OP, 1, (void *)1, b, set);
	SHOW(a, FUTEX_WAKE_OP, 1, (void *)1, b, FUTEX_OP(FUTEX_OP_ADD, -1, FUTEX_OP_CMP_LT, 0));
	SHOW(a, FUTEX_WAKE_OP, 1, (void *)1, b, FUTEX_OP(FUTEX_OP_OR, 0x18, FUTEX_OP_CMP_GE, 0));
	SHOW(a, FUTEX_WAKE_OP, 1, (void *)1, b, FUTEX_OP(FUTEX_OP_ANDN, 2, FUTEX_OP_CMP_NE, 0));
	SHOW(a, FUTEX_WAKE_OP, 1, (void *)1, b, FUTEX_OP(12, 5, FUTEX_OP_CMP_GT, 0));
	SHOW(a, FUTEX_WAKE_OP, 1, (void *)1, b, FUTEX_OP(5, 1, FUTEX_OP_CMP_LE, 0));
	SHOW(a, FUTEX_WAKE_OP, 1, (void *)1, b, FUTEX_OP(FUTEX_OP_SET, 1, 6, 0));
	SHOW(a, FUTEX_WAKE_OP, 1, (void *)1, odd, set);
	SHOW(a, FUTEX_WAKE_OP, 1, (void *)1, NULL, set);
	SHOW(a, 99, 1, NULL, NULL, 0);
	printf("%d %d\n", words[0], words[1]);
	return 0;
}

/* ---- timeouts */

static long long now(clockid_t clock)
{
	struct timespec time;

	syscall(SYS_clock_gettime, clock, &time);
	return time.tv_sec * 1000000000ll + time.tv_nsec;
}

static struct timespec at(long long ns)
{
	return (struct timespec){.tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000};
}

static int timeouts(long long ns)
{
	long long start = now(CLOCK_MONOTONIC);
	struct timespec wait = at(ns), until = at(start + 2 * ns), passed = at(1);
	struct timespec wall = at(now(CLOCK_REALTIME) + 3 * ns);

	SHOW(words, FUTEX_WAIT, 0, &wait, NULL, 0);
	printf("%d\n", now(CLOCK_MONOTONIC) >= start + ns);
	SHOW(words, FUTEX_WAIT_BITSET, 0, &until, NULL, 1);
	printf("%d\n", now(CLOCK_MONOTONIC) >= start + 2 * ns);
	SHOW(words, FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, 0, &wall, NULL, 1);
	printf("%d\n", now(CLOCK_REALTIME) >= wall.tv_sec * 1000000000ll + wall.tv_nsec);
	SHOW(words, FUTEX_WAIT_BITSET, 0, &passed, NULL, 1);
	syscall(SYS_nanosleep, &wait, NULL);
	printf("%d\n", now(CLOCK_MONOTONIC) >= start + 3 * ns);
	return 0;
}

/* ---- other system calls */

static int random_number(void)
{
	unsigned number;

	assert(syscall(SYS_getrandom, &number, sizeof(number), 0) == sizeof(number));
	syscall(SYS_sched_yield);
	printf("%u\n", number);
	return syscall(SYS_gettid) <= 0;
}

static void *letter_write(void *letter)
{
	return (void *)(syscall(SYS_write, 1, letter, 1) - 1);
}

static int writes(void)
{
	pthread_t thread;

	assert(!pthread_create(&thread, NULL, letter_write, "a"));
	letter_write("b");
	return pthread_join(thread, NULL);
}

/* ---- a flag and a wake */

static void *wait_for_flag(void *unused)
{
	if (!words[0])
		futex(words, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
	return unused;
}

static int flag(int is_early)
{
	pthread_t thread;

	assert(!pthread_create(&thread, NULL, wait_for_flag, NULL));
	if (!is_early)
		words[0] = 1;
	futex(words, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
	if (is_early)
		words[0] = 1;
	return pthread_join(thread, NULL);
}

/* ---- waiters that are moved to a lock: words[0] is signalled, words[1] the lock */

static int counter;

static void lock(void)
{
	while (atomic_exchange(&words[1], 2))
		futex(&words[1], FUTEX_WAIT_PRIVATE, 2, NULL, NULL, 0);
}

static void unlock(void)
{
	atomic_store(&words[1], 0);
	futex(&words[1], FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static void *wait_and_count(void *unused)
{
	futex(words, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
	lock();
	counter++;
	unlock();
	return unused;
}

static int requeue(int count)
{
	pthread_t threads[4];

	for (int i = 0; i < count; i++)
		assert(!pthread_create(&threads[i], NULL, wait_and_count, NULL));
	lock();
	words[0] = 1;
	futex(words, FUTEX_CMP_REQUEUE_PRIVATE, 0, (void *)9, &words[1], 1);
	unlock();
	for (int i = 0; i < count; i++)
		assert(!pthread_join(threads[i], NULL));
	assert(counter == count);
	return 0;
}

/* ---- scripts */

struct waiter {
	char letter;
	int number;
};

static void *wait_as_told(void *argument)
{
	const struct waiter *waiter = argument;
	int word = (waiter->letter | 32) - 'a', bit = waiter->letter < 'a' ? 2 : 1;

	if (!futex(&words[word], FUTEX_WAIT_BITSET_PRIVATE, 0, NULL, NULL, (unsigned)bit))
		atomic_fetch_or(&through, 1 << waiter->number);
	return NULL;
}

static long call(const char *c)
{
	int first = c[1] - '0', second = c[1] ? c[2] - '0' : 0;
	void *more = (void *)(long)second;

	switch (*c) {
	case 'w':
		return futex(words, FUTEX_WAKE_PRIVATE, first, NULL, NULL, 0);
	case 'b':
		return futex(words, FUTEX_WAKE_BITSET_PRIVATE, first, NULL, NULL, 1);
	case 'r':
		return futex(words, FUTEX_REQUEUE_PRIVATE, first, more, &words[1], 0);
	case 'c':
		return futex(words, FUTEX_CMP_REQUEUE_PRIVATE, first, more, &words[1], 0);
	case 'o':
		return futex(words, FUTEX_WAKE_OP_PRIVATE, first, more, &words[1],
			     FUTEX_OP(FUTEX_OP_ADD, 1, FUTEX_OP_CMP_EQ, 0));
	case 'v':
		return futex(&words[1], FUTEX_WAKE_PRIVATE, first, NULL, NULL, 0);
	default:
		words[0] = first;
		return 0;
	}
}

static int script(const char *letters, char **calls)
{
	static struct waiter waiters[4];
	pthread_t thread;
	long sum = 0;

	for (int i = 0; letters[i]; i++) {
		waiters[i] = (struct waiter){.letter = letters[i], .number = i};
		assert(!pthread_create(&thread, NULL, wait_as_told, &waiters[i]));
	}
	for (; *calls; calls++)
		sum = sum * 4 + call(*calls);
	_exit((int)(sum * 16 + through) % 255);
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (!strcmp(what, "errors"))
		return errors();
	if (!strcmp(what, "timeouts"))
		return timeouts(atoll(argv[2]));
	if (!strcmp(what, "requeue"))
		return requeue(atoi(argv[2]));
	if (!strcmp(what, "script"))
		return script(argv[2], argv + 3);
	if (!strcmp(what, "random"))
		return random_number();
	if (!strcmp(what, "writes"))
		return writes();
	return flag(!strcmp(what, "early"));
}
