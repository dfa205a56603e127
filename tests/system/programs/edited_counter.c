/* A counter that loses an update, and what somebody may make of it: EDIT says which. A trace of the
 * first version is replayed with the others. */
#include <assert.h>
#include <pthread.h>
#include <stdio.h>

#define ORIGINAL       0
#define ADDED_PRINTF   1 /* a line of output, and a variable for it */
#define RENAMED	       2
#define MOVED_FUNCTION 3
#define ADDED_LOCK     4 /* calls are counted, under another lock */
#define ADDED_THREAD   5 /* that comes and goes before the end */
#define REMOVED_LOCKS  6
#define REMOVED_READ   7 /* what is written does not depend on the counter any more */
#define FIXED_OUTSIDE  8 /* a lock around both steps: the old order cannot be */
#define FIXED_ATOMIC   9 /* nothing is left of the steps */
#define WITHOUT_ASSERT 10
#define ANOTHER_ASSERT 11 /* fails in the same execution, and says something else */

#if EDIT == RENAMED
#define counter total
#endif

static int counter;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#if EDIT == FIXED_OUTSIDE
static pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER;
#endif

#if EDIT == ADDED_LOCK
static int calls;
static pthread_mutex_t calls_lock = PTHREAD_MUTEX_INITIALIZER;

static void call_count(void)
{
	pthread_mutex_lock(&calls_lock);
	calls++;
	pthread_mutex_unlock(&calls_lock);
}
#endif

static void take(void)
{
#if EDIT != REMOVED_LOCKS
	pthread_mutex_lock(&lock);
#endif
}

static void give(void)
{
#if EDIT != REMOVED_LOCKS
	pthread_mutex_unlock(&lock);
#endif
}

static void set(int value)
{
	take();
	counter = value;
	give();
}

#if EDIT == MOVED_FUNCTION
static int get(void);
#endif

#if EDIT != MOVED_FUNCTION
static int get(void)
{
	int value;

	take();
	value = counter;
	give();
	return value;
}
#endif

static void *work(void *unused)
{
#if EDIT == ADDED_PRINTF
	int found = get();

	printf("found %d\n", found);
	fflush(stdout);
	set(found + 1);
#elif EDIT == ADDED_LOCK
	call_count();
	set(get() + 1);
	call_count();
#elif EDIT == REMOVED_READ
	set(7);
#elif EDIT == FIXED_OUTSIDE
	pthread_mutex_lock(&outer);
	set(get() + 1);
	pthread_mutex_unlock(&outer);
#elif EDIT == FIXED_ATOMIC
	__atomic_fetch_add(&counter, 1, __ATOMIC_SEQ_CST);
#else
	set(get() + 1);
#endif
	return unused;
}

#if EDIT == MOVED_FUNCTION
static int get(void)
{
	int value;

	take();
	value = counter;
	give();
	return value;
}
#endif

static void end(pthread_t one, pthread_t other)
{
	pthread_join(one, NULL);
	pthread_join(other, NULL);
#if EDIT == ANOTHER_ASSERT
	assert(counter > 5);
#elif EDIT != WITHOUT_ASSERT
	assert(counter == 2);
#endif
}

int main(void)
{
	pthread_t one, other;

	pthread_create(&one, NULL, work, NULL);
	pthread_create(&other, NULL, work, NULL);
#if EDIT == ADDED_THREAD
	pthread_t third;

	pthread_create(&third, NULL, work, NULL);
	pthread_join(third, NULL);
	counter--;
#endif
	(void)get;
	end(one, other);
	return 0;
}
