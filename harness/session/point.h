/* point.h - scheduling points in code that was not instrumented: at instructions that the command
 * line names (--point), and at accesses to memory that it names (--watch, session/watch.h). */
#ifndef HEDDLE_SESSION_POINT_H
#define HEDDLE_SESSION_POINT_H

#include "session/session.h"

#include <ucontext.h>

/* Sets them, as the configuration says. Where that cannot be done the process ends, and the report
 * says why. Call once, just before main. */
void point_start(void);

/* An execution begins: sets what the executions before have left, and what other workers have
 * found. */
void point_begin(void);

/* A SIGTRAP. False where it is the program's own. */
bool point_trap(const siginfo_t *info, ucontext_t *context);

/* The thread that `context` is of will not go on where it is. */
void point_abandon(ucontext_t *context);

/* The program cannot be run as is wanted: `why`, `name`. */
void point_refuse(const char *why, const char *name) __attribute__((noreturn));

#endif
