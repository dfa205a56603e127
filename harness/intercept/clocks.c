/* clocks.c - the program's time is virtual: session/clock.h. */
#include "intercept/interpose.h"
#include "machine/real.h"
#include "session/clock.h"
#include "session/step.h"

#include <errno.h>
#include <stdbool.h>
#include <unistd.h>

#define SECOND_NS 1000000000ul

static int sleep_until(struct thread *self, uint64_t deadline_ns, const void *pc)
{
	step_sleep(self, deadline_ns, pc);
	return 0;
}

static uint64_t after(uint64_t duration_ns)
{
	return execution.now_ns + duration_ns;
}

static bool is_time(const struct timespec *time)
{
	return time->tv_sec >= 0 && time->tv_nsec >= 0 && time->tv_nsec < (long)SECOND_NS;
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
	if (!is_time(duration)) {
		errno = EINVAL;
		return -1;
	}
	return sleep_until(self, clock_after(duration), RETURN_PC);
}

INTERPOSE int clock_nanosleep(clockid_t clock, int flags, const struct timespec *time_given,
			      struct timespec *left)
{
	struct thread *self = thread_controlled();

	if (!self)
		return real.clock_nanosleep(clock, flags, time_given, left);
	if (!is_time(time_given) || clock == CLOCK_THREAD_CPUTIME_ID || !clock_is_known(clock))
		return EINVAL;
	return sleep_until(self,
			   flags & TIMER_ABSTIME ? clock_deadline(clock, time_given)
						 : clock_after(time_given),
			   RETURN_PC);
}

INTERPOSE int usleep(useconds_t microseconds)
{
	struct thread *self = thread_controlled();

	if (!self)
		return real.usleep(microseconds);
	return sleep_until(self, after(microseconds * 1000ul), RETURN_PC);
}

INTERPOSE unsigned sleep(unsigned seconds)
{
	struct thread *self = thread_controlled();

	if (!self)
		return real.sleep(seconds);
	return (unsigned)sleep_until(self, after(seconds * SECOND_NS), RETURN_PC);
}
