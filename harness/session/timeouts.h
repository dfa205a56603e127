/* timeouts.h - when waits end that nobody ends: by their deadline, or by nothing.
 *
 * In `run` a deadline passes when the events since have taken as long (session/pace.h), or when all
 * wait. In a search any thread may be delayed by anything, so there is no moment at which a
 * deadline may not have passed, and an exhaustive one tries all that this can lead to. POSIX also
 * lets a wait on a condition variable end without a signal or a deadline: a spurious wakeup.
 *
 * Where a wait times out the clock shows at least the deadline from then on. In an exhaustive
 * search what others do meanwhile takes no time: it decides about orders, and clocks follow. In a
 * random one waits end by the time that passes as well.
 */
#ifndef HEDDLE_SESSION_TIMEOUTS_H
#define HEDDLE_SESSION_TIMEOUTS_H

#include "session/session.h"
#include "trace/way.h"

/* `self` is about to announce a try-operation that may wait, but no longer than to `deadline_ns`;
 * it could be carried out `now`, or not. In an exhaustive search such a wait does not have to be
 * waited for: it succeeds or fails by what its object is like at its turn, which may come at any
 * time. */
void timeout_begin(struct thread *self, uint64_t deadline_ns, bool now);

/* The operation on `object` has to fail. Returns ETIMEDOUT; not at all where the thread has timed
 * out as often as the search allows: it waits, and others go on. */
int timeout_fail(struct thread *self, const void *object, uint64_t deadline_ns);

/* `self` is about to announce a wait on a condition variable: if it can end in more than one way,
 * the search starts each execution here at the latest. */
void timeout_prepare(bool is_visible);

/* The wait is on what nobody else has been seen to reach, so it times out and is no event. True
 * where it is to be one all the same: the thread may be in a loop that only others can end. */
bool timeout_lets_others(struct thread *self, uint64_t deadline_ns);

/* The wait has been announced, and begins: the way in which it is to end. In an exhaustive search
 * each is tried. Other than WAY_SIGNAL: no signal is for it. */
enum wait_way timeout_way(struct thread *self, uint64_t deadline_ns, bool is_visible);

/* The wait has begun, and is to end in that way, which is not WAY_SIGNAL, by a lock of `mutex`.
 * Does not return where the thread has timed out as often as the search allows. */
void timeout_leave(struct thread *self, enum wait_way way, void *mutex, const void *pc);

/* It is over: the clock shows at least `deadline_ns`. */
void timeout_passed(uint64_t deadline_ns);

/* In an exhaustive search, a wait in the kernel that is announced next times out only when nobody
 * else can go: says so. */
void timeout_note(uint64_t deadline_ns, const void *pc);

/* In this execution a thread has timed out as often as the search allows. */
bool timeout_has_parked(void);

/* Nobody can go on, but for the passing of time, and what comes then is part of another execution
 * of the search. */
bool timeout_is_elsewhere(void);

#endif
