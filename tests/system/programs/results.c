/* What pthread calls and malloc return, by POSIX and the C library's manual. Run natively and under
 * heddle: both must agree with it. */
#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define EXPECT(call, wanted)                                                                       \
	do {                                                                                       \
		long got = (long)(call);                                                           \
                                                                                                   \
		if (got != (long)(wanted)) {                                                       \
			printf("line %d: %s = %ld, not %ld\n", __LINE__, #call, got,               \
			       (long)(wanted));                                                    \
			wrong++;                                                                   \
		}                                                                                  \
	} while (0)

static int wrong;
static pthread_mutex_t normal = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t recursive = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static pthread_mutex_t checking = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;
static pthread_mutex_t adaptive = PTHREAD_ADAPTIVE_MUTEX_INITIALIZER_NP;

static void *try(void *mutex)
{
	return (void *)(long)pthread_mutex_trylock(mutex);
}

static void *unlock(void *mutex)
{
	return (void *)(long)pthread_mutex_unlock(mutex);
}

static void *nothing(void *argument)
{
	return argument;
}

/* What `function` returns in a thread of its own. */
static long elsewhere(void *(*function)(void *), void *argument)
{
	pthread_t thread;
	void *result;

	pthread_create(&thread, 0, function, argument);
	pthread_join(thread, &result);
	return (long)result;
}

static void held_again(pthread_mutex_t *mutex, int kind)
{
	if (kind == PTHREAD_MUTEX_RECURSIVE) {
		EXPECT(pthread_mutex_lock(mutex), 0);
		EXPECT(pthread_mutex_trylock(mutex), 0);
		EXPECT(pthread_mutex_unlock(mutex), 0);
		EXPECT(pthread_mutex_unlock(mutex), 0);
		EXPECT(elsewhere(unlock, mutex), EPERM);
	}
	if (kind == PTHREAD_MUTEX_ERRORCHECK) {
		EXPECT(pthread_mutex_lock(mutex), EDEADLK);
		EXPECT(pthread_mutex_trylock(mutex), EBUSY);
		EXPECT(elsewhere(unlock, mutex), EPERM);
	}
	if (kind == PTHREAD_MUTEX_NORMAL)
		EXPECT(pthread_mutex_trylock(mutex), EBUSY);
}

static void mutex_of_kind(int kind)
{
	pthread_mutexattr_t attr;
	pthread_mutex_t mutex;

	pthread_mutexattr_init(&attr);
	EXPECT(pthread_mutexattr_settype(&attr, kind), 0);
	EXPECT(pthread_mutex_init(&mutex, &attr), 0);
	EXPECT(pthread_mutex_lock(&mutex), 0);
	EXPECT(elsewhere(try, &mutex), EBUSY);
	held_again(&mutex, kind);
	EXPECT(pthread_mutex_unlock(&mutex), 0);
	if (kind == PTHREAD_MUTEX_RECURSIVE || kind == PTHREAD_MUTEX_ERRORCHECK)
		EXPECT(pthread_mutex_unlock(&mutex), EPERM);
	EXPECT(pthread_mutex_destroy(&mutex), 0);
}

static void mutexes(void)
{
	pthread_mutex_t *const all[] = {&normal, &recursive, &checking, &adaptive};

	mutex_of_kind(PTHREAD_MUTEX_NORMAL);
	mutex_of_kind(PTHREAD_MUTEX_RECURSIVE);
	mutex_of_kind(PTHREAD_MUTEX_ERRORCHECK);
	mutex_of_kind(PTHREAD_MUTEX_ADAPTIVE_NP);
	for (int i = 0; i < 4; i++) {
		EXPECT(pthread_mutex_lock(all[i]), 0);
		EXPECT(elsewhere(try, all[i]), EBUSY);
		EXPECT(pthread_mutex_unlock(all[i]), 0);
	}
}

static void threads(void)
{
	pthread_t self = pthread_self(), thread;
	pthread_attr_t attr;
	char name[16];

	EXPECT(pthread_join(self, 0), EDEADLK);
	EXPECT(!pthread_equal(self, pthread_self()), 0);
	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	EXPECT(pthread_create(&thread, &attr, nothing, 0), 0);
	EXPECT(pthread_create(&thread, 0, nothing, 0), 0);
	EXPECT(pthread_detach(thread), 0);
	EXPECT(pthread_setname_np(self, "0123456789abcdef"), ERANGE);
	EXPECT(pthread_setname_np(self, "worker"), 0);
	EXPECT(pthread_getname_np(self, name, sizeof(name)), 0);
	EXPECT(strcmp(name, "worker"), 0);
	EXPECT(pthread_getname_np(self, name, 3), ERANGE);
}

static void conditions(void)
{
	pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
	struct timespec past;

	clock_gettime(CLOCK_REALTIME, &past);
	past.tv_sec--;
	pthread_mutex_lock(&normal);
	EXPECT(pthread_cond_timedwait(&cond, &normal, &past), ETIMEDOUT);
	EXPECT(pthread_mutex_trylock(&normal), EBUSY);
	EXPECT(pthread_mutex_unlock(&normal), 0);
	EXPECT(pthread_cond_signal(&cond), 0);
	EXPECT(pthread_cond_broadcast(&cond), 0);
	EXPECT(pthread_cond_destroy(&cond), 0);
}

static void heap(void)
{
	volatile size_t all = (size_t)-1, half = 1ul << 33;
	char *block, *same;
	void *aligned;

	EXPECT(posix_memalign(&aligned, 3, 10), EINVAL);
	EXPECT(posix_memalign(&aligned, 4096, 10), 0);
	EXPECT((unsigned long)aligned % 4096, 0);
	EXPECT(malloc_usable_size(aligned) >= 10, 1);
	free(aligned);
	aligned = aligned_alloc(64, 128);
	EXPECT((unsigned long)aligned % 64, 0);
	free(realloc(aligned, 100000));
	EXPECT(malloc(all), 0);
	EXPECT(errno, ENOMEM);
	EXPECT(calloc(half, half), 0);
	block = calloc(1, 100);
	EXPECT(block[99], 0);
	memset(block, 1, 100);
	same = realloc(block, malloc_usable_size(block));
	EXPECT(same == block, 1);
	same = realloc(same, 100000);
	EXPECT(same[99], 1);
	free(same);
}

int main(void)
{
	mutexes();
	threads();
	conditions();
	heap();
	printf("%d wrong\n", wrong);
	return wrong != 0;
}
