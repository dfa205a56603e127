/* Two threads that take two locks in different orders, one of them after it was woken, and what
 * somebody may make of it: EDIT says which. */
#include <pthread.h>
#include <stdio.h>

#define ORIGINAL     0
#define ADDED_PRINTF 1
#define RENAMED	     2
#define ADDED_LOCK   3 /* outside, taken and given back before */
#define FIXED_ORDER  4 /* both in the same order */
#define REMOVED_WAIT 5 /* no condition variable any more */

#if EDIT == RENAMED
#define left  fork_left
#define right fork_right
#endif

static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t right = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t start = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t started = PTHREAD_COND_INITIALIZER;
static int go;

static void both(pthread_mutex_t *one, pthread_mutex_t *other)
{
#if EDIT == ADDED_LOCK
	static pthread_mutex_t extra = PTHREAD_MUTEX_INITIALIZER;

	pthread_mutex_lock(&extra);
	pthread_mutex_unlock(&extra);
#endif
	pthread_mutex_lock(one);
#if EDIT == ADDED_PRINTF
	puts("one");
#endif
	pthread_mutex_lock(other);
	pthread_mutex_unlock(other);
	pthread_mutex_unlock(one);
}

static void *work(void *unused)
{
#if EDIT != REMOVED_WAIT
	pthread_mutex_lock(&start);
	while (!go)
		pthread_cond_wait(&started, &start);
	pthread_mutex_unlock(&start);
#endif
#if EDIT == FIXED_ORDER
	both(&left, &right);
#else
	both(&right, &left);
#endif
	return unused;
}

int main(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, work, NULL);
	pthread_mutex_lock(&start);
	go = 1;
	pthread_cond_signal(&started);
	pthread_mutex_unlock(&start);
	both(&left, &right);
	pthread_join(thread, NULL);
	return 0;
}
