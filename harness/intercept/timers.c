/*
 * timers.c - what sends a signal when some time is over. A timerfd is none: session/timers.h.
 *
 * The kernel's timers go by real time, which has nothing to do with the program's: what they do and
 * when is not determined. The real function does the work, and the report says so. What only stops
 * a timer, or asks for it, is no reason to.
 */
#include "intercept/find.h"
#include "intercept/interpose.h"
#include "session/note.h"
#include "session/session.h"

#include <stdbool.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static bool is_set(const struct itimerspec *timer)
{
	return timer && (timer->it_value.tv_sec || timer->it_value.tv_nsec);
}

INTERPOSE unsigned alarm(unsigned seconds)
{
	if (seconds)
		note_uncontrolled("alarm", RETURN_PC);
	return REAL(unsigned, "alarm", (unsigned))(seconds);
}

INTERPOSE useconds_t ualarm(useconds_t microseconds, useconds_t interval)
{
	if (microseconds)
		note_uncontrolled("ualarm", RETURN_PC);
	return REAL(useconds_t, "ualarm", (useconds_t, useconds_t))(microseconds, interval);
}

INTERPOSE int setitimer(__itimer_which_t which, const struct itimerval *restrict timer,
			struct itimerval *restrict old)
{
	if (timer && (timer->it_value.tv_sec || timer->it_value.tv_usec))
		note_uncontrolled("setitimer", RETURN_PC);
	return REAL(int, "setitimer",
		    (int, const struct itimerval *, struct itimerval *))((int)which, timer, old);
}

INTERPOSE int timer_settime(timer_t id, int flags, const struct itimerspec *restrict timer,
			    struct itimerspec *restrict old)
{
	if (is_set(timer))
		note_uncontrolled("timer_settime", RETURN_PC);
	return REAL(int, "timer_settime",
		    (timer_t, int, const struct itimerspec *, struct itimerspec *))(id, flags,
										    timer, old);
}
