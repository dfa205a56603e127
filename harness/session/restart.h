/* restart.h - starting the program anew when an exhaustive search has learned what it did not know.
 *
 * A byte that turns out to be visible may have been accessed before the snapshot, so the snapshot
 * itself may have been taken too late. The process therefore waits just before main, as it were,
 * and lets a child do everything: when the child finds that its executions are void, it ends, and
 * the next child begins with what is known by then.
 */
#ifndef HEDDLE_SESSION_RESTART_H
#define HEDDLE_SESSION_RESTART_H

#include <stdbool.h>

/* Returns in a child, once for each time that the program has to begin. The caller itself never
 * returns. */
void restart_guard(void);

/* Ends the process, to begin anew, if work_is_void(). */
void restart_if_void(void);

/* The same in any case: what must be known before the first choice has been learned only now. */
void restart_now(void) __attribute__((noreturn));

/* True where there is such a process. */
bool restart_is_guarded(void);

#endif
