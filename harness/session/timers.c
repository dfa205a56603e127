#include "session/timers.h"

#include "machine/syscall.h"
#include "session/clock.h"

#include <errno.h>
#include <poll.h>
#include <sys/timerfd.h>

/* The kernel needs a moment to see that a time is past. */
#define MOMENT_MS 1000

static uint32_t armed; /* sources that are timers and have a time */

static struct source *timer_at(int fd)
{
	struct source *source = files_source(fd);

	return source && source->kind == CHANNEL_TIMER ? source : 0;
}

bool timers_is(int fd)
{
	return timer_at(fd);
}

void timers_made(int fd, clockid_t clock)
{
	struct source *source = timer_at(fd);

	if (source)
		source->is_wall_time = clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_ALARM;
}

static uint64_t ns_of(const struct timespec *time)
{
	return (uint64_t)time->tv_sec * SECOND_NS + (uint64_t)time->tv_nsec;
}

static struct timespec time_of(uint64_t ns)
{
	return (struct timespec){.tv_sec = (time_t)(ns / SECOND_NS),
				 .tv_nsec = (long)(ns % SECOND_NS)};
}

static void kernel_set(int fd, long past_ns)
{
	static struct itimerspec value;

	value = (struct itimerspec){.it_value = {.tv_nsec = past_ns}};
	sys_call4(SYS_timerfd_settime, fd, TFD_TIMER_ABSTIME, &value, 0);
}

static void time_set(struct source *source, uint64_t next_ns)
{
	armed += (next_ns != 0) - (source->next_ns != 0);
	source->next_ns = next_ns;
	source->has_expired = false;
}

int timers_get(int fd, struct itimerspec *value)
{
	const struct source *source = timer_at(fd);
	uint64_t next_ns, now_ns = execution.now_ns;

	if (!source)
		return EINVAL;
	next_ns = source->next_ns;
	if (source->interval_ns && next_ns && next_ns <= now_ns)
		next_ns += ((now_ns - next_ns) / source->interval_ns + 1) * source->interval_ns;
	value->it_interval = time_of(source->interval_ns);
	value->it_value = time_of(next_ns > now_ns ? next_ns - now_ns : 0);
	return 0;
}

int timers_set(int fd, int flags, const struct itimerspec *value, struct itimerspec *old)
{
	struct source *source = timer_at(fd);
	uint64_t next_ns = ns_of(&value->it_value);
	clockid_t clock = source && source->is_wall_time ? CLOCK_REALTIME : CLOCK_MONOTONIC;

	if (!source || value->it_value.tv_nsec >= (long)SECOND_NS ||
	    value->it_interval.tv_nsec >= (long)SECOND_NS)
		return EINVAL;
	if (old)
		timers_get(fd, old);
	if (next_ns && flags & TFD_TIMER_ABSTIME)
		next_ns = clock_deadline(clock, &value->it_value) + 1;
	else if (next_ns)
		next_ns = clock_after(&value->it_value);
	kernel_set(fd, 0);
	source->interval_ns = ns_of(&value->it_interval);
	time_set(source, next_ns);
	return 0;
}

uint64_t timers_taken(int fd)
{
	struct source *source = timer_at(fd);
	uint64_t count = 1, interval_ns;

	if (!source || !source->next_ns)
		return count;
	interval_ns = source->interval_ns;
	if (interval_ns)
		count += (execution.now_ns - source->next_ns) / interval_ns;
	time_set(source, interval_ns ? source->next_ns + count * interval_ns : 0);
	return count;
}

static bool is_to_come(const struct source *source)
{
	return source->in_use && source->kind == CHANNEL_TIMER && source->next_ns &&
	       !source->has_expired;
}

static void fire(struct source *source)
{
	static struct pollfd look;

	look = (struct pollfd){.fd = source->fd[0], .events = POLLIN};
	kernel_set(source->fd[0], 1);
	sys_call3(SYS_poll, &look, 1, MOMENT_MS);
	source->has_expired = true;
	execution.files_changed = true;
	files_refresh(source);
}

void timers_fire(void)
{
	for (uint32_t i = 0; armed && i < files_count(); i++)
		if (is_to_come(files_at(i)) && files_at(i)->next_ns <= execution.now_ns)
			fire(files_at(i));
}

uint64_t timers_next(void)
{
	uint64_t next_ns = DEADLINE_NONE;

	for (uint32_t i = 0; armed && execution.blocked && i < files_count(); i++)
		if (is_to_come(files_at(i)) && files_at(i)->next_ns < next_ns)
			next_ns = files_at(i)->next_ns;
	return next_ns;
}
