/*
 * blocking.c - a thread's wait for the kernel, as a step.
 *
 * The guards are there also where the call could go at once: whether it could in another order of
 * events is then known to the reduction. Where that does not follow from words (sockets, epoll) the
 * call first tries, as an event, and then waits for any use of what it looks at: more events than
 * there need be, and never one too few.
 */
#include "session/clock.h"
#include "session/blocking.h"

#include "machine/memory.h"
#include "machine/syscall.h"
#include "session/interrupt.h"
#include "session/note.h"
#include "session/outside.h"
#include "session/races.h"
#include "session/record.h"
#include "session/spin.h"
#include "session/step.h"
#include "session/timeouts.h"
#include "session/timers.h"
#include "session/verdict.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/time.h>

#define LOOKS_AT_START	4u
#define GUARDS_PER_LOOK 2u

static void grow(struct blocking *blocking)
{
	uint32_t room = blocking->room ? blocking->room * 2 : LOOKS_AT_START;
	struct blocking old = *blocking;

	blocking->room = room;
	blocking->wanted = room_take(room * sizeof(*blocking->wanted));
	blocking->looks = room_take(room * sizeof(*blocking->looks));
	blocking->guards = room_take(room * GUARDS_PER_LOOK * sizeof(*blocking->guards));
	memory_copy(blocking->wanted, old.wanted, old.wanted_count * sizeof(*old.wanted));
	memory_copy(blocking->looks, old.looks, old.look_count * sizeof(*old.looks));
}

struct blocking *blocking_begin(struct thread *self)
{
	struct blocking *blocking = self->blocking;

	if (!blocking)
		blocking = self->blocking = room_take(sizeof(*blocking));
	blocking->wanted_count = blocking->look_count = 0;
	blocking->is_loose = blocking->outside = blocking->retries = false;
	blocking->interrupted = blocking->asks_children = false;
	blocking->ready = 0;
	return blocking;
}

static void look_add(struct blocking *blocking, enum channel_kind kind,
		     const struct blocking_look *look)
{
	if (blocking->look_count == blocking->room)
		grow(blocking);
	if (!blocking->look_count)
		blocking->kind = kind;
	blocking->is_loose |= look->is_loose;
	blocking->looks[blocking->look_count++] = *look;
}

void blocking_want(struct thread *self, int fd, short events)
{
	struct blocking *blocking = self->blocking;
	struct source *source = files_source(fd);
	struct blocking_look look;

	if (blocking->wanted_count == blocking->room)
		grow(blocking);
	blocking->wanted[blocking->wanted_count++] = (struct pollfd){.fd = fd, .events = events};
	if (!source)
		return;
	timers_fire();
	look = (struct blocking_look){
		.channel = files_channel(source),
		.end = (uint8_t)files_end(fd),
		.in = events & ~POLLOUT,
		.out = events & POLLOUT,
		.is_loose = source->kind == CHANNEL_SOCKET || source->kind == CHANNEL_EPOLL ||
			    events & ~(POLLIN | POLLOUT),
	};
	blocking->outside |= source->outside;
	look_add(blocking, (enum channel_kind)source->kind, &look);
}

void blocking_want_used(struct thread *self, enum channel_kind kind, struct channel *channel)
{
	struct blocking_look look = {.channel = channel, .is_loose = true};

	look_add(self->blocking, kind, &look);
}

bool blocking_is_ready(struct thread *self)
{
	const struct blocking *blocking = self->blocking;

	return outside_is_ready(blocking);
}

/* ---- guards */

enum turn {
	TURN_LOOKS, /* is always possible */
	TURN_READY, /* until anything is ready */
	TURN_USED,  /* until anything has been used since */
};

static uint32_t guards_of(const struct blocking *blocking, const struct blocking_look *look,
			  enum turn turn, struct guard *guards)
{
	uint32_t count = 0;

	if (turn == TURN_USED) {
		guards[count++] = channel_guard_used(look->channel, look->channel->uses);
	} else if (turn == TURN_READY) {
		if (look->in)
			guards[count++] = channel_guard_ready(look->channel, look->end, CHANNEL_IN);
		if (look->out)
			guards[count++] =
				channel_guard_ready(look->channel, look->end, CHANNEL_OUT);
	} else if (blocking->look_count > 1) {
		guards[count++] = channel_guard_none(look->channel);
	}
	return count;
}

static void guards_set(struct thread *self, enum turn turn)
{
	struct blocking *blocking = self->blocking;

	self->guards = blocking->guards;
	self->guard_count = 0;
	if (!session.reducing && !blocking->retries) {
		if (turn == TURN_LOOKS)
			return;
		blocking->ready = !blocking->asks_children && outside_is_ready(blocking);
		blocking->guards[self->guard_count++] = (struct guard){
			.object = &blocking->ready, .op = OP_READ, .bytes = 1, .value = 0};
		return;
	}
	for (uint32_t i = 0; i < blocking->look_count; i++)
		self->guard_count += guards_of(blocking, &blocking->looks[i], turn,
					       &blocking->guards[self->guard_count]);
}

static bool is_visible(struct thread *self)
{
	bool visible = false;

	for (uint32_t i = 0; i < self->blocking->look_count; i++)
		visible |= step_is_visible(self, self->blocking->looks[i].channel);
	return visible;
}

