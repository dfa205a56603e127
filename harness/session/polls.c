/*
 * polls.c - a wait until any of several can go, then the call itself, which does not wait any more.
 *
 * What it finds it is told by the kernel; here is only decided when it is asked.
 */
#include "session/polls.h"

#include "machine/memory.h"
#include "machine/real.h"
#include "session/blocking.h"
#include "session/clock.h"
#include "session/step.h"

#include <errno.h>

#define MEMBERS_MAX 4096u

/* What an epoll looks at, where the reduction has to know. */
static struct member {
	const struct source *epoll;
	int fd;
} members[MEMBERS_MAX];
static uint32_t member_count;

static const struct timespec no_time;

uint64_t polls_deadline(const struct timespec *wait)
{
	if (!wait)
		return DEADLINE_NONE;
	return clock_after(wait);
}

uint64_t polls_deadline_ms(int wait_ms)
{
	return wait_ms < 0 ? DEADLINE_NONE : execution.now_ns + (uint64_t)wait_ms * 1000000;
}

/* A wait with no time at all only looks. */
static bool may_wait(uint64_t deadline_ns)
{
	return deadline_ns > execution.now_ns;
}

/* True where the call is over: `error` is 0 once more where it found something, or time is up. */
static bool is_over(int found, int error, uint64_t deadline_ns)
{
	return found || error || !may_wait(deadline_ns);
}

/* Waits for nothing but time. */
static int sleep_until(struct thread *self, uint64_t deadline_ns, const void *pc)
{
	if (may_wait(deadline_ns))
		step_sleep(self, deadline_ns, pc);
	return 0;
}

/* ---- poll */

/* False where there is nothing to wait for: one of them is a plain file. */
static bool want_all(struct thread *self, const struct pollfd *fds, nfds_t count)
{
	bool all_wait = true;

	blocking_begin(self);
	for (nfds_t i = 0; i < count; i++) {
		if (fds[i].fd < 0)
			continue;
		blocking_want(self, fds[i].fd, fds[i].events);
		all_wait &= files_source(fds[i].fd) != 0;
	}
	return all_wait;
}

int polls_poll(struct thread *self, struct pollfd *fds, nfds_t count, uint64_t deadline_ns,
	       const sigset_t *mask, const void *pc)
{
	int found, error;

	for (;;) {
		bool waits = want_all(self, fds, count) && may_wait(deadline_ns);

		if (!self->blocking->wanted_count && deadline_ns != DEADLINE_NONE)
			return sleep_until(self, deadline_ns, pc);
		error = blocking_wait(self, OP_POLL, count ? fds[0].fd : -1,
				      waits ? deadline_ns : DEADLINE_NONE, waits, pc);
		if (error == EINTR)
			break;
		found = real.ppoll(fds, count, &no_time, mask);
		if (is_over(found, error, deadline_ns))
			return found;
	}
	errno = error;
	return -1;
}

/* ---- select */

static const short set_events[3] = {POLLIN, POLLOUT, POLLPRI};

static bool want_sets(struct thread *self, int count, const fd_set asked[3], int *first)
{
	bool all_wait = true;

	blocking_begin(self);
	*first = -1;
	for (int fd = 0; fd < count; fd++) {
		short events = 0;

		for (int set = 0; set < 3; set++)
			if (FD_ISSET(fd, &asked[set]))
				events |= set_events[set];
		if (!events)
			continue;
		*first = *first < 0 ? fd : *first;
		blocking_want(self, fd, events);
		all_wait &= files_source(fd) != 0;
	}
	return all_wait;
}

static void sets_copy(fd_set to[3], fd_set *const from[3])
{
	for (int set = 0; set < 3; set++)
		if (from[set])
			to[set] = *from[set];
		else
			FD_ZERO(&to[set]);
}

int polls_select(struct thread *self, int count, fd_set *const sets[3], uint64_t deadline_ns,
		 const sigset_t *mask, const void *pc)
{
	fd_set asked[3];
	int found, error, first;

	sets_copy(asked, sets);
	for (;;) {
		bool waits = want_sets(self, count, asked, &first) && may_wait(deadline_ns);

		if (!self->blocking->wanted_count && deadline_ns != DEADLINE_NONE)
			return sleep_until(self, deadline_ns, pc);
		error = blocking_wait(self, OP_POLL, first, waits ? deadline_ns : DEADLINE_NONE,
				      waits, pc);
		if (error == EINTR)
			break;
		for (int set = 0; set < 3; set++)
			if (sets[set])
				*sets[set] = asked[set];
		found = real.pselect(count, sets[0], sets[1], sets[2], &no_time, mask);
		if (is_over(found, error, deadline_ns))
			return found;
	}
	errno = error;
	return -1;
}

/* ---- epoll */

static void want_members(struct thread *self, const struct source *epoll)
{
	for (uint32_t i = 0; i < member_count && session.reducing; i++) {
		const struct source *source =
			members[i].epoll == epoll ? files_source(members[i].fd) : 0;

		if (source)
			blocking_want_used(self, (enum channel_kind)source->kind,
					   files_channel(source));
	}
}

int polls_epoll(struct thread *self, int fd, struct epoll_event *events, int room,
		uint64_t deadline_ns, const sigset_t *mask, const void *pc)
{
	int found, error;

	for (;;) {
		bool waits = may_wait(deadline_ns) && files_source(fd);

		blocking_begin(self);
		blocking_want(self, fd, POLLIN);
		want_members(self, files_source(fd));
		error = blocking_wait(self, OP_RECEIVE, fd, waits ? deadline_ns : DEADLINE_NONE,
				      waits, pc);
		if (error == EINTR)
			break;
		found = real.epoll_pwait(fd, events, room, 0, mask);
		blocking_leave(self, OP_RECEIVE, fd, found);
		if (is_over(found, error, deadline_ns) || !waits)
			return found;
	}
	errno = error;
	return -1;
}

void polls_control_begin(struct thread *self, int epoll, const void *pc)
{
	blocking_enter(self, OP_SEND, epoll, 0, true, pc);
}

static void member_remove(const struct source *epoll, int fd)
{
	for (uint32_t i = 0; i < member_count; i++)
		if (members[i].epoll == epoll && members[i].fd == fd)
			members[i--] = members[--member_count];
}

void polls_control_end(struct thread *self, int epoll, int op, int fd, int result)
{
	struct source *source = self ? files_source(epoll) : 0;
	const struct source *member = self ? files_source(fd) : 0;

	blocking_leave(self, OP_SEND, epoll, result);
	if (!source || result)
		return;
	source->outside |= member && member->outside;
	if (op != EPOLL_CTL_MOD)
		member_remove(source, fd);
	if (op == EPOLL_CTL_ADD && member_count < MEMBERS_MAX)
		members[member_count++] = (struct member){.epoll = source, .fd = fd};
}
