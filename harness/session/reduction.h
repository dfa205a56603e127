/* reduction.h - feeds the partial-order reduction (policy/dpor.h) with what the threads do. All
 * calls do nothing unless the search is a reducing one. */
#ifndef HEDDLE_SESSION_REDUCTION_H
#define HEDDLE_SESSION_REDUCTION_H

#include "session/session.h"

/* Reserves the tables, in memory that forked executions share with their worker. Call once, before
 * main runs. */
void reduction_init(void);

/* The policy over them. */
struct policy reduction_policy(void);

/* `self` is about to carry out the operation that it announced. */
void reduction_event(const struct thread *self);

/* Whether it has to be asked also where a thread goes on alone, to end the process. */
bool reduction_asks_at_exit(void);

/* The outcome of that operation, if it was an event, on `object`: it did not succeed; the
 * semaphore's value before, or the barrier's generation; the values of a compare-exchange or
 * another atomic write. */
void reduction_failed(const void *object);
void reduction_number(const void *object, uint32_t number);
void reduction_exchange(const void *object, uint64_t expected, bool succeeded);

/* The operation has changed nothing. */
void reduction_void(const void *object);
/* It has set the value. */
void reduction_set(const void *object, uint64_t value);
/* Which of so many ways the operation goes; the last one may be scarce (policy/dpor_choice.h).
 * Where the search reduces. */
uint32_t reduction_choose(uint32_t ways, bool last_is_scarce);

/* Operations on `object` that would commute do not, as it is used: from now on, in all executions,
 * for which the search starts anew. */
void reduction_contended(const void *object);
bool reduction_is_contended(const void *object);

/* Gives `thread` its number that is the same in all executions, by its parent and whose how-manieth
 * it is, and a part of the heap that no other one has in any execution. False where all executions
 * together have more threads than there is room for. */
bool reduction_name(const struct thread *parent, struct thread *thread);
void reduction_joined(const struct thread *joiner, const struct thread *ended);

/* The number of the thread that is the same in all executions that the search takes for equivalent;
 * its own where the search does not reduce. */
static inline uint32_t reduction_thread(const struct thread *thread)
{
	return session.reducing ? thread->name_number : thread->number;
}

/* The first choice is about to be made. */
void reduction_mark(void);

/* The execution is over: remembers what the threads had announced. */
void reduction_collect(void);

/* This process is a child that carries out one execution: it may die at once, and then somebody
 * else plans. */
void reduction_is_forked(void);

/* Before such a child begins: what threads had announced is not known. The child died without a
 * word: what others could have done instead is as it was at the last event, at best. */
void reduction_forget(void);
void reduction_died(void);

/* Undoes what a killed predecessor left half done in the tree that the workers share. False where
 * the search has to begin anew. */
bool reduction_mend(void);

/* Sets the tree up for the generation of the search, unless another worker has. With the lock. */
void reduction_join(void);

/* How many executions this worker and its predecessors have to their account. */
uint64_t reduction_executions(void);

enum reduction_work {
	REDUCTION_READY, /* there is an execution to carry out */
	REDUCTION_WAIT,	 /* not now: others have all of the work */
	REDUCTION_OVER,
};

/* Whether there is something to do. */
enum reduction_work reduction_work(void);

/* Plans what is to be explored and moves to the next execution. The last one `counts`, or was given
 * up. */
void reduction_next(bool counts);

/* The planned execution cannot be carried out, nor those that begin like it. */
void reduction_leave_out(void);

/* Others have no work. */
void reduction_donate(void);

/* True when the execution has more events than there is room for. */
bool reduction_is_full(void);

/* True when the execution was given up, since it could only repeat one. */
bool reduction_is_redundant(void);

/* True when it went another way than one that began alike; how. */
bool reduction_differs(void);
void reduction_difference(struct shared_event *expected, struct shared_event *got);

#endif
