/* signals.h - signals between the program's threads: masks, handlers, waits. */
#ifndef HEDDLE_SESSION_SIGNALS_H
#define HEDDLE_SESSION_SIGNALS_H

#include "session/session.h"

#include <pthread.h>
#include <signal.h>

/* Runs the handler of a signal that has come to `self`. True where it was installed with
 * SA_RESTART.
 */
bool signals_deliver(struct thread *self, int number);

/* As POSIX has pthread_kill and raise: 0 or an error number. */
int signals_send(struct thread *self, pthread_t target, int number, const void *pc);
int signals_raise(struct thread *self, int number);

/* The same for the process, as kill() of oneself. */
int signals_send_process(struct thread *self, int number, const void *pc);

/* What a handler or a wait is told of a signal. */
void signals_info(int number, siginfo_t *info);

/* Nobody can go, but some wait for signals: waits for one from outside. False where that is not to
 * be hoped for. */
bool signals_wait_outside(void);

/* The thread's mask: sigprocmask(2), with `how` and results as there. */
int signals_mask(struct thread *self, int how, const sigset_t *set, sigset_t *old, const void *pc);
void signals_pending(const struct thread *self, sigset_t *set);

/* Waits for one of `set` until `deadline_ns` of virtual time, or DEADLINE_NONE, at a cancellation
 * point: its number; 0 for a handler that was run, negative for the deadline. With an empty set
 * this is pause(). */
int signals_wait(struct thread *self, uint64_t set, uint64_t deadline_ns, const void *pc);

/* The same with another mask meanwhile: sigsuspend(). */
void signals_suspend(struct thread *self, const sigset_t *mask, const void *pc);

/* The program has installed an action. */
void signals_remember(int number, const struct sigaction *action);

/* The set as one word. */
uint64_t signals_of(const sigset_t *set);

#endif
