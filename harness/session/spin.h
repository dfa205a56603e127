/* spin.h - loops that only read and wait, in an exhaustive search.
 *
 * `while (!flag) ;` would be an execution without an end. A turn of such a loop that finds what the
 * turn before has found changes nothing, so the thread is not asked to take it: after a turn in
 * vain it can go on only once something that the turn has read is different (model/guard.h). It
 * costs as many events as there are changes that it sees.
 *
 * Whether a loop is of this kind is found out by trying it, not from its code: spin.c.
 */
#ifndef HEDDLE_SESSION_SPIN_H
#define HEDDLE_SESSION_SPIN_H

#include "session/session.h"

/* `self` is about to announce `op`: an access, a try-operation, or the lock or unlock of a mutex.
 * True where it is in a turn that is only being tried: the operation is to be done without being
 * announced, and in the case of a lock, an unlock or a try-operation not done at all (a try fails).
 * False: to be announced. Then `self->guards` may hold what it waits for. Does nothing but where
 * the search is exhaustive. May return a second time, false, after having returned true: then the
 * turns that were tried have not taken place. */
bool spin_is_silent(struct thread *self, enum op op, const void *object, size_t bytes,
		    const void *pc);

enum spin_way {
	SPIN_EVENT,   /* announce it */
	SPIN_PRIVATE, /* nobody else can see it */
	SPIN_SILENT,  /* spin_is_silent() */
};

/* The same for an access to memory, of which it also finds out who else can reach it. One that is
 * private is announced all the same where the thread seems to wait for a change of it. */
enum spin_way spin_access(struct thread *self, enum op op, const void *address, size_t bytes,
			  const void *pc);

/* True while turns are being tried. */
bool spin_is_trying(void);

/* True for the operations on objects that a waiting loop may consist of. */
bool spin_may_consist_of(enum op op);

/* `self` is now to carry out `op`: an access that is no mere write, a try-operation, or the lock or
 * unlock of a mutex. Remembers that, and forgets what was before where a try is going to succeed.
 */
void spin_add(struct thread *self, enum op op, const void *object, size_t bytes, const void *pc);

/* `self` does something that a loop which only waits does not: whatever it waits for, it has got
 * on. Does not return where turns are being tried. */
void spin_break(struct thread *self);

/* True while none of the guards of `thread` is open. */
bool spin_is_held(const struct thread *thread);

/* An execution begins. */
void spin_begin(void);

/* REQUEST_SPIN, on the carrier. */
void spin_on_carrier(void);

void spin_init(void);

#endif