/* 0, ETIMEDOUT or EINTR. */
static int turn_take(struct thread *self, enum op op, int fd, enum turn turn, const void *pc)
{
	struct blocking *blocking = self->blocking;
	void *object = blocking->look_count ? blocking->looks[0].channel : 0;
	uint32_t size = channel_size(blocking->kind, fd);
	bool now, in_time;

	guards_set(self, turn);
	now = !self->guard_count || !spin_is_held(self);
	in_time = now;
	if (is_visible(self) || !now) {
		bool waits = self->guard_count;

		execution.blocked += waits;
		step_point(self, op, object, size, pc, now);
		execution.blocked -= waits;
		in_time = !self->timed_out || outside_is_ready(blocking);
		blocking->interrupted |= self->interrupted;
	} else {
		record_unannounced(self, op, object, size, pc);
	}
	self->guard_count = 0;
	return blocking->interrupted ? EINTR : in_time ? 0 : ETIMEDOUT;
}

/* Tries, and waits for what others do, until it is ready. */
static int wait_loosely(struct thread *self, enum op op, int fd, bool may_wait, const void *pc)
{
	enum turn turn = TURN_LOOKS;
	int error;

	while (!(error = turn_take(self, op, fd, turn, pc))) {
		if (!may_wait || self->blocking->retries || outside_is_ready(self->blocking))
			break;
		turn = TURN_USED;
	}
	return error;
}

/* Which events a wait in the kernel that is interrupted depends on the reduction does not know. */
static void interrupts_look(const struct thread *self, const void *pc)
{
	if (!session.reducing || !interrupt_is_seen(self))
		return;
	note_uncontrolled("what is sent to a thread that waits in the kernel, in dpor", pc);
	session.shared->stop = 1;
	verdict_redundant();
}

int blocking_wait(struct thread *self, enum op op, int fd, uint64_t deadline_ns, bool may_wait,
		  const void *pc)
{
	struct blocking *blocking = self->blocking;
	bool loose = session.reducing && blocking->is_loose && !blocking->retries;
	enum turn turn = blocking->retries ? TURN_USED : TURN_READY;
	int error;

	if (session.spins)
		spin_break(self);
	if (may_wait)
		timeout_note(deadline_ns, pc);
	interrupts_look(self, pc);
	interrupt_before(self, pc);
	/* A handler may wait for something else meanwhile, so it begins anew: blocking_enter(). */
	interrupt_point_begin(self, INTERRUPT_FAILS);
	self->deadline_ns = deadline_ns;
	self->timed_out = false;
	if (loose)
		error = wait_loosely(self, op, fd, may_wait, pc);
	else
		error = turn_take(self, op, fd, may_wait ? turn : TURN_LOOKS, pc);
	interrupt_point_end(self);
	self->deadline_ns = DEADLINE_NONE;
	self->timed_out = false;
	for (uint32_t i = 0; i < blocking->look_count && !error; i++)
		races_take(self, blocking->looks[i].channel);
	return error;
}

/* ---- calls on one descriptor */

bool blocking_never(int fd)
{
	return sys_call2(SYS_fcntl, fd, F_GETFL) & O_NONBLOCK;
}

/* SO_RCVTIMEO, SO_SNDTIMEO */
static uint64_t deadline_of(int fd, short events, const struct source *source)
{
	static struct timeval limit;
	static socklen_t bytes;
	uint64_t limit_ns;

	bytes = sizeof(limit);
	if ((source->kind != CHANNEL_SOCKET && source->kind != CHANNEL_PAIR) ||
	    sys_call5(SYS_getsockopt, fd, SOL_SOCKET, events & POLLOUT ? SO_SNDTIMEO : SO_RCVTIMEO,
		      &limit, &bytes))
		return DEADLINE_NONE;
	limit_ns = (uint64_t)limit.tv_sec * SECOND_NS + (uint64_t)limit.tv_usec * 1000;
	return limit_ns ? execution.now_ns + limit_ns : DEADLINE_NONE;
}

/* A handler of a signal may interrupt a thread that has announced something: in the middle of the
 * harness's own work it is no thread's step. */
static bool is_in_program(const struct thread *self)
{
	return self && self->phase == PHASE_RUNNING;
}

int blocking_enter(struct thread *self, enum op op, int fd, short events, bool never_waits,
		   const void *pc)
{
	const struct source *source = is_in_program(self) ? files_source(fd) : 0;
	uint64_t deadline_ns;
	bool may_wait;
	int error;

	if (is_in_program(self))
		interrupt_call(self, pc);
	if (fd >= FILES_MAX)
		note_uncontrolled("a descriptor above 65535", pc);
	/* What goes outside by what was there before is nobody's event. */
	if (!source || (source->kind == CHANNEL_OTHER && op != OP_RECEIVE))
		return 0;
	may_wait = !never_waits && !blocking_never(fd);
	deadline_ns = may_wait ? deadline_of(fd, events, source) : DEADLINE_NONE;
	do {
		blocking_begin(self);
		blocking_want(self, fd, events);
		error = blocking_wait(self, op, fd, deadline_ns, may_wait, pc);
	} while (error == EINTR && self->interrupted && self->restarts);
	return error == ETIMEDOUT ? EAGAIN : error;
}

void blocking_leave(struct thread *self, enum op op, int fd, long result)
{
	struct source *source = self ? files_source(fd) : 0;

	if (!source || (source->kind == CHANNEL_OTHER && op != OP_RECEIVE))
		return;
	if (!is_in_program(self)) {
		execution.files_changed = true;
		return;
	}
	record_value((uint64_t)result);
	files_used(source);
	if (op != OP_RECEIVE)
		races_give_more(self, files_channel(source));
}
