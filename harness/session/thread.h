/* thread.h - the life of the program's threads. */
#ifndef HEDDLE_SESSION_THREAD_H
#define HEDDLE_SESSION_THREAD_H

#include "session/session.h"

#include <pthread.h>

/* Makes thread 0 on `fiber`, to run `function` as main. Returns the fiber. */
struct fiber *thread_main(struct fiber *fiber, int (*function)(int, char **, char **), int argc,
			  char **argv, char **envp);

/* As POSIX has pthread_create, _join, _detach. */
int thread_create(struct thread *self, pthread_t *created, const pthread_attr_t *attr,
		  void *(*start)(void *), void *argument, const void *pc);
int thread_join(struct thread *self, pthread_t thread, void **result, uint64_t deadline_ns,
		const void *pc);
int thread_detach(struct thread *self, pthread_t thread, const void *pc);

/* As pthread_tryjoin_np. */
int thread_try_join(struct thread *self, pthread_t thread, void **result, const void *pc);

/* The thread behind a pthread_t, or null. */
struct thread *thread_of(pthread_t thread);

/* The process is about to end: an event. Afterwards only `self` runs. */
void thread_exit_process(struct thread *self, int status, const void *pc);

/* Adds a destructor to a key of thread-specific data, or takes it away (null). */
void thread_key_destructor(pthread_key_t key, void (*destructor)(void *));

#endif
