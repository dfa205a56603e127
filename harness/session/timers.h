/* timers.h - timerfd against virtual time.
 *
 * The kernel's timer is only set when, by the virtual clock, it is over: then it expires at once,
 * so that the kernel says of its descriptor, and of an epoll that has it, what is right. */
#ifndef HEDDLE_SESSION_TIMERS_H
#define HEDDLE_SESSION_TIMERS_H

#include "session/files.h"

#include <time.h>

/* A descriptor is one of a timer; one was made for that clock. */
bool timers_is(int fd);
void timers_made(int fd, clockid_t clock);

/* As timerfd_settime() and timerfd_gettime() with a value: 0, or an error. */
int timers_set(int fd, int flags, const struct itimerspec *value, struct itimerspec *old);
int timers_get(int fd, struct itimerspec *value);

/* `fd` was read: how often it has expired. */
uint64_t timers_taken(int fd);

/* Sets those off whose time has come. */
void timers_fire(void);

/* When the next one is due that threads may wait for, or DEADLINE_NONE. */
uint64_t timers_next(void);

#endif
