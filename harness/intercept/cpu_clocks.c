/* cpu_clocks.c - the C library's older and newer ways to ask for the time, and for the processor
 * time: session/clock.h. */
#include "intercept/find.h"
#include "intercept/interpose.h"
#include "session/clock.h"
#include "session/session.h"

#include <sys/times.h>
#include <time.h>
#include <unistd.h>

#define TICK_NS (SECOND_NS / 100) /* sysconf(_SC_CLK_TCK) */

INTERPOSE int timespec_get(struct timespec *now, int base)
{
	if (!thread_controlled() || base != TIME_UTC)
		return REAL(int, "timespec_get", (struct timespec *, int))(now, base);
	clock_gettime(CLOCK_REALTIME, now);
	return base;
}

INTERPOSE clock_t clock(void)
{
	if (!thread_controlled())
		return REAL(clock_t, "clock", (void))();
	return (clock_t)(clock_now(CLOCK_PROCESS_CPUTIME_ID) / (SECOND_NS / CLOCKS_PER_SEC));
}

/* All of the program's time is its own, and not the system's or its children's. */
INTERPOSE clock_t times(struct tms *used)
{
	if (!thread_controlled())
		return REAL(clock_t, "times", (struct tms *))(used);
	if (used)
		*used = (struct tms){
			.tms_utime = (clock_t)(clock_now(CLOCK_PROCESS_CPUTIME_ID) / TICK_NS)};
	return (clock_t)(clock_now(CLOCK_MONOTONIC) / TICK_NS);
}
