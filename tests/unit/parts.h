/* parts.h - what random programs are made of: a few steps that belong together, of one kind of
 * operation. */
#ifndef HEDDLE_TESTS_PARTS_H
#define HEDDLE_TESTS_PARTS_H

#include "base/rng.h"
#include "unit/program.h"

/* Adds such steps to the thread's. */
typedef void part_fn(struct rng *rng, struct program *program, int thread);

part_fn part_access;   /* plain reads and writes */
part_fn part_memory;   /* accesses of all kinds and sizes, that overlap, and through pointers */
part_fn part_branch;   /* steps left out, depending on what is read */
part_fn part_exchange; /* compare-exchanges, stores and loads */
part_fn part_mutex;
part_fn part_try;    /* mutexes, some of them tried */
part_fn part_nested; /* two mutexes, in any order */
part_fn part_semaphore;
part_fn part_semaphore_try; /* semaphores, some of them tried */
part_fn part_rwlock;
part_fn part_rwlock_kept; /* read-write locks, some of them never given back */
part_fn part_rwlock_try;  /* read-write locks, some of them tried */
part_fn part_condition;	  /* waits that may last for ever, signals with the mutex and without */
part_fn part_flag;	  /* a wait only where a flag is not set */
part_fn part_spin;
part_fn part_once;    /* once controls, whose initialisers may have to wait */
part_fn part_channel; /* pipes, and what else the kernel has */
part_fn part_barrier;
part_fn part_loop;	  /* loops that wait: for a value, for a try to succeed, under a lock */
part_fn part_futex;	  /* waits and wakes, of one, some, all */
part_fn part_futex_taken; /* and those that take waiters out of the queue */
part_fn part_way;	  /* waits that may also end otherwise than by a signal */
part_fn part_way_and_other;
part_fn part_yield; /* what no other thread can see, or the program itself: output */

/* A program of 2 to 4 threads, with 1 to `parts` parts of `part` each. */
struct program program_of(struct rng *rng, part_fn *part, uint32_t parts);

/* A program of a few kinds of parts; some have threads that others create and join, a barrier that
 * is too small, or an exit of the process. */
struct program program_of_any(struct rng *rng);

/* The same of threads that signal and cancel each other. */
struct program program_of_interrupts(struct rng *rng);

#endif
