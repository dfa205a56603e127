/* fault.h - a fatal signal that is the program's own doing. */
#ifndef HEDDLE_SESSION_FAULT_H
#define HEDDLE_SESSION_FAULT_H

#include <signal.h>
#include <ucontext.h>

/* Ends the execution with a crash. Returns where the thread is to announce that first, as a handler
 * does that has changed `context`. Requires: a thread runs. */
void fault_take(int signal, const siginfo_t *info, ucontext_t *context);

#endif
