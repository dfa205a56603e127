#include "session/clock.h"

#include "session/session.h"
#include "session/spin.h"

/* 2024-01-01 00:00:00 UTC: wall time at the start of every program. */
#define START_NS (1704067200ul * SECOND_NS)
#define LOOK_NS	 1000u

/* Some 146 years: what is later never comes, and sums with it are still in range. */
#define LATEST_NS (UINT64_MAX / 4)

bool clock_is_known(clockid_t clock)
{
	/* Negative ones are of the processor time of a process or thread. */
	return clock <= CLOCK_BOOTTIME_ALARM || clock == CLOCK_TAI;
}

static bool is_of_processor(clockid_t clock)
{
	return clock < 0 || clock == CLOCK_PROCESS_CPUTIME_ID || clock == CLOCK_THREAD_CPUTIME_ID;
}

static uint64_t offset_of(clockid_t clock)
{
	switch (clock) {
	case CLOCK_REALTIME_ALARM:
	case CLOCK_REALTIME:
	case CLOCK_REALTIME_COARSE:
	case CLOCK_TAI:
		return START_NS;
	default:
		return SECOND_NS;
	}
}

uint64_t clock_now(clockid_t clock)
{
	if (session.spins && execution.current)
		spin_break(execution.current);
	execution.now_ns += LOOK_NS;
	if (is_of_processor(clock))
		return execution.now_ns - execution.slept_ns;
	return offset_of(clock) + execution.now_ns;
}

bool clock_can_wait(clockid_t clock)
{
	return clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC;
}

uint64_t clock_deadline(clockid_t clock, const struct timespec *until)
{
	uint64_t at, offset = offset_of(clock);

	if (until->tv_nsec < 0 || until->tv_nsec >= (long)SECOND_NS)
		return DEADLINE_WRONG;
	if (until->tv_sec < 0)
		return 0;
	if ((uint64_t)until->tv_sec >= LATEST_NS / SECOND_NS)
		return LATEST_NS;
	at = (uint64_t)until->tv_sec * SECOND_NS + (uint64_t)until->tv_nsec;
	return at > offset ? at - offset : 0;
}

bool clock_is_duration(const struct timespec *duration)
{
	return duration->tv_sec >= 0 && duration->tv_nsec >= 0 &&
	       duration->tv_nsec < (long)SECOND_NS;
}

uint64_t clock_after(const struct timespec *duration)
{
	if ((uint64_t)duration->tv_sec >= LATEST_NS / SECOND_NS)
		return LATEST_NS;
	return execution.now_ns + (uint64_t)duration->tv_sec * SECOND_NS +
	       (uint64_t)duration->tv_nsec;
}
