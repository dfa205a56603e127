/* interrupt.h - what threads send each other: cancellations and signals (model/interrupt.h).
 *
 * An exhaustive search learns of which threads are sent anything, as it learns of which memory two
 * threads reach: at the first time it starts anew, and from then on whatever of that thread may be
 * interrupted is an event that depends on the sending. A program in which nobody is sent anything
 * has no events of this kind.
 */
#ifndef HEDDLE_SESSION_INTERRUPT_H
#define HEDDLE_SESSION_INTERRUPT_H

#include "session/session.h"

#include <pthread.h>

/* Prepares tables. Call once, before the first thread. */
void interrupt_init(void);

/* `thread` is new, by `parent` or null; its number that is the same in all executions is known. */
void interrupt_begin(struct thread *thread, const struct thread *parent);

/* What was sent is part of the execution. */
void interrupt_save(void);
void interrupt_restore(void);

/* What the search has learned so far is marked: session.sharing. */
void interrupt_learned(void);

/* True where an exhaustive search has learned that what may interrupt the thread now is sent to it.
 */
bool interrupt_is_marked(const struct thread *thread);
static inline bool interrupt_is_seen(const struct thread *thread)
{
	return __builtin_expect(session.interrupts, 0) && interrupt_is_marked(thread);
}

/* What of that the reduction has to know: the bits of `thread->interrupts` that are sent. */
uint64_t interrupt_events(const struct thread *thread);

static inline bool interrupt_is_due(const struct thread *thread)
{
	return __builtin_expect((*thread->sent & thread->interrupts) != 0, 0);
}

/* `thread`, for which something is due, can go. */
bool interrupt_may_go(const struct thread *thread);

/* Says in the recording what becomes of the operation. */
void interrupt_record(const struct thread *self);

/* After a step of `self` for which something was due: takes it. True where the operation is to be
 * announced again; does not return where the thread ends. */
bool interrupt_take(struct thread *self);

/* Before a call that fails when a handler has been run: a signal that came before does not make it
 * fail. An event where signals are sent to the thread, as after the mask lets one through. */
void interrupt_before(struct thread *self, const void *pc);

/* The thread's function has returned: what has been sent until now is still taken. */
void interrupt_last(struct thread *self);

/* Before and after a call that is a cancellation point, and that does `way` when a handler has been
 * run. Ends the thread where it is cancelled already by itself. `self->interrupted` tells whether
 * the call is to fail: EINTR. */
void interrupt_point_begin(struct thread *self, enum interrupt_way way);
void interrupt_point_end(struct thread *self);

/* Whether the operation of such a call can be carried out without being announced, as far as this
 * goes. */
bool interrupt_point_is_quiet(const struct thread *self);

/* A cancellation point that does not wait, and what it is for: to test is an event wherever others
 * may go. */
enum interrupt_reason { INTERRUPT_TEST, INTERRUPT_SLEEP, INTERRUPT_CALL };
void interrupt_test(struct thread *self, enum interrupt_reason reason, const void *pc);

/* The same, before a call of the program that is one. `self` may be null: not controlled. */
void interrupt_call(struct thread *self, const void *pc);

/* Ends the thread, as pthread_exit(PTHREAD_CANCELED). */
void interrupt_act(struct thread *self) __attribute__((noreturn));

/* Between a thread and its end nothing interrupts it. */
void interrupt_end(struct thread *self);

/* POSIX's pthread_cancel, _setcancelstate, _setcanceltype: 0 or an error number. */
int interrupt_cancel(struct thread *self, pthread_t target, const void *pc);
int interrupt_set_state(struct thread *self, int state, int *old, const void *pc);
int interrupt_set_type(struct thread *self, int type, int *old, const void *pc);

/* Sends a signal to another thread: an event. */
void interrupt_send(struct thread *self, struct thread *target, uint64_t bits, const void *pc);

/* A replay of an execution of an exhaustive search comes to a place where it may be, or not be, at
 * such an operation: true where it is. */
bool interrupt_is_planned(const struct thread *self, enum op op);

#endif
