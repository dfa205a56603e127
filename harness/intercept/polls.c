/* polls.c - poll, select, epoll and their like: session/polls.h. */
#include "session/clock.h"
#include "session/polls.h"

#include "intercept/find.h"
#include "intercept/interpose.h"
#include "machine/real.h"

INTERPOSE int poll(struct pollfd *fds, nfds_t count, int wait_ms)
{
	FIND(int, poll, (struct pollfd *, nfds_t, int));
	struct thread *self = thread_controlled();

	if (!self)
		return real_one(fds, count, wait_ms);
	return polls_poll(self, fds, count, polls_deadline_ms(wait_ms), 0, RETURN_PC);
}

INTERPOSE int ppoll(struct pollfd *fds, nfds_t count, const struct timespec *wait,
		    const sigset_t *mask)
{
	struct thread *self = thread_controlled();

	real_resolve();
	if (!self)
		return real.ppoll(fds, count, wait, mask);
	return polls_poll(self, fds, count, polls_deadline(wait), mask, RETURN_PC);
}

/* Fortified programs call them; no header declares them. */
int __poll_chk(struct pollfd *fds, nfds_t count, int wait_ms, size_t room);
int __ppoll_chk(struct pollfd *fds, nfds_t count, const struct timespec *wait, const sigset_t *mask,
		size_t room);

INTERPOSE int __poll_chk(struct pollfd *fds, nfds_t count, int wait_ms, size_t room)
{
	FIND(int, __poll_chk, (struct pollfd *, nfds_t, int, size_t));
	struct thread *self = thread_controlled();

	if (!self || room / sizeof(*fds) < count)
		return real_one(fds, count, wait_ms, room);
	return polls_poll(self, fds, count, polls_deadline_ms(wait_ms), 0, RETURN_PC);
}

INTERPOSE int __ppoll_chk(struct pollfd *fds, nfds_t count, const struct timespec *wait,
			  const sigset_t *mask, size_t room)
{
	FIND(int, __ppoll_chk,
	     (struct pollfd *, nfds_t, const struct timespec *, const sigset_t *, size_t));
	struct thread *self = thread_controlled();

	if (!self || room / sizeof(*fds) < count)
		return real_one(fds, count, wait, mask, room);
	return polls_poll(self, fds, count, polls_deadline(wait), mask, RETURN_PC);
}

/* As the kernel does it: how much of the time was left. */
static void left_of(struct timeval *wait, uint64_t deadline_ns)
{
	uint64_t now_ns = execution.now_ns, left_ns;

	left_ns = deadline_ns > now_ns ? deadline_ns - now_ns : 0;
	*wait = (struct timeval){.tv_sec = (time_t)(left_ns / SECOND_NS),
				 .tv_usec = (suseconds_t)(left_ns % SECOND_NS / 1000)};
}

INTERPOSE int select(int count, fd_set *restrict in, fd_set *restrict out, fd_set *restrict other,
		     struct timeval *restrict wait)
{
	FIND(int, select, (int, fd_set *, fd_set *, fd_set *, struct timeval *));
	struct thread *self = thread_controlled();
	uint64_t deadline_ns = DEADLINE_NONE;
	int found;

	if (!self)
		return real_one(count, in, out, other, wait);
	if (wait)
		deadline_ns = execution.now_ns + (uint64_t)wait->tv_sec * SECOND_NS +
			      (uint64_t)wait->tv_usec * 1000;
	found = polls_select(self, count, (fd_set *const[3]){in, out, other}, deadline_ns, 0,
			     RETURN_PC);
	if (wait)
		left_of(wait, deadline_ns);
	return found;
}

INTERPOSE int pselect(int count, fd_set *restrict in, fd_set *restrict out, fd_set *restrict other,
		      const struct timespec *restrict wait, const sigset_t *restrict mask)
{
	struct thread *self = thread_controlled();

	real_resolve();
	if (!self)
		return real.pselect(count, in, out, other, wait, mask);
	return polls_select(self, count, (fd_set *const[3]){in, out, other}, polls_deadline(wait),
			    mask, RETURN_PC);
}

INTERPOSE int epoll_wait(int fd, struct epoll_event *events, int room, int wait_ms)
{
	FIND(int, epoll_wait, (int, struct epoll_event *, int, int));
	struct thread *self = thread_controlled();

	if (!self)
		return real_one(fd, events, room, wait_ms);
	return polls_epoll(self, fd, events, room, polls_deadline_ms(wait_ms), 0, RETURN_PC);
}

INTERPOSE int epoll_pwait(int fd, struct epoll_event *events, int room, int wait_ms,
			  const sigset_t *mask)
{
	struct thread *self = thread_controlled();

	real_resolve();
	if (!self)
		return real.epoll_pwait(fd, events, room, wait_ms, mask);
	return polls_epoll(self, fd, events, room, polls_deadline_ms(wait_ms), mask, RETURN_PC);
}

INTERPOSE int epoll_pwait2(int fd, struct epoll_event *events, int room,
			   const struct timespec *wait, const sigset_t *mask)
{
	FIND(int, epoll_pwait2,
	     (int, struct epoll_event *, int, const struct timespec *, const sigset_t *));
	struct thread *self = thread_controlled();

	if (!self)
		return real_one(fd, events, room, wait, mask);
	return polls_epoll(self, fd, events, room, polls_deadline(wait), mask, RETURN_PC);
}

INTERPOSE int epoll_ctl(int epoll, int op, int fd, struct epoll_event *event)
{
	FIND(int, epoll_ctl, (int, int, int, struct epoll_event *));
	struct thread *self = thread_controlled();
	int result;

	polls_control_begin(self, epoll, RETURN_PC);
	result = real_one(epoll, op, fd, event);
	polls_control_end(self, epoll, op, fd, result);
	return result;
}
