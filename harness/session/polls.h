/* polls.h - calls that wait for one of several descriptors, and for a while only. As the C
 * library's functions; the thread is controlled. */
#ifndef HEDDLE_SESSION_POLLS_H
#define HEDDLE_SESSION_POLLS_H

#include "session/session.h"

#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>

/* The virtual time at which so much will have passed; a negative one is DEADLINE_NONE. */
uint64_t polls_deadline_ms(int wait_ms);
uint64_t polls_deadline(const struct timespec *wait);

/* What is asked at last is asked of the kernel with `mask`, or null. */
int polls_poll(struct thread *self, struct pollfd *fds, nfds_t count, uint64_t deadline_ns,
	       const sigset_t *mask, const void *pc);
int polls_select(struct thread *self, int count, fd_set *const sets[3], uint64_t deadline_ns,
		 const sigset_t *mask, const void *pc);
int polls_epoll(struct thread *self, int fd, struct epoll_event *events, int room,
		uint64_t deadline_ns, const sigset_t *mask, const void *pc);

/* epoll_ctl() is about to be called, and has been. */
void polls_control_begin(struct thread *self, int epoll, const void *pc);
void polls_control_end(struct thread *self, int epoll, int op, int fd, int result);

#endif
