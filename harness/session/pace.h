/* pace.h - virtual time that passes while threads run.
 *
 * In `run` and in a random search each event takes some time: an operation on an object, of which
 * the C library and the kernel have work, about a microsecond, and an access to memory a 64th of
 * that. So a timed wait times out, and a sleep ends, while others go on, in the order of their
 * deadlines: an interpreter whose threads take turns of 5 ms has them take turns. How long it is
 * exactly is a matter of the seed. In an exhaustive search, where any thread may be delayed by
 * anything, an event takes no time (session/timeouts.h).
 *
 * A replay counts the same events, so that its clock shows the same.
 */
#ifndef HEDDLE_SESSION_PACE_H
#define HEDDLE_SESSION_PACE_H

#include "session/session.h"

/* Time passes from now on, or it does not. */
void pace_begin(bool passes);

/* True when somebody's deadline has passed, or may have. */
static inline bool pace_is_due(void)
{
	return __builtin_expect(execution.now_ns >= execution.look_ns, 0);
}

/* The running thread carries out `op`. */
static inline void pace_event(enum op op)
{
	execution.now_ns += op_is_access(op) ? session.access_ns : session.operation_ns;
}

/* It has yielded: who only waits for time to pass must not have to do so for millions of times. */
void pace_yielded(void);

/* `thread` has announced what it waits for until its deadline. */
void pace_announced(const struct thread *thread);

/* Somebody is about to be chosen: lets those time out whose deadline has passed. */
void pace_look(void);

/* Nobody works until then; no effect where that is past. */
void pace_sleep(uint64_t until_ns);

/* Nobody can go: the clock jumps to the first deadline. False when there is none, or what comes
 * then is part of another execution: timeout_is_elsewhere(). */
bool pace_jump(void);

/* In the trace that is being repeated `thread` goes next, and if it waits it has timed out. */
void pace_replay(struct thread *thread);

#endif
