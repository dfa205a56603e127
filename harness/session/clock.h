/* clock.h - virtual time. It begins at a fixed date, moves a microsecond with every look at it and
 * with what threads do (session/pace.h), and jumps to the first deadline when every thread waits.
 */
#ifndef HEDDLE_SESSION_CLOCK_H
#define HEDDLE_SESSION_CLOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#define SECOND_NS 1000000000ul

/* Looks at `clock`: time since its epoch, in ns. Clocks that are not of wall time count from the
 * start of the program. Processor time is what has passed without anybody having to sleep for it;
 * it is the same number for each thread and the process. */
uint64_t clock_now(clockid_t clock);

/* True for the clocks that POSIX lets a timed wait name. */
bool clock_can_wait(clockid_t clock);

/* What is no time, as its nanoseconds are a second or more: EINVAL, where one has to wait for it.
 */
#define DEADLINE_WRONG (UINT64_MAX - 1)

/* The virtual time (execution.now_ns) at which `clock` shows `until`; or DEADLINE_WRONG. */
uint64_t clock_deadline(clockid_t clock, const struct timespec *until);

/* The virtual time when so much more has passed. Requires: not negative. */
uint64_t clock_after(const struct timespec *duration);

/* True for what can be slept: neither negative nor with a second or more of nanoseconds. */
bool clock_is_duration(const struct timespec *duration);

/* True for what is a clock's number. */
bool clock_is_known(clockid_t clock);

#endif
