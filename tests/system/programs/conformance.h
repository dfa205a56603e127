/* conformance.h - a table whose rows stand where their cases do: conformance.c. */
#ifndef HEDDLE_TESTS_CONFORMANCE_H
#define HEDDLE_TESTS_CONFORMANCE_H

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

struct row {
	const char *name;
	long (*call)(void);
	long wanted;
};

/* A row of the table; the body makes the state, calls, and returns the result. */
#define ROW(title, result, ...)                                                                    \
	static long title(void) __VA_ARGS__ static const struct row row_##title                    \
		__attribute__((section("rows"), used, aligned(8))) = {#title, title, result}

extern const struct row __start_rows[], __stop_rows[];

static inline struct timespec past(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	now.tv_sec--;
	return now;
}

static inline struct timespec wrong_time(void)
{
	struct timespec now = past();

	now.tv_sec += 100;
	now.tv_nsec = 1000000000;
	return now;
}

/* What `function` returns in a thread of its own. */
static inline long elsewhere(void *(*function)(void *), void *argument)
{
	pthread_t thread;
	void *result;

	pthread_create(&thread, 0, function, argument);
	pthread_join(thread, &result);
	return (long)result;
}

static inline int error_of(int result)
{
	return result ? errno : 0;
}

#define ATTR(type, set, value)                                                                     \
	{                                                                                          \
		type##_t attr;                                                                     \
		type##_init(&attr);                                                                \
		return set(&attr, value);                                                          \
	}
#define ATTR_IS(type, get)                                                                         \
	{                                                                                          \
		type##_t attr;                                                                     \
		int value = -1;                                                                    \
		type##_init(&attr);                                                                \
		get(&attr, &value);                                                                \
		return value;                                                                      \
	}

/* The mutex of the rows, made anew; held by the caller; and a lock of it that must not wait, for
 * elsewhere(). */
extern pthread_mutex_t mutex;
pthread_mutex_t *made(int type, int robust, int protocol);
pthread_mutex_t *of_type(int type);
pthread_mutex_t *held(int type);
void *trylock(void *argument);

#endif
