/* channel.h - what stands for a thing of the kernel's by which threads wait for each other: a pipe,
 * a pair of sockets, a counter of events.
 *
 * The kernel has the thing itself; this is what is known of it: whether its ends can be read and
 * written, and how often it was used. It is one word, so that operations on it are like accesses to
 * memory, and a thread that waits has guards on parts of it (model/guard.h).
 */
#ifndef HEDDLE_MODEL_CHANNEL_H
#define HEDDLE_MODEL_CHANNEL_H

#include "model/guard.h"

#include <stdint.h>

#define CHANNEL_ENDS 2u

enum channel_way { CHANNEL_IN, CHANNEL_OUT };

struct channel {
	/* Not 0: to read from, or write to, that end would not wait. */
	uint8_t ready[CHANNEL_ENDS][2]; /* by enum channel_way */
	uint32_t uses;			/* operations that may have changed anything */
};

/* X(enumerator, word) */
#define CHANNEL_KINDS(X)                                                                           \
	X(CHANNEL_OTHER, "from outside")                                                           \
	X(CHANNEL_PIPE, "pipe")                                                                    \
	X(CHANNEL_PAIR, "socket pair")                                                             \
	X(CHANNEL_COUNTER, "eventfd")                                                              \
	X(CHANNEL_TIMER, "timerfd")                                                                \
	X(CHANNEL_EPOLL, "epoll")                                                                  \
	X(CHANNEL_SOCKET, "socket")                                                                \
	X(CHANNEL_FIFO, "fifo")                                                                    \
	X(CHANNEL_LOCKS, "file lock")                                                              \
	X(CHANNEL_CHILDREN, "child process")

enum channel_kind {
#define X(name, word) name,
	CHANNEL_KINDS(X)
#undef X
		CHANNEL_KINDS_COUNT
};

/* What stands for the size of an operation on a channel: its kind, and the descriptor, if any (or
 * a negative number). */
static inline uint32_t channel_size(enum channel_kind kind, int fd)
{
	return (uint32_t)kind << 24 | ((uint32_t)(fd + 1) & 0xffffff);
}

static inline enum channel_kind channel_kind_of(uint32_t size)
{
	return (enum channel_kind)(size >> 24);
}

static inline int channel_fd_of(uint32_t size)
{
	return (int)(size & 0xffffff) - 1;
}

#define CHANNEL_BYTES ((uint32_t)sizeof(struct channel))

_Static_assert(sizeof(struct channel) == 8, "values of events are as large as this");

/* Until that end can be read or written. */
static inline struct guard channel_guard_ready(const struct channel *channel, unsigned end,
					       enum channel_way way)
{
	return (struct guard){.object = &channel->ready[end][way], .op = OP_READ, .bytes = 1};
}

/* Until anything has been done to it since it was used so often. */
static inline struct guard channel_guard_used(const struct channel *channel, uint32_t uses)
{
	return (struct guard){.object = &channel->uses,
			      .op = OP_READ,
			      .bytes = sizeof(channel->uses),
			      .value = uses};
}

/* Never in the way: the operation only looks there. */
static inline struct guard channel_guard_none(const struct channel *channel)
{
	return (struct guard){
		.object = &channel->ready[0][0], .op = OP_READ, .bytes = 1, .value = UINT8_MAX};
}

#endif
