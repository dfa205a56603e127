/* loop.h - loops that wait in code that was not instrumented: `while (!flag) ;` on a plain,
 * volatile or atomic variable, a lock made of atomics, a reader of a sequence lock.
 *
 * Such a loop has no scheduling point in it, so nobody else would ever come to change what it
 * reads. Where a thread has run for a while without an event it is carried out one instruction at a
 * time (machine/cycle.h). If it goes round and changes nothing, it waits at the loop's head: an
 * operation on no object (OP_POINT), which is possible once some of the memory that the loop reads
 * is different. Where the thread waits, and what for, depends on nothing but what is in memory, so
 * it does not matter when it was looked at.
 */
#ifndef HEDDLE_SESSION_LOOP_H
#define HEDDLE_SESSION_LOOP_H

#include "session/session.h"

#include <ucontext.h>

struct breakpoint_frame;

/* Prepares tables. Call once, on the carrier. */
void loop_init(void);

/* An execution begins, perhaps in a new process. */
void loop_begin(void);

/* A thread has come to a breakpoint at `address`. True where it is now looked at whether it waits
 * there: the head of a loop in which a thread has waited before. */
bool loop_looks_at(unsigned long address, ucontext_t *context);

/* The signal from time to time (machine/tick.h). */
void loop_tick(ucontext_t *context);

/* A SIGTRAP. True where it was for this. */
bool loop_trap(const siginfo_t *info, ucontext_t *context);

/* A SIGTRAP that nobody else was waiting for. True where it comes from a search that was given up.
 */
bool loop_trap_late(const siginfo_t *info, ucontext_t *context);

/* The code that `context` is of goes on elsewhere. */
void loop_abandon(ucontext_t *context);

/* On the stack of a thread that a detour (machine/breakpoint.h) has brought here: it waits at
 * `address`, the head of a loop. */
void loop_wait(unsigned long address);

/* The running thread has called what gives others a turn, and that was no event. */
void loop_has_yielded(void);

/* The same, and it was an event. */
void loop_yield_ends(void);

/* True while a thread is looked at that had yielded to nobody for long: more of that is no event.
 */
bool loop_is_silent(void);

/* No thread can run. True where somebody outside of the program may change what one waits for in
 * such a loop: some time has passed, and it is to be looked at again. */
bool loop_wait_outside(void);

#endif
