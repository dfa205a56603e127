/* clocks.c - the program's time is virtual: session/clock.h. */
#include "intercept/interpose.h"
#include "machine/real.h"
#include "session/clock.h"
#include "session/interrupt.h"
#include "session/step.h"

#include <errno.h>
#include <stdbool.h>
#include <unistd.h>

/* 0, or EINTR; `left`, unless null, is how long it has not slept then. */
static int sleep_until(struct thread *self, uint64_t deadline_ns, struct timespec *left,
		       const void *pc)
{
	uint64_t rest;

	interrupt_before(self, pc);
	interrupt_point_begin(self, INTERRUPT_FAILS);
	interrupt_test(self, INTERRUPT_SLEEP, pc);
	if (!self->interrupted)
		step_sleep(self, deadline_ns, pc);
	interrupt_point_end(self);
	if (!self->interrupted)
		return 0;
	rest = deadline_ns > execution.now_ns ? deadline_ns - execution.now_ns : 0;
	if (left)
		*left = (struct timespec){.tv_sec = (time_t)(rest / SECOND_NS),
					  .tv_nsec = (long)(rest % SECOND_NS)};
	return EINTR;
}

static uint64_t after(uint64_t duration_ns)
{
	return execution.now_ns + duration_ns;
}

INTERPOSE int clock_gettime(clockid_t clock, struct timespec *now)
{
	uint64_t ns;

	if (!thread_controlled())
		return real.clock_gettime(clock, now);
	if (!clock_is_known(clock)) {
		errno = EINVAL;
		return -1;
	}
	ns = clock_now(clock);
	*now = (struct timespec){.tv_sec = (time_t)(ns / SECOND_NS),
				 .tv_nsec = (long)(ns % SECOND_NS)};
	return 0;
}

INTERPOSE int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
	uint64_t ns;

	if (!thread_controlled())
		return real.gettimeofday(now, zone);
	ns = clock_now(CLOCK_REALTIME);
	*now = (struct timeval){.tv_sec = (time_t)(ns / SECOND_NS),
				.tv_usec = (long)(ns % SECOND_NS / 1000)};
	return 0;
}

INTERPOSE time_t time(time_t *now)
{
	time_t seconds;

	if (!thread_controlled())
		return real.time(now);
	seconds = (time_t)(clock_now(CLOCK_REALTIME) / SECOND_NS);
	if (now)
		*now = seconds;
	return seconds;
}

INTERPOSE int nanosleep(const struct timespec *duration, struct timespec *left)
{
	struct thread *self = thread_controlled();

	if (!self)
		return real.nanosleep(duration, left);
	if (!clock_is_duration(duration)) {
		errno = EINVAL;
		return -1;
	}
	return as_errno(sleep_until(self, clock_after(duration), left, RETURN_PC));
}

INTERPOSE int clock_nanosleep(clockid_t clock, int flags, const struct timespec *time_given,
			      struct timespec *left)
{
	struct thread *self = thread_controlled();

	if (!self)
		return real.clock_nanosleep(clock, flags, time_given, left);
	if (!clock_is_duration(time_given) || clock == CLOCK_THREAD_CPUTIME_ID ||
	    !clock_is_known(clock))
		return EINVAL;
	if (flags & TIMER_ABSTIME)
		return sleep_until(self, clock_deadline(clock, time_given), 0, RETURN_PC);
	return sleep_until(self, clock_after(time_given), left, RETURN_PC);
}

INTERPOSE int usleep(useconds_t microseconds)
{
	struct thread *self = thread_controlled();

	if (!self)
		return real.usleep(microseconds);
	return as_errno(sleep_until(self, after(microseconds * 1000ul), 0, RETURN_PC));
}

INTERPOSE unsigned sleep(unsigned seconds)
{
	struct thread *self = thread_controlled();
	struct timespec left = {.tv_sec = 0};

	if (!self)
		return real.sleep(seconds);
	sleep_until(self, after(seconds * SECOND_NS), &left, RETURN_PC);
	return (unsigned)left.tv_sec + (left.tv_nsec >= (long)(SECOND_NS / 2));
}
