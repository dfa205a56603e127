/* watch.h - accesses of uninstrumented code to watched memory are events: session/watch.c. */
#ifndef HEDDLE_SESSION_WATCH_H
#define HEDDLE_SESSION_WATCH_H

#include "session/session.h"

#include <ucontext.h>

/* Sets the watchpoints, and breakpoints at what is known to access what is watched. Ends the
 * process where the kernel refuses. */
void watch_start(void);

/* Sets breakpoints at what other workers have found. */
void watch_adopt(void);

/* True where the instruction at `address` is about to access what is watched. */
bool watch_concerns(unsigned long address, const greg_t *registers);

/* Announces its accesses. When this returns, the instruction must be carried out at once. */
void watch_before(struct thread *self, unsigned long address, const greg_t *registers);

/* The instruction before `next` has accessed what is watched. */
void watch_after(unsigned long next, const greg_t *registers);

#endif
