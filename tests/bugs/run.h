/* run.h - starts the threads of a program and waits until they have ended. */
#ifndef TESTS_BUGS_RUN_H
#define TESTS_BUGS_RUN_H

#include "../../scenarios/must.h"

#include <pthread.h>
#include <stddef.h>

#define RUN_MAX 8

/* RUN(one, other): a thread for each function. */
#define RUN(...) run_all((void *(*[RUN_MAX])(void *)){__VA_ARGS__})

static inline void run_all(void *(*const bodies[RUN_MAX])(void *))
{
	pthread_t threads[RUN_MAX];
	size_t count = 0;

	for (; count < RUN_MAX && bodies[count]; count++)
		MUST(pthread_create(&threads[count], NULL, bodies[count], NULL));
	for (size_t i = 0; i < count; i++)
		MUST(pthread_join(threads[i], NULL));
}

#endif
