/* step.h - one scheduling step: announce, choose, apply. */
#ifndef HEDDLE_SESSION_STEP_H
#define HEDDLE_SESSION_STEP_H

#include "session/session.h"

/* Announces `op` on `object` and returns when the thread has been chosen and may carry it out.
 * `now` says whether it could go at once. For OP_WAKE the caller has filled in `mutex` and
 * `wait_number`. */
void step_point(struct thread *self, enum op op, void *object, uint32_t size, const void *pc,
		bool now);

/* A point before an operation on an object that is possible `now`, or not. One that only a single
 * thread can reach is no point in an exhaustive search, unless it has to wait: whoever ends that is
 * another thread. */
void step_object(struct thread *self, enum op op, void *object, const void *pc, bool now);

/* The same for a try-operation that waits, but no longer than to `deadline_ns` of virtual time; or,
 * where that is DEADLINE_NONE, one that waits anyway. Whether it has passed the caller sees in the
 * object. */
void step_object_until(struct thread *self, enum op op, void *object, uint64_t deadline_ns,
		       const void *pc, bool now);

/* Something was sent to `thread`: looks again whether it can go. */
void step_interrupted(struct thread *thread);

/* The deadline of what `thread` has announced has passed. */
void step_timed_out(struct thread *thread);

/* A point where others are to be preferred. */
void step_yield(struct thread *self, const void *pc);

/* Sleeps until the virtual clock shows `deadline_ns`; in a search, where any order is possible, a
 * mere yield. */
void step_sleep(struct thread *self, uint64_t deadline_ns, const void *pc);

/* Something about `object` has changed: looks again at who is enabled of those that announced an
 * operation on it. */
void step_changed(const void *object);

/* True for a thread that has announced what could be carried out now. */
bool step_is_enabled(const struct thread *thread);

/* `thread` has announced an operation that is on other objects now instead. */
void step_move(struct thread *thread, void *object, void *mutex);

/* A new thread comes into play: as a choice, or to run until it announces. */
void step_start(struct thread *thread);

/* The first thing that a new thread does. */
void step_started(struct thread *self);

/* Waits for the end of the thread that `self` joins. */
void step_join(struct thread *self, const void *pc);

/* `self` does not get on in this execution. */
void step_park(struct thread *self) __attribute__((noreturn));

/* `thread` has to run until it announces: it is new, or what it waited for has happened. */
void step_ready(struct thread *thread);

/* True where the process is ending and the thread that ends it can go on: then nobody else does. */
bool step_exit_goes_on(void);

/* Gives the carrier to whoever is next. Returns when `self` is the one again: never, when it has
 * ended. */
void step_reschedule(struct thread *self);

/* True where an operation on `object` by `self` has to be a scheduling point: in an exhaustive
 * search only objects that more than one thread can reach are. */
bool step_is_visible(struct thread *self, const void *object);

#endif
