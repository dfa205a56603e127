/* misuse.h - the objects of misuse.c, and the cases of misuse_ends.c. */
#ifndef HEDDLE_TESTS_MISUSE_CASES_H
#define HEDDLE_TESTS_MISUSE_CASES_H

#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <threads.h>

extern pthread_mutex_t m, m2;
extern pthread_cond_t c;
extern pthread_rwlock_t rw;
extern pthread_spinlock_t spin;
extern sem_t ready;
/* The twin that is right is wanted. */
extern bool right;
extern int flag;

typedef void *body(void *argument);

pthread_t go(body *function);
void join(pthread_t thread);
void *wait_c(void *argument);

typedef void misuse_case(void);
extern misuse_case destroy_used, destroy_last, destroy_held, lock_destroyed, destroy_twice,
	init_held, init_in_heap, stack, destroy_waited, destroy_barrier, barrier_again,
	barrier_unmade, destroy_sem, post_destroyed, destroy_rwlock, destroy_spin, spin_destroyed,
	c11;

#endif
