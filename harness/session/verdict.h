/* verdict.h - how an execution ends. None of these returns: the carrier takes over. */
#ifndef HEDDLE_SESSION_VERDICT_H
#define HEDDLE_SESSION_VERDICT_H

#include "session/session.h"

#include <signal.h>
#include <ucontext.h>

/* The program reached its end with `status`: passed, or an exit status. Returns where the process
 * is to end by itself (SESSION_RUN that passed). */
void verdict_exit(int status);

/* The current thread is about to end the process by `op`: an event, unless the end has begun. */
void verdict_announce(enum op op, const void *pc);
/* ... and cannot say so before. A reduced search that is to go on after it then misses executions,
 * unless nobody else is left; and any exhaustive one may, where a thread has not begun. */
void verdict_unannounced(const void *pc);

/* `message` as the C library words it; `pc` where the assertion is. */
void verdict_assertion(const char *message, const void *pc) __attribute__((noreturn));
/* The program called abort(). */
void verdict_abort(const void *pc) __attribute__((noreturn));
/* The current thread misuses an object, or a thread's handle. */
void verdict_object_misuse(const struct misuse_report *misuse, const void *pc)
	__attribute__((noreturn));
/* Misuse of the heap, at `pc`. */
void verdict_heap(enum verdict verdict, const struct heap_report *heap, const void *pc)
	__attribute__((noreturn));
/* The program is not interested in the execution; asked for at `pc`. */
void verdict_assumed(const void *pc) __attribute__((noreturn));
/* The execution can only repeat one that has been explored. */
void verdict_redundant(void) __attribute__((noreturn));
/* Only the passing of time could let anybody go on, and that is part of another execution. */
void verdict_untimely(void) __attribute__((noreturn));

/* The execution is longer than the search can follow. */
void verdict_endless(void) __attribute__((noreturn));
/* Nobody can run: a deadlock, or a livelock where some wait in a loop. */
void verdict_deadlock(void) __attribute__((noreturn));
void verdict_diverged(void) __attribute__((noreturn));

/* A fatal signal: a crash, or a stack overflow. */
void verdict_fault(int signal, const siginfo_t *info, const ucontext_t *context)
	__attribute__((noreturn));
void verdict_stuck(const ucontext_t *context) __attribute__((noreturn));

/* Two accesses race, the second of them at `pc`; `race` of the report is filled in. */
void verdict_race(uint64_t signature, const void *pc) __attribute__((noreturn));

/* Hands over a look at the thread that asked for it; called on the carrier. */
void verdict_look(void);

/* Fills in the threads of the report; called on the carrier, when someone wants to see it. */
void verdict_threads(void);

/* Hands the report to the command and waits until it has read it. */
void verdict_hand_over(void);

#endif
