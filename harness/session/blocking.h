/* blocking.h - calls that wait in the kernel: the thread waits here instead, and others go on.
 *
 * A call says what it looks at (blocking_want()), then waits its turn (blocking_wait()), and is
 * carried out when it would not wait any more. What it waits for is a guard (model/guard.h): in a
 * search that reduces, on the words that stand for the kernel's things (model/channel.h), which
 * only change by the program's operations; else on the kernel's answer to poll(), which is asked
 * again whenever something was done.
 */
#ifndef HEDDLE_SESSION_BLOCKING_H
#define HEDDLE_SESSION_BLOCKING_H

#include "session/files.h"

#include <poll.h>
#include <sys/wait.h>

struct blocking_look {
	struct channel *channel;
	uint8_t end;
	bool in, out;
	bool is_loose; /* what it is like does not follow from the operations on it alone */
};

/* What a thread looks at. In memory of the execution, but for what the kernel writes to. */
struct blocking {
	struct pollfd *wanted;
	struct blocking_look *looks;
	struct guard *guards;
	uint32_t wanted_count, look_count, room;
	enum channel_kind kind; /* of the first look */
	uint8_t ready;		/* at the last look at the kernel; blocking_look_all() */
	bool is_loose;		/* any of the looks */
	bool outside;		/* what others than this program's threads do may end the wait */
	bool retries;		/* only trying tells whether it is over */
	bool interrupted;	/* a signal was handled meanwhile */
	bool asks_children;	/* for such a child: */
	idtype_t child_type;
	id_t child;
	int child_options;
};

/* Begins a list of what `self` is to look at. */
struct blocking *blocking_begin(struct thread *self);

/* Adds a descriptor and what poll() is to be asked of it. Plain ones are always ready. */
void blocking_want(struct thread *self, int fd, short events);

/* Adds what has no descriptor, or is reached by way of another one: any use of it counts. */
void blocking_want_used(struct thread *self, enum channel_kind kind, struct channel *channel);

/* Announces `op` on what is looked at first, and where the call `may_wait` returns once it would
 * not wait any more: 0; or ETIMEDOUT at `deadline_ns` of virtual time, or EINTR. `fd` is for the
 * report. */
int blocking_wait(struct thread *self, enum op op, int fd, uint64_t deadline_ns, bool may_wait,
		  const void *pc);

/* True where the call would not wait now. */
bool blocking_is_ready(struct thread *self);

/* All of that for a call on one descriptor: 0 where it is to be carried out; an error where not.
 * `events` as for poll(); `never_waits` says that the call has asked not to wait, else the
 * descriptor is asked. `self` null: carried out. */
int blocking_enter(struct thread *self, enum op op, int fd, short events, bool never_waits,
		   const void *pc);

/* It has been carried out. */
void blocking_leave(struct thread *self, enum op op, int fd, long result);

/* True for descriptors that do not wait (O_NONBLOCK). */
bool blocking_never(int fd);

#endif
